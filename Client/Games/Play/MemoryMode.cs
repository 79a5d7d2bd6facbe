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
        Invocation invocation, OffloadingGame game, OffloadingOptions options, DynamicsFlags dynamics)
    {
        if (dynamics.AreGiven(invocation))
        {
            var asked = dynamics.Read(invocation, game.PlayerCount);
            return new(ResponseDynamics.Run(game, asked), asked.TraceEvery, dynamics.Describe(invocation), []);
        }
        return options.Users <= MostInProtocol
            ? new(OffloadingProtocol.Run(game, invocation.Seed), 1, "one winner per slot", [])
            : new(OffloadingSweeps.Run(game), 1, "best response, sweeps", []);
    }
}
