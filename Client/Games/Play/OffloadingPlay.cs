using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Client.Games.Play;

/// <summary>What the single-channel and the multi-channel game share: baselines, optimum, figures and charts.</summary>
internal static class OffloadingPlay
{
    private const int MostCompared = 2_000;
    private const int MostInSlots = 1_000;
    private const long MostNodes = 2_000_000;

    public static GameOutcome Outcome(
        Invocation invocation, OffloadingOptions options, IOffloadingMode mode, DynamicsFlags dynamics,
        bool withOptimum)
    {
        var game = OffloadingGame.Draw(options, invocation.Seed);
        var (run, seconds) = Timed.Run(invocation, () => mode.Solve(invocation, game, options, dynamics));
        return Outcome(invocation, options, mode.Name, game, run, seconds, withOptimum);
    }

    /// <summary>What a game that was played has come to.</summary>
    /// <param name="game">On its final profile.</param>
    public static GameOutcome Outcome(
        Invocation invocation, OffloadingOptions options, string mode, OffloadingGame game, OffloadingRun run,
        double seconds, bool withOptimum)
    {
        var outcome = OffloadingOutcome.Of(game);
        var choices = game.State.Choices.ToArray();
        return new GameOutcome
        {
            Setting = string.Create(
                CultureInfo.InvariantCulture, $"{options.Users:#,0} users, {Channels(options.Channels)}"),
            Configuration = new { Mode = mode, Offloading = options, Options = invocation.GivenOptions() },
            Players = options.Users,
            Solver = run.Solver,
            Certificate = run.Result.Certificate,
            SocialCost = outcome.TotalOverhead,
            WallSeconds = seconds,
            Profile = () => choices,
            Figures =
            [
                new("beneficialUsers", "beneficial users", outcome.BeneficialUsers),
                new("offloaders", "offloading users", outcome.Offloaders),
                new("totalOverhead", "total overhead", outcome.TotalOverhead),
                new("largestChannel", "users of the fullest channel", outcome.LargestChannel),
                new("requests", "requests to update", run.Result.Requests),
                new(
                    "overheadOverOptimumAtMost", "overhead over the optimum, at most (theorem 5)",
                    OffloadingBounds.Overhead(game)),
                .. run.Figures,
                .. withOptimum ? Optimum(game, outcome.TotalOverhead) : [],
            ],
            Comparison = options.Users <= MostCompared ? Compare(game, choices, invocation.Seed) : null,
            Draw = report => Draw(report, game, choices, invocation.Seed),
        }.With(run.Result, run.TraceEvery);
    }

    /// <summary>The equilibrium beside the baselines; the game is left on the equilibrium.</summary>
    public static ReportTable Compare(OffloadingGame game, int[] equilibrium, ulong seed)
    {
        (string Name, int[] Choices)[] profiles =
        [
            ("equilibrium", equilibrium),
            ("all local", OffloadingBaselines.AllLocal(game)),
            ("all offload", OffloadingBaselines.AllCloud(game, seed)),
            ("random", OffloadingBaselines.Random(game, seed)),
            ("central greedy", OffloadingBaselines.Greedy(game)),
        ];
        var rows = new List<string[]>();
        foreach (var (name, choices) in profiles)
        {
            game.Reset(choices);
            var outcome = OffloadingOutcome.Of(game);
            rows.Add(
            [
                name, Quantity.Count(outcome.BeneficialUsers), Quantity.Count(outcome.Offloaders),
                PlayText.Number(outcome.TotalOverhead),
            ]);
        }
        game.Reset(equilibrium);
        return new ReportTable(["", "beneficial users", "offloading users", "total overhead"], rows)
        {
            Title = "Beside the baselines",
            Note = "An overhead is a weighted sum of seconds and joules; a user benefits if offloading is no dearer than "
                + "computing locally.",
        };
    }

    private static string Channels(int channels) =>
        channels == 1 ? "1 channel" : $"{Quantity.Count(channels)} channels";

    private static IReadOnlyList<GameFigure> Optimum(OffloadingGame game, double overhead)
    {
        var optimum = OffloadingExactSearch.Solve(game, OffloadingObjective.TotalOverhead, MostNodes);
        return optimum.IsProven
            ? Anarchy.Against(overhead, optimum.Value)
            : [new("optimumAtMost", "optimum, at most (search not finished)", Math.Min(optimum.Value, overhead))];
    }

    private static void Draw(ReportBuilder report, OffloadingGame game, int[] choices, ulong seed)
    {
        var crowd = new double[game.Channels + 1];
        foreach (var choice in choices)
        {
            crowd[choice]++;
        }
        report.Add(PlayReport.Largest(
            "Users by choice", "users", crowd, choice => choice == 0 ? "local" : $"channel {choice}"));
        report.Add(PlayReport.Sorted("Overhead of the users", "users, dearest first", "overhead",
        [
            ("equilibrium", Enumerable.Range(0, game.PlayerCount).Select(game.Cost).ToArray()),
            ("all local", Enumerable.Range(0, game.PlayerCount).Select(user => game.Overhead(user, 0, 0)).ToArray()),
        ]));
        if (game.PlayerCount <= MostInSlots)
        {
            AddSlots(report, game, choices, seed);
        }
    }

    /// <summary>Plays the papers' protocol again, from all local, and looks at every slot.</summary>
    private static void AddSlots(ReportBuilder report, OffloadingGame game, int[] equilibrium, ulong seed)
    {
        var (overhead, beneficial, requests) = (new List<double>(), new List<double>(), new List<double>());
        game.Reset(OffloadingBaselines.AllLocal(game));
        OffloadingProtocol.Run(game, seed, onSlot: (_, count) =>
        {
            var outcome = OffloadingOutcome.Of(game);
            overhead.Add(outcome.TotalOverhead);
            beneficial.Add(outcome.BeneficialUsers);
            requests.Add(count);
        });
        game.Reset(equilibrium);
        report.Add(PlayReport.OverSlots("Total overhead over slots", "overhead", ("one winner per slot", overhead)))
            .Add(PlayReport.OverSlots(
                "Users over slots", "users", ("beneficial users", beneficial), ("requests to update", requests)));
    }
}
