using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Simulation.Offloading;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Every player is a grain on a device of its own, in the virtual-time cluster: the papers' message protocol.</summary>
internal sealed class FaithfulMode : IOffloadingMode
{
    public string Name => "faithful";

    public OffloadingRun Solve(
        Invocation invocation, OffloadingGame game, OffloadingOptions options, DynamicsFlags dynamics) =>
        GrainGame.Play(invocation, game, options, dynamics, new OffloadingJob { Mode = OffloadingMode.Faithful });
}

/// <summary>Group grains own a thousand players each and take turns; the edge site owns the loads.</summary>
internal sealed class ScaledMode : IOffloadingMode
{
    private const int PlayersOfGroup = 1_000;

    public string Name => "scaled";

    public OffloadingRun Solve(
        Invocation invocation, OffloadingGame game, OffloadingOptions options, DynamicsFlags dynamics) =>
        GrainGame.Play(invocation, game, options, dynamics, new OffloadingJob
        {
            Mode = OffloadingMode.Scaled,
            Groups = (options.Users + PlayersOfGroup - 1) / PlayersOfGroup,
        });
}

/// <summary>What both modes with grains share.</summary>
internal static class GrainGame
{
    /// <summary>Plays the job with the cell's users and leaves the game on the players' own profile.</summary>
    public static OffloadingRun Play(
        Invocation invocation, OffloadingGame game, OffloadingOptions options, DynamicsFlags dynamics, OffloadingJob mode)
    {
        if (dynamics.All.FirstOrDefault(invocation.IsGiven) is { } given)
        {
            throw OrleansEdgeException.Usage(
                $"{given.Name} is given with --mode {mode.Mode.ToString().ToLowerInvariant()}; expected --mode memory");
        }
        var job = mode with { Cell = OffloadingCell.Of(options), Seed = invocation.Seed };
        var start = game.Potential;
        var result = new SimulatedOffloading().Run(job, new OffloadingFleet(), stop: invocation.Stop);
        game.Reset(result.Profile);
        var certificate = result.Certificate with { PotentialStart = start, PotentialEnd = game.Potential };
        return new OffloadingRun(
            new DynamicsResult
            {
                Certificate = certificate,
                Profile = result.Profile,
                Trace = [],
                Requests = result.Status.Requests,
                Bound = game.StepBound(0),
            },
            TraceEvery: 1,
            job.Mode == OffloadingMode.Faithful ? "one winner per slot, players as grains" : "sweeps, groups as grains",
            [
                new("grains", "grains of players", job.Members),
                new("grainMessages", "messages between grains, replies included", result.Messages),
                new("networkBytes", "bytes between nodes", result.NetworkBytes),
                new("virtualSeconds", "time in the cluster, s", result.VirtualSeconds),
                new("clusterTraceHash", "trace of the cluster", result.TraceHash.ToString("x16", CultureInfo.InvariantCulture)),
            ]);
    }
}
