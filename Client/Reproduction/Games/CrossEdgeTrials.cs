using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.CrossEdge;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>One policy over all slots of all runs.</summary>
internal sealed record CrossEdgeRow
{
    public required string Policy { get; init; }

    /// <summary>Of a task, the penalty of a dropped one included.</summary>
    public required double AverageCostSeconds { get; init; }

    /// <summary>Share of the tasks.</summary>
    public required double DroppedShare { get; init; }

    /// <summary>Of a task.</summary>
    public required double SpentJoules { get; init; }

    /// <summary>Mean over the users after the last slot.</summary>
    public required double BatteryJoules { get; init; }

    /// <summary>Rounds of best responses in a slot; 0 for other policies.</summary>
    public required double RoundsOfSlot { get; init; }

    /// <summary>Messages of a slot; 0 for other policies.</summary>
    public required double MessagesOfSlot { get; init; }

    /// <summary>
    /// By how much the objective of small slots exceeds the optimum's, as a share of the optimum's size.
    /// </summary>
    public required double OverOptimum { get; init; }

    /// <summary>Share of the small slots that the policy solves to the optimum.</summary>
    public required double OptimalShare { get; init; }

    /// <summary>Runs of a game that ended without a certificate.</summary>
    public required int Uncertified { get; init; }
}

/// <summary>Plays the slots of the released code with every policy.</summary>
internal static class CrossEdgeTrials
{
    /// <summary>Policies and their names; the games first.</summary>
    public static IReadOnlyList<(SelectionPolicy Policy, string Name)> Policies { get; } =
    [
        (SelectionPolicy.BestResponse, "best response"), (SelectionPolicy.Exchange, "best response, exchanges"),
        (SelectionPolicy.Racos, "RACOS"), (SelectionPolicy.FewestSites, "greedy, fewest sites"),
        (SelectionPolicy.FastestSites, "greedy, fastest"), (SelectionPolicy.Random, "random"),
    ];

    /// <summary>The released parameters, with full batteries instead of half ones.</summary>
    private static CrossEdgeOptions FromTheta => new() { StartBatteryShare = 1 };

    /// <summary>Best responses from the released start, until well after the batteries are full.</summary>
    public static CrossEdgeResult Released(GameScale scale, Melbourne city) => CrossEdgeRun.Run(
        new CrossEdgeOptions { Slots = 4 * scale.Size }, city.Sites, city.Users, city.Centre, scale.Seed);

    /// <summary>Every policy from the same start, [policies][runs].</summary>
    public static CrossEdgeResult[][] Run(GameScale scale, Melbourne city)
    {
        var results = scale.ForEach(Policies.Count * scale.Runs, i => CrossEdgeRun.Run(
            FromTheta with { Policy = Policies[i / scale.Runs].Policy, Slots = scale.Size },
            city.Sites, city.Users, city.Centre, scale.Seed + (ulong)(i % scale.Runs)));
        return [.. results.Chunk(scale.Runs)];
    }

    public static CrossEdgeRow Row(int policy, CrossEdgeResult[] runs, (double Over, double Share) small)
    {
        var (tasks, slots) = (runs.Sum(run => (double)run.Tasks), runs.Sum(run => (double)run.Slots.Count));
        var isGame = policy < 2;
        return new CrossEdgeRow
        {
            Policy = Policies[policy].Name,
            AverageCostSeconds = runs.Sum(run => run.Slots.Sum(slot => slot.CostSeconds)) / tasks,
            DroppedShare = runs.Sum(run => run.DroppedTasks) / tasks,
            SpentJoules = runs.Sum(run => run.Slots.Sum(slot => slot.SpentJoules)) / tasks,
            BatteryJoules = runs.Average(run => run.BatteryJoules),
            RoundsOfSlot = policy == 0 ? runs.Sum(run => run.Certificate.Slots) / slots : 0,
            MessagesOfSlot = policy == 0 ? runs.Sum(run => run.Certificate.Messages) / slots : 0,
            OverOptimum = small.Over,
            OptimalShare = small.Share,
            Uncertified = isGame ? runs.Count(run => !run.Certificate.IsEquilibrium) : 0,
        };
    }

    /// <summary>
    /// The same slots of three users and five sites with two places each, solved by every policy: excess of the
    /// objective over the optimum's, and share of slots solved to the optimum, [policies].
    /// </summary>
    public static (double Over, double Share)[] Small(GameScale scale, Melbourne city)
    {
        var slots = scale.ForEach(scale.Runs, run => SmallSlots(scale.Seed + (ulong)run, city))
            .SelectMany(slot => slot).ToArray();
        var size = slots.Sum(slot => Math.Abs(slot.Optimum));
        return [.. Enumerable.Range(0, Policies.Count).Select(policy => (
            slots.Sum(slot => slot.Objectives[policy] - slot.Optimum) / size,
            slots.Average(slot => slot.Objectives[policy] - slot.Optimum <= 1e-9 * Math.Abs(slot.Optimum) ? 1.0 : 0)))];
    }

    private static List<(double[] Objectives, double Optimum)> SmallSlots(ulong seed, Melbourne city)
    {
        var random = new RandomStream(seed, "cross-edge.small");
        var centre = city.Users[random.NextInt(city.Users.Length)];
        var (sites, users) = (Melbourne.Nearest(city.Sites, centre, 5), Melbourne.Nearest(city.Users, centre, 3));
        var options = FromTheta with
        {
            Users = 3,
            Slots = 50,
            MostUsersPerSite = 2,
            RequestProbability = 1,
            LeastCoverageMeters = 399,
            MostSpeedMetersPerSecond = 0,
        };
        var slots = new List<(double[] Objectives, double Optimum)>();
        CrossEdgeRun.Run(options, sites, users, city.Centre, seed, (_, state, _) => slots.Add((
            [
                .. Policies.Select(
                    policy => SelectionPolicies.Select(state.Slot, policy.Policy, ref random).State.Objective),
            ],
            CrossEdgeExactSearch.Solve(state.Slot).Objective)));
        return slots;
    }
}
