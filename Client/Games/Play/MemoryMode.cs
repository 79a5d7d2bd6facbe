using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// All players in one array: the papers' protocol for up to some thousand players, sweeps of best responses for more,
/// and whatever schedule is asked for.
/// </summary>
internal sealed class MemoryMode : IOffloadingMode
{
    private const int MostInProtocol = 5_000;

    public string Name => "memory";

    public OffloadingRun Solve(
        Invocation invocation, OffloadingGame game, OffloadingOptions? options, DynamicsFlags dynamics,
        Solving solving)
    {
        if (dynamics.AreGiven(invocation))
        {
            var asked = dynamics.Read(invocation, game.PlayerCount);
            return new(
                ResponseDynamics.Run(game, asked, solving.Progress, solving.Stop, solving.GiveUp),
                asked.TraceEvery, dynamics.Describe(invocation), []);
        }
        return game.PlayerCount <= MostInProtocol
            ? new(OffloadingProtocol.Run(game, invocation.Seed, stop: solving.Stop), 1, "one winner per slot", [])
            : new(
                OffloadingSweeps.Run(game, progress: solving.Progress, stop: solving.Stop), 1, "best response, sweeps", []);
    }
}
