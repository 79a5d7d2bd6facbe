using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.ServicePlacement;
using Choose = OrleansEdge.Client.CommandLine.Options;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>Means of one policy at one weight V.</summary>
internal sealed record FollowMeRow
{
    public required string Policy { get; init; }

    public required int Runs { get; init; }

    /// <summary>V; not a number for a policy that does not look at it.</summary>
    public required double LatencyWeight { get; init; }

    public required double AverageLatencySeconds { get; init; }

    /// <summary>Of all users in a slot.</summary>
    public required double AverageMigrationCost { get; init; }

    /// <summary>Q over all slots.</summary>
    public required double AverageBacklog { get; init; }

    /// <summary>Q after the last slot.</summary>
    public required double Backlog { get; init; }

    /// <summary>Runs whose slots did not all end in a certified equilibrium, of a policy that plays to one.</summary>
    public required int Uncertified { get; init; }
}

/// <summary>Services that follow their users, after Ouyang, Zhou, Chen, IEEE JSAC 36(10), 2018.</summary>
internal sealed class FollowMe() : GameReproduction(4, "random walks of the users")
{
    private const double Budget = 5;
    private static readonly double[] Weights = [10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];

    private static readonly (PlacementPolicy Policy, string Name)[] Weighing =
    [
        (PlacementPolicy.BestResponse, "best response"), (PlacementPolicy.MarkovApproximation, "Markov approximation"),
        (PlacementPolicy.Greedy, "greedy"),
    ];

    private static readonly (PlacementPolicy Policy, string Name)[] Baselines =
    [
        (PlacementPolicy.NeverMigrate, "never migrate"), (PlacementPolicy.AlwaysMigrate, "always migrate"),
        (PlacementPolicy.LatencyOnly, "latency only"), (PlacementPolicy.Random, "random"),
    ];

    protected override CheckedOption<int> Size { get; } = Choose.Integer("--slots", "Slots of a run.", 200, 10,
        100_000);

    public override string Name => "follow-me";

    public override string Title => "Follow me at the edge (Ouyang, Zhou, Chen, JSAC 2018)";

    public override string Description =>
        "Latency, migration cost and backlog over the weight V of the Lyapunov queue, for all policies.";

    protected override GameData Data => GameData.Eua;

    protected override GameFindings Find(GameScale scale)
    {
        var city = Melbourne.Read(scale.DataFolder);
        var settings = Settings().ToArray();
        var jobs = settings.SelectMany(
            (setting, s) => Enumerable.Range(0, RunsOf(setting.Options, scale)).Select(run => (s, run))).ToArray();
        var results = scale.ForEach(jobs.Length, i => ServicePlacementRun.Run(
            settings[jobs[i].s].Options with { Slots = scale.Size }, city.Sites, city.Centre,
            scale.Seed + (ulong)jobs[i].run));
        var runs = settings.Select((_, s) => results.Where((_, i) => jobs[i].s == s).ToArray()).ToArray();
        var rows = runs.Zip(settings, (found, setting) => Row(setting.Name, setting.Options, found)).ToArray();
        var claims = Claims(rows, results, scale, city);
        var best = rows.Where(row => row.Policy == Weighing[0].Name).ToArray();
        var page = new ResultPage(Title, Description)
            .Fact("Latency at V = 1,000", $"{1000 * best[4].AverageLatencySeconds:0.0} ms", "best response")
            .Fact("Never migrating", $"{1000 * Never(rows).AverageLatencySeconds:0.0} ms")
            .Fact("Migration cost at V = 1,000", Quantity.Number(best[4].AverageMigrationCost), $"budget: {Budget}")
            .Section("The weight V", $"{RunsText(scale)}: 50 users walk through the centre of Melbourne past its "
                + $"{city.Sites.Length} sites for {scale.Size} slots of 30 s. A large V buys latency with backlog: "
                + "latency comes within O(1/V) of the best that the budget allows, the queue grows as O(V). Below V = "
                + "300 the queue empties, migrations are free in that slot, and their cost fills it again: both level "
                + "off. The paper's own numbers were not at hand; what is checked is its structure.")
            .Add(ByWeight("Latency of a user", "latency, ms", AxisScale.Linear, rows,
                row => 1000 * row.AverageLatencySeconds, null))
            .Add(ByWeight("Migration cost of a slot", "cost", AxisScale.Linear, rows, row => row.AverageMigrationCost,
                new Reference("budget", Budget)))
            .Add(ByWeight("Backlog, mean over the slots", "backlog", AxisScale.Log, rows, row => row.AverageBacklog,
                null))
            .Add(TradeOff(rows)).Add(Table(rows));
        page.Section("One run, slot by slot", "Backlog of best responses: with a large V it rises to a level and "
            + "stays there; with a small one it empties and jumps.")
            .Add(Backlogs(settings, runs, scale));
        page.Section("Statements").Add(Claim.Table(scale, "What theory states", claims));
        return new GameFindings(page, rows, claims, rows.Sum(row => row.Uncertified));
    }

