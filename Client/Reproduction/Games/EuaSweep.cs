using OrleansEdge.Core.Offloading.Allocation;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>What a way of allocating achieves on average.</summary>
internal sealed record EuaMeans(double AllocatedUsers, double SystemCost, double ServersUsed)
{
    public static EuaMeans Of(IReadOnlyCollection<AllocationOutcome> outcomes) => new(
        outcomes.Average(outcome => outcome.AllocatedUsers), outcomes.Average(outcome => outcome.SystemCost),
        outcomes.Average(outcome => outcome.ServersUsed));
}

/// <summary>Means over the runs at one point of a set.</summary>
internal sealed record EuaRow
{
    public required string Set { get; init; }

    public required int Users { get; init; }

    public required int Servers { get; init; }

    public required int Capacity { get; init; }

    public required EuaMeans Game { get; init; }

    public required EuaMeans Greedy { get; init; }

    public required EuaMeans Random { get; init; }

    /// <summary>Null for large sets.</summary>
    public required EuaMeans? Optimal { get; init; }

    /// <summary>Share of the runs whose optimum is proven; the others have the best that the search found.</summary>
    public required double ProvenShare { get; init; }

    /// <summary>Slots of the game with a winner.</summary>
    public required double Iterations { get; init; }

    /// <summary>Read off the paper's chart; null where there is none.</summary>
    public required double? PaperIterations { get; init; }

    /// <summary>Read off the paper's chart; null where there is none.</summary>
    public required double? PaperAllocatedShare { get; init; }

    public required int Runs { get; init; }

    public required int Uncertified { get; init; }
}

/// <summary>Plays the allocation game at every point of every set.</summary>
internal static class EuaSweep
{
    /// <summary>A small instance's search ends after so many nodes without a proof.</summary>
    private const long MostNodes = 200_000;

    /// <summary>Small instances take a moment; they have more runs.</summary>
    private const int SmallFactor = 10;

    public static EuaRow[] Run(GameScale scale, EuaWorld world)
    {
        var points = EuaSet.All
            .SelectMany(set => Enumerable.Range(0, set.Settings.Count).Select(point => (set, point)))
            .Where(entry => entry.set.Settings[entry.point].Users <= scale.Size).ToArray();
        var jobs = points.SelectMany(
            (entry, p) => Enumerable.Range(0, RunsOf(entry.set, scale)).Select(run => (p, run))).ToArray();
        // The largest first, so that no core is left with one of them in the end.
        var order = jobs.OrderByDescending(job => points[job.p].set.Settings[points[job.p].point].Users).ToArray();
        var trials = scale.ForEach(order.Length, i =>
            Play(world, points[order[i].p].set, points[order[i].p].point, scale.Seed + (ulong)order[i].run));
        return
        [
            .. points.Select((entry, p) => Row(entry.set, entry.point, [.. trials.Where((_, i) => order[i].p == p)])),
        ];
    }

    private static int RunsOf(EuaSet set, GameScale scale) => set.IsSmall ? SmallFactor * scale.Runs : scale.Runs;

    private static Trial Play(EuaWorld world, EuaSet set, int point, ulong seed)
    {
        var problem = world.Draw(set, point, seed);
        var game = new AllocationGame(problem, AllocationGoal.SystemCost);
        var certificate = AllocationProtocol.Run(game, seed).Certificate;
        int[][] found =
        [
            game.State.Servers.ToArray(), AllocationBaselines.Greedy(problem, seed),
            AllocationBaselines.Random(problem, seed),
        ];
        var outcomes = Array.ConvertAll(found, servers => AllocationOutcome.Of(new AllocationState(problem, servers)));
        var best = Enumerable.Range(0, found.Length)
            .OrderByDescending(way => outcomes[way].AllocatedUsers).ThenBy(way => outcomes[way].SystemCost).First();
        var optimum = set.IsSmall ? AllocationExactSearch.Solve(problem, found[best], MostNodes) : null;
        return new Trial(
            outcomes[0], outcomes[1], outcomes[2], optimum?.Outcome, optimum?.IsProven ?? false, certificate.Steps,
            certificate.IsEquilibrium);
    }

    private static EuaRow Row(EuaSet set, int point, Trial[] trials) => new()
    {
        Set = set.Name,
        Users = set.Settings[point].Users,
        Servers = set.Settings[point].Servers,
        Capacity = set.Settings[point].Capacity,
        Game = EuaMeans.Of([.. trials.Select(trial => trial.Game)]),
        Greedy = EuaMeans.Of([.. trials.Select(trial => trial.Greedy)]),
        Random = EuaMeans.Of([.. trials.Select(trial => trial.Random)]),
        Optimal = set.IsSmall ? EuaMeans.Of([.. trials.Select(trial => trial.Optimal!)]) : null,
        ProvenShare = trials.Average(trial => trial.IsProven ? 1.0 : 0),
        Iterations = trials.Average(trial => trial.Iterations),
        PaperIterations = set.PaperIterations?[point],
        PaperAllocatedShare = set.PaperAllocated?[point],
        Runs = trials.Length,
        Uncertified = trials.Count(trial => !trial.IsCertified),
    };

    private sealed record Trial(
        AllocationOutcome Game, AllocationOutcome Greedy, AllocationOutcome Random, AllocationOutcome? Optimal,
        bool IsProven,
        double Iterations, bool IsCertified);
}
