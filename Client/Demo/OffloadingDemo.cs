using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Games.Play;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Client.Demo;

/// <summary>Users of a cell decide who offloads over which channel, until nobody wants to change.</summary>
internal sealed class OffloadingDemo : IDemoPart
{
    private const int Users = 100;

    public int Order => 20;

    public string Name => "offloading";

    public Task<object> Run(Invocation invocation, RunFolder folder, ReportBuilder report)
    {
        var options = OffloadingOptions.PowerControlled(Users);
        var outcome = OffloadingPlay.Outcome(
            invocation, options, OffloadingGame.Draw(options, invocation.Seed), new MemoryMode(), new DynamicsFlags(),
            withOptimum: false);
        report.Section(
            "Edge offloading",
            $"{outcome.Setting}. Every user has a task and either computes it or sends it to the cloud over one of the channels, "
            + "where users slow each other down. In each slot everybody who can do better asks to change and one is let; the "
            + "potential falls with every change, so it ends, and then nobody gains by moving alone.");
        PlayReport.AddCharts(report, outcome);
        report.Fact("Offloading equilibrium", outcome.Certificate.IsEquilibrium ? "certified" : "not reached",
            $"{Quantity.Count(outcome.Certificate.Slots)} slots, {Quantity.Count(outcome.Certificate.Messages)} messages");
        if (!invocation.Json)
        {
            if (outcome.Comparison is { } comparison)
            {
                PlayText.Write(invocation.Out, comparison with
                {
                    Title = $"Edge offloading: {outcome.Setting}, equilibrium after {outcome.Certificate.Slots} slots",
                });
            }
            PlayText.WriteWarnings(invocation.Out, outcome);
        }
        var summary = PlaySummary.Of("multi-channel", outcome, invocation.Seed, withProfile: false, folder.Path);
        return Task.FromResult<object>(summary);
    }
}