    /// <summary>Every second one for the slow policy.</summary>
    private static double[] WeightsOf(PlacementPolicy policy) =>
        policy == PlacementPolicy.MarkovApproximation ? [.. Weights.Where((_, i) => i % 2 == 0)] : Weights;

    private static IEnumerable<(string Name, ServicePlacementOptions Options)> Settings()
    {
        var standard = new ServicePlacementOptions { MigrationBudget = Budget };
        foreach (var (policy, name) in Weighing)
        {
            foreach (var weight in WeightsOf(policy))
            {
                yield return (name, standard with { Policy = policy, LatencyWeight = weight });
            }
        }
        foreach (var (policy, name) in Baselines)
        {
            yield return (name, standard with { Policy = policy });
        }
    }

    /// <summary>A Markov approximation takes thirty times as long as best responses.</summary>
    private static int RunsOf(ServicePlacementOptions options, GameScale scale) =>
        options.Policy == PlacementPolicy.MarkovApproximation ? Math.Max(1, scale.Runs / 4) : scale.Runs;

    private static FollowMeRow Row(string name, ServicePlacementOptions options, ServicePlacementResult[] runs) => new()
    {
        Policy = name,
        Runs = runs.Length,
        LatencyWeight = Weighing.Any(entry => entry.Policy == options.Policy) ? options.LatencyWeight : double.NaN,
        AverageLatencySeconds = runs.Average(run => run.AverageLatencySeconds),
        AverageMigrationCost = runs.Average(run => run.AverageMigrationCost),
        AverageBacklog = runs.Average(run => run.Slots.Average(slot => slot.Backlog)),
        Backlog = runs.Average(run => run.Backlog),
        Uncertified = options.Policy == PlacementPolicy.BestResponse
            ? runs.Count(run => !run.Certificate.IsEquilibrium) : 0,
    };

    private static List<Claim> Claims(FollowMeRow[] rows, ServicePlacementResult[] results, GameScale scale,
        Melbourne city)
    {
        var best = rows.Where(row => row.Policy == Weighing[0].Name).ToArray();
        var high = best.Where(row => row.LatencyWeight >= 300).ToArray();
        var latencyRises = high.Zip(high.Skip(1))
            .Count(pair => pair.Second.AverageLatencySeconds > pair.First.AverageLatencySeconds);
        var backlogFalls = high.Zip(high.Skip(1)).Count(pair => pair.Second.AverageBacklog < pair.First.AverageBacklog);
        var over = results.Count(run => run.AverageMigrationCost > Budget + (run.Backlog / run.Slots.Count) + 1e-9);
        var never = Never(rows);
        var (users, sites) = (6, 5);
        var exact = scale.ForEach(scale.Runs, run => SmallLatencies(city, users, sites, scale.Seed + (ulong)run));
        var (markov, response) = (exact.Average(ratio => ratio.Markov), exact.Average(ratio => ratio.Response));
        return
        [
            new("latency falls as V rises from 300 on", "at every step", $"rises {latencyRises} times",
                latencyRises == 0),
            new("the backlog rises with V from 300 on", "at every step", $"falls {backlogFalls} times",
                backlogFalls == 0),
            new("exponent of the backlog's growth from V = 300 to 10,000", "at most 1: O(V)",
                Quantity.Number(Growth(high[0], high[3])),
                Growth(high[0], high[3]) is > 0 and <= 1.1),
            new("migration cost above budget + backlog / slots", "in no run", $"{over} runs", over == 0),
            new("latency of best responses at V = 1,000 against never migrating", "less",
                Quantity.Percent(best[4].AverageLatencySeconds / never.AverageLatencySeconds),
                best[4].AverageLatencySeconds < never.AverageLatencySeconds),
            new($"objective of a slot against the optimum, best response, {users} users, {sites} sites", "close",
                "+" + Quantity.Percent(response - 1), response < 1.1),
            new($"objective of a slot against the optimum, Markov approximation, {users} users, {sites} sites", "close",
                "+" + Quantity.Percent(markov - 1), markov < 1.1),
        ];
    }

