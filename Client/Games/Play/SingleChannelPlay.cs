using System.CommandLine;
using OrleansEdge.Client.CommandLine;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Computation offloading over one channel (Chen, IEEE TPDS 26(4), 2015).</summary>
internal sealed class SingleChannelPlay : IPlayableGame
{
    private readonly OffloadingFlags _offloading = new(mostChannels: 1);
    private readonly Option<bool> _optimum = Options.Switch(
        "--optimum", "Also the least total overhead, for a few users.");
    private readonly GameFileFlags _instance = new();
    private readonly DynamicsFlags _dynamics = new();

    public int Order => 40;

    public string Name => "single-channel";

    public string Description =>
        "Users compute locally or send their task to the cloud over one channel, where they interfere (Chen 2015).";

    public IEnumerable<Option> Flags => [.. _offloading.All, .. _instance.All, _optimum, .. _dynamics.All];

    public GameOutcome Play(Invocation invocation) => OffloadingPlay.Outcome(
        invocation, _offloading, _instance, new MemoryMode(), _dynamics, invocation.Value(_optimum));
}
