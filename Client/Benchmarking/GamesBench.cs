using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Core.Data.Tntp;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;
using OrleansEdge.Core.Games.Nonatomic;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Client.Benchmarking;

/// <summary>One case of <see cref="GamesBench"/>, on one thread.</summary>
/// <param name="Players">Players, or pairs of an origin and a destination.</param>
/// <param name="Resources">Resources, channels or links.</param>
/// <param name="SecondsP50">Median time of the solver, certificate included, without drawing the instance.</param>
/// <param name="SecondsP99">99th percentile; the slowest of few runs.</param>
/// <param name="GoalSeconds">What it may take; null for no goal.</param>
/// <param name="BestResponsesPerSecond">Players times sweeps over the median; null where there are no sweeps.</param>
/// <param name="MaxRegret">The largest regret, or the relative gap of a traffic assignment.</param>
public sealed record GameBenchCase(
    string Name, int Players, int Resources, int Runs, double SecondsP50, double SecondsP99, double? GoalSeconds,
    double? BestResponsesPerSecond, long Steps, double MaxRegret, bool IsEquilibrium)
{
    /// <summary>The median is within the goal and the result is certified; null for no goal.</summary>
    public bool? MeetsGoal => GoalSeconds is null ? null : IsEquilibrium && SecondsP50 <= GoalSeconds;
}

/// <summary>What <see cref="GamesBench"/> measured.</summary>
/// <param name="Threads">Threads that solve.</param>
/// <param name="PeakMebibytes">Peak working set of the process, the instances included.</param>
public sealed record GamesBenchResult(int Threads, double PeakMebibytes, IReadOnlyList<GameBenchCase> Cases);

/// <summary>Solves large games over and over, each from the same start.</summary>
/// <param name="scale">Players of the large games; a million for the goals.</param>
/// <param name="runs">Measured runs of each case, after one that is not measured.</param>
/// <param name="networkFolder">
/// Where SiouxFalls_net.tntp and SiouxFalls_trips.tntp lie; null leaves the case out.
/// </param>
public sealed class GamesBench(int scale, int runs, string? networkFolder, TimeProvider clock, ulong seed)
{
    private const int FullScale = 1_000_000;

    /// <summary>Runs all cases, or those that were done when it was stopped.</summary>
    /// <param name="progress">Is told how far it is.</param>
    public GamesBenchResult Run(Action<SolverProgress>? progress = null, CancellationToken stop = default)
    {
        var cases = new ConcurrentQueue<GameBenchCase>();
        Func<GameBenchCase?>[] measures =
            [Symmetric, Restricted, PlayerSpecific, MultiChannel, SiouxFalls, Grid, FullGrid];
        Stoppable.Run(
            () =>
            {
                foreach (var (i, measure) in measures.Index().TakeWhile(_ => !stop.IsCancellationRequested))
                {
                    progress?.Invoke(new SolverProgress((double)i / measures.Length, $"{cases.Count} games measured"));
                    if (measure() is { } measured)
                    {
                        cases.Enqueue(measured);
                    }
                }
                return cases;
            },
            stop);
        using var process = Process.GetCurrentProcess();
        return new GamesBenchResult(1, process.PeakWorkingSet64 / (1024.0 * 1024.0), [.. cases]);
    }

    private GameBenchCase Symmetric()
    {
        var costs = AffineCosts(1_000);
        return Measure("singleton, symmetric", scale, costs.Length, 0.02, sweeps: null,
            () => 0, _ => SymmetricSingletonSolver.Solve(costs, scale).Certificate);
    }

    private GameBenchCase Restricted()
    {
        const int Allowed = 8;
        var costs = AffineCosts(1_000);
        var (offsets, sets) = (new int[scale + 1], new int[scale * Allowed]);
        for (var player = 0; player < scale; player++)
        {
            var random = new RandomStream(seed, "bench-games.allowed", (ulong)player);
            // A random start and an odd stride give eight different resources.
            var (first, stride) = (random.NextInt(costs.Length), 1 + (2 * random.NextInt(50)));
            for (var i = 0; i < Allowed; i++)
            {
                sets[(player * Allowed) + i] = (first + (i * stride)) % costs.Length;
            }
            offsets[player + 1] = (player + 1) * Allowed;
        }
        return Measure("singleton, 8 allowed", scale, costs.Length, 1, certificate => certificate.Slots,
            () => new SingletonGame(costs, offsets, sets), game => SingletonSolver.Solve(game));
    }