    private static FollowMeRow Never(FollowMeRow[] rows) => rows.Single(row => row.Policy == Baselines[0].Name);

    /// <summary>Exponent of the backlog's growth between two weights.</summary>
    private static double Growth(FollowMeRow low, FollowMeRow high) =>
        Math.Log(high.AverageBacklog / low.AverageBacklog) / Math.Log(high.LatencyWeight / low.LatencyWeight);

    /// <summary>The same slots' objectives as multiples of the optimum, for few users and sites.</summary>
    private static (double Markov, double Response) SmallLatencies(Melbourne city, int users, int sites, ulong seed)
    {
        var random = new RandomStream(seed, "follow-me.small");
        var near = Melbourne.Nearest(city.Sites, city.Sites[random.NextInt(city.Sites.Length)], sites);
        var (exact, markov, response) = (0.0, 0.0, 0.0);
        var options = new ServicePlacementOptions { Users = users, Slots = 40, MigrationBudget = 1 };
        ServicePlacementRun.Run(options, near, city.Centre, seed, (_, game, _) =>
        {
            response += game.Objective;
            exact += PlacementExactSearch.Solve(game.Slot, game.Sites).Objective;
            var copy = new PlacementGame(game.Slot, new int[users]);
            new MarkovApproximation(copy, options.InverseTemperature / options.LatencyWeight, options.Rule)
                .Search(options.MarkovSteps, ref random);
            markov += copy.Objective;
        });
        return (markov / exact, response / exact);
    }

    private static LineChart ByWeight(
        string title, string label, AxisScale scale, FollowMeRow[] rows, Func<FollowMeRow, double> value,
        Reference? reference) =>
        new(title, new Axis("V", AxisScale.Log), new Axis(label, scale),
        [
            .. Weighing.Select(policy => new Series(
                policy.Name, WeightsOf(policy.Policy),
                [.. rows.Where(row => row.Policy == policy.Name).Select(value)])),
        ])
        {
            References = reference is null ? [] : [reference],
        };

    private static LineChart TradeOff(FollowMeRow[] rows) => new(
        "Latency against migration cost", new Axis("migration cost of a slot", AxisScale.Log), new Axis("latency, ms"),
        [
            .. Weighing.Select(policy => Line(policy.Name, [.. rows.Where(row => row.Policy == policy.Name)], false)),
            .. Baselines.Where(policy => policy.Policy != PlacementPolicy.NeverMigrate)
                .Select(policy => Line(policy.Name, [.. rows.Where(row => row.Policy == policy.Name)], true)),
        ])
    {
        Note = "Lines run from small to large V; never migrating costs nothing and is not on this axis.",
    };

    private static Series Line(string name, FollowMeRow[] rows, bool points)
    {
        var ordered = rows.OrderBy(row => row.AverageMigrationCost).ToArray();
        return new Series(
            name, [.. ordered.Select(row => row.AverageMigrationCost)],
            [.. ordered.Select(row => 1000 * row.AverageLatencySeconds)])
        {
            Points = points,
        };
    }

    private static LineChart Backlogs(
        (string Name, ServicePlacementOptions Options)[] settings, ServicePlacementResult[][] runs, GameScale scale) =>
        new("Backlog over the slots", new Axis("slot"), new Axis("backlog", AxisScale.Log),
        [
            .. Enumerable.Range(0, Weights.Length).Where(i => i % 2 == 0).Select(i => new Series(
                FormattableString.Invariant($"V = {settings[i].Options.LatencyWeight:#,0}"),
                [.. Enumerable.Range(1, scale.Size).Select(slot => (double)slot)],
                [.. runs[i][0].Slots.Select(slot => slot.Backlog)])),
        ])
        {
            Wide = true,
        };

    private static ReportTable Table(FollowMeRow[] rows) => new(
        ["Policy", "V", "Runs", "Latency, ms", "Migration cost", "Mean backlog", "Last backlog"],
        [
            .. rows.Select(row => (IReadOnlyList<string>)
            [
                row.Policy, Quantity.Count(row.LatencyWeight), Quantity.Count(row.Runs),
                Quantity.Number(1000 * row.AverageLatencySeconds),
                Quantity.Number(row.AverageMigrationCost), Quantity.Number(row.AverageBacklog),
                Quantity.Number(row.Backlog),
            ]),
        ])
    {
        Title = "Means over the runs",
        Note = $"The budget of migrations is {Budget} a slot.",
    };
}
