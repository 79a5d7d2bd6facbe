using System.Globalization;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Silo.Ports;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Cluster.Failures;

/// <summary>What becomes of offloading games when a silo process ends, well or badly, in the middle of them.</summary>
public sealed class GameFailureTests(ITestOutputHelper output)
{
    private static readonly OffloadingJob Faithful = new()
    {
        Name = "faithful",
        Cell = OffloadingCell.Of(new OffloadingOptions { Users = 100, Channels = 6, InputBits = 2.5e6 }),
        Sites = 3,
        SiteNames = ["north", "south", "east"],
        SlotSeconds = 0.03,
        Seed = 5,
    };

    private static readonly OffloadingJob Scaled = Faithful with
    {
        Name = "scaled",
        Mode = OffloadingMode.Scaled,
        Cell = OffloadingCell.Of(new OffloadingOptions { Users = 4_000, Channels = 40, InputBits = 2.5e6 }),
        Groups = 40,
    };

    /// <summary>
    /// Each silo holds an edge site and a third of the players; one of them holds the coordinator too.
    /// </summary>
    [Fact]
    public async Task Games_end_in_certified_equilibria_whatever_becomes_of_a_silo()
    {
        await using var cluster = await ThreeProcesses.Start();
        foreach (var silo in cluster.Silos)
        {
            await Disturb(cluster, $"{silo.Site} killed", silo.Kill);
            await silo.Start();
        }
        await Disturb(cluster, "south told to stop", cluster.Silos[1].Terminate);
        await cluster.Silos[1].Start();
        await Disturb(cluster, "east hung", cluster.Silos[2].Pause);
    }

    /// <summary>Plays two games at once, and does something to the cluster when both are well under way.</summary>
    private async Task Disturb(ThreeProcesses cluster, string what, Func<Task> trouble)
    {
        OffloadingJob[] jobs = [Faithful with { Name = $"faithful, {what}" }, Scaled with { Name = $"scaled, {what}" }];
        var runs =
            jobs.Select(job => new GameRun(new OrleansGrains(cluster.Grains), job, TimeProvider.System)).ToArray();
        await Task.WhenAll(runs.Zip(jobs, (run, job) => run.Coordinator.Start(job)));
        await Task.WhenAll(runs.Select(run => run.Until(status => status.Slots >= 20)));
        var start = Silence.Now;
        await trouble();
        foreach (var (run, job) in runs.Zip(jobs))
        {
            var end = await run.ToItsEnd();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{job.Name}: {end.ExitReason} after {end.Slots} slots, {end.Updates} updates, {end.Evictions} " +
                $"evictions, {end.SiteOpenings} openings of sites, {end.Retries} retries, {Silence.Now - start:F1} s " +
                $"after the trouble, {end.Seconds:F1} s in all; sites closed at the end: {end.ClosedSites.Length}"));
            Assert.Equal("equilibrium", end.ExitReason);
            Assert.True((await run.Judge(end)).Certificate is { IsEquilibrium: true, MaxRegret: 0 });
            Assert.True(end.SiteOpenings > job.Sites || end.ClosedSites.Length > 0, "the game has not noticed");
        }
    }
}