    private GameBenchCase PlayerSpecific()
    {
        const int Resources = 16;
        var (slopes, offsets) = (new float[scale * Resources], new float[scale * Resources]);
        for (var player = 0; player < scale; player++)
        {
            var random = new RandomStream(seed, "bench-games.costs", (ulong)player);
            for (var i = player * Resources; i < (player + 1) * Resources; i++)
            {
                slopes[i] = 0.5f + (float)random.NextDouble();
                offsets[i] = scale / Resources * (float)random.NextDouble();
            }
        }
        var costs = new AffinePlayerSpecificCosts(slopes, offsets, Resources);
        return Measure("singleton, player-specific", scale, Resources, 5, certificate => certificate.Slots,
            () => 0, _ => PlayerSpecificSolver.Solve(costs, seed: seed).Certificate);
    }

    private GameBenchCase MultiChannel()
    {
        var game = OffloadingGame.Draw(new OffloadingOptions { Users = scale, Channels = 100 }, seed);
        var local = OffloadingBaselines.AllLocal(game);
        return Measure("multi-channel", scale, game.Channels, 1, certificate => certificate.Slots, () =>
        {
            game.Reset(local);
            return game;
        }, start => OffloadingSweeps.Run(start).Certificate);
    }

    private GameBenchCase? SiouxFalls()
    {
        if (networkFolder is null)
        {
            return null;
        }
        var roads = TntpNetworkReader.Read(Path.Combine(networkFolder, "SiouxFalls_net.tntp"));
        var demand = TntpTripsReader.Read(Path.Combine(networkFolder, "SiouxFalls_trips.tntp"), roads).Demand;
        return Assign("SiouxFalls to 1e-12", roads.Network, demand, 528, 0.2);
    }

    private GameBenchCase Grid()
    {
        var options = scale < FullScale
            ? new GridNetwork { Columns = 8, Rows = 8, Zones = 10, Seed = seed }
            : new GridNetwork { Seed = seed };
        var pairs = options.Zones * (options.Zones - 1);
        return Assign("grid of streets to 1e-12", options.Build(), options.Demand(), pairs, 10);
    }

    /// <summary>3,024 links at three times their capacity on average.</summary>
    private GameBenchCase FullGrid()
    {
        var options = scale < FullScale
            ? new GridNetwork { Columns = 8, Rows = 8, Zones = 10, MeanTrips = 500, Seed = seed }
            : new GridNetwork { Columns = 28, Rows = 28, MeanTrips = 50, Seed = seed };
        var pairs = options.Zones * (options.Zones - 1);
        return Assign("streets over capacity to 1e-12", options.Build(), options.Demand(), pairs, 10);
    }

    private GameBenchCase Assign(string name, TrafficNetwork network, TravelDemand demand, int pairs, double goal) =>
        Measure(name, pairs, network.Links.Count, goal, sweeps: null, () => 0, _ =>
        {
            var flows = TrafficAssignment.Solve(network, demand, new AssignmentOptions());
            return new EquilibriumCertificate
            {
                PlayerCount = pairs,
                MaxRegret = flows.Wardrop.RelativeGap,
                MeanRegret = flows.Wardrop.RelativeGap,
                PositiveRegretCount = 0,
                Tolerance = flows.Wardrop.Tolerance,
                Steps = flows.Iterations,
                StopReason = flows.StopReason,
            };
        });

    private GameBenchCase Measure<TStart>(
        string name, int players, int resources, double goal, Func<EquilibriumCertificate, long>? sweeps,
        Func<TStart> prepare, Func<TStart, EquilibriumCertificate> solve)
    {
        var certificate = solve(prepare());
        var times = new double[runs];
        for (var run = 0; run < runs; run++)
        {
            var start = prepare();
            var before = clock.GetTimestamp();
            certificate = solve(start);
            times[run] = clock.GetElapsedTime(before).TotalSeconds;
        }
        Array.Sort(times);
        var median = BenchTimer.Percentile(times, 0.5);
        return new GameBenchCase(
            name, players, resources, runs, median, times[(int)Math.Ceiling(0.99 * (runs - 1))],
            scale >= FullScale ? goal : null,
            sweeps is null ? null : (double)players * sweeps(certificate) / median,
            certificate.Steps, certificate.MaxRegret, certificate.IsEquilibrium);
    }

    private LoadCost[] AffineCosts(int resources)
    {
        var costs = new LoadCost[resources];
        for (var resource = 0; resource < resources; resource++)
        {
            var random = new RandomStream(seed, "bench-games.resource", (ulong)resource);
            costs[resource] = LoadCost.Affine(0.5 + random.NextDouble(), scale / resources * random.NextDouble());
        }
        return costs;
    }
}
