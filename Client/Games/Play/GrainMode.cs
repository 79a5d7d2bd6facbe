using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Simulation.Offloading;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// Every player is a grain on a device of its own, in the virtual-time cluster: the papers' message protocol.
/// </summary>
internal sealed class FaithfulMode : IOffloadingMode
{
    public string Name => "faithful";

    public OffloadingRun Solve(
        Invocation invocation, OffloadingGame game, OffloadingOptions? options, DynamicsFlags dynamics,
        Solving solving) => GrainGame.Play(invocation, game, options, dynamics, OffloadingMode.Faithful, solving);
}

/// <summary>Group grains own a thousand players each and take turns; the edge site owns the loads.</summary>
internal sealed class ScaledMode : IOffloadingMode
{
    public string Name => "scaled";

    public OffloadingRun Solve(
        Invocation invocation, OffloadingGame game, OffloadingOptions? options, DynamicsFlags dynamics,
        Solving solving) => GrainGame.Play(invocation, game, options, dynamics, OffloadingMode.Scaled, solving);
}

/// <summary>What both modes with grains share, in the virtual-time cluster and on a real one.</summary>
internal static class GrainGame
{
    private const int PlayersOfGroup = 1_000;
    private const int MostFaithful = 20_000;
    private static readonly TimeSpan TimeToAsk = TimeSpan.FromSeconds(1);

    /// <summary>The cell's game with one edge site.</summary>
    public static OffloadingJob Job(OffloadingOptions options, OffloadingMode mode, ulong seed) => new()
    {
        Mode = mode,
        Cell = OffloadingCell.Of(options),
        Seed = seed,
        Groups = (options.Users + PlayersOfGroup - 1) / PlayersOfGroup,
    };

    /// <summary>Plays with the cell's users in the virtual-time cluster.</summary>
    public static OffloadingRun Play(
        Invocation invocation, OffloadingGame game, OffloadingOptions? options, DynamicsFlags dynamics,
        OffloadingMode mode, Solving solving)
    {
        var name = mode.ToString().ToLowerInvariant();
        if (dynamics.All.FirstOrDefault(invocation.IsGiven) is { } given)
        {
            throw OrleansEdgeException.Usage($"{given.Name} is given with --mode {name}; expected --mode memory");
        }
        if (options is null)
        {
            throw OrleansEdgeException.Usage($"--file is given with --mode {name}; expected --mode memory");
        }
        if (mode == OffloadingMode.Faithful && options.Users > MostFaithful)
        {
            throw OrleansEdgeException.Usage(
                $"--players is {options.Users} with --mode {name}, a grain each; "
                + $"expected at most {MostFaithful}, or --mode scaled");
        }
        var job = Job(options, mode, invocation.Seed);
        OffloadingStatus? last = null;
        SimulatedOffloadingResult Run() => new SimulatedOffloading().Run(
            job, new OffloadingFleet(),
            status =>
            {
                last = status;
                solving.Progress(new SolverProgress(double.NaN, FormattableString.Invariant(
                    $"{status.Updates:#,0} moves, slot {status.Slots:#,0}")));
            },
            solving.Stop);
        var result = Stoppable.Run(Run, solving.Stop, TimeToAsk)
            ?? throw new OrleansEdgeException(ExitCode.NotReached, string.Create(
                CultureInfo.InvariantCulture,
                $"stopped after {last?.Updates ?? 0:#,0} moves, in slot {last?.Slots ?? 0:#,0}: asking {options.Users:#,0} "
                    + $"players where they are takes longer than there is time; --mode memory says it at any time"));
        return Result(game, job, result.Status, result.Certificate, result.Profile,
        [
            new("grainMessages", "messages between grains, replies included", result.Messages),
            new("networkBytes", "bytes between nodes", result.NetworkBytes),
            new("virtualSeconds", "time in the cluster, s", result.VirtualSeconds),
            new("clusterTraceHash", "trace of the cluster", result.TraceHash.ToString("x16", CultureInfo.InvariantCulture)),
        ]);
    }

    /// <summary>A game that grains have played; leaves <paramref name="game"/> on the players' own profile.</summary>
    /// <param name="figures">What the cluster measures.</param>
    public static OffloadingRun Result(
        OffloadingGame game, OffloadingJob job, OffloadingStatus status, EquilibriumCertificate certificate,
        int[] profile, IEnumerable<GameFigure> figures)
    {
        var start = game.Potential;
        game.Reset(profile);
        return new OffloadingRun(
            new DynamicsResult
            {
                Certificate = certificate with { PotentialStart = start, PotentialEnd = game.Potential },
                Profile = profile,
                Trace = [],
                Requests = status.Requests,
                Bound = game.StepBound(0),
            },
            TraceEvery: 1,
            job.Mode == OffloadingMode.Faithful ? "one winner per slot, players as grains" : "sweeps, groups as grains",
            [new("grains", "grains of players", job.Members), .. figures]);
    }
}
