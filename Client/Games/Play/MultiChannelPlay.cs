using System.CommandLine;
using OrleansEdge.Client.CommandLine;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Computation offloading over several channels (Chen et al., IEEE/ACM ToN 24(5), 2016).</summary>
internal sealed class MultiChannelPlay : IPlayableGame
{
    private readonly OffloadingFlags _offloading = new(mostChannels: 100_000);
    private readonly CheckedOption<string> _mode = Options.Choice(
        "--mode", "Where the players live.", IOffloadingMode.All[0].Name,
        [.. IOffloadingMode.All.Select(mode => mode.Name)]);
    private readonly Option<bool> _optimum = Options.Switch(
        "--optimum", "Also the least total overhead, for a few users.");
    private readonly GameFileFlags _instance = new();
    private readonly DynamicsFlags _dynamics = new();

    public int Order => 50;

    public string Name => "multi-channel";

    public string Description =>
        "Users compute locally or send their task to the cloud over one of several channels (Chen et al. 2016).";

    public IEnumerable<Option> Flags => [.. _offloading.All, _mode, .. _instance.All, _optimum, .. _dynamics.All];

    public GameOutcome Play(Invocation invocation)
    {
        var mode = IOffloadingMode.All.Single(mode => mode.Name == invocation.Value(_mode));
        return OffloadingPlay.Outcome(
            invocation, _offloading, _instance, mode, _dynamics, invocation.Value(_optimum));
    }
}
