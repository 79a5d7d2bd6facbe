using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Client.Games.Play;

/// <summary>What the single-channel and the multi-channel game share: baselines, optimum, figures and charts.</summary>
internal static class OffloadingPlay
{
    private const int MostGreedy = 2_000;
    private const int MostInSlots = 1_000;
    private const long MostNodes = 2_000_000;

    public static GameOutcome Outcome(
        Invocation invocation, OffloadingFlags flags, GameFileFlags instance, IOffloadingMode mode,
        DynamicsFlags dynamics, bool withOptimum)
    {
        if (instance.Given(invocation, flags.All) is { } file)
        {
            var read = GameFile.Read<OffloadingFile, OffloadingGame>(
                invocation, file, one => one.ToGame(flags.MostChannels));
            return Outcome(invocation, null, read, mode, dynamics, withOptimum);
        }
        var options = flags.Read(invocation);
        var game = OffloadingGame.Draw(options, invocation.Seed, invocation.Stop);
        instance.Write(invocation, () => OffloadingFile.Of(options, game));
        return Outcome(invocation, options, game, mode, dynamics, withOptimum);
    }

    /// <summary>Plays a game and says what it has come to.</summary>
    /// <param name="options">What the users were drawn by; null where they come from a file.</param>
    public static GameOutcome Outcome(
        Invocation invocation, OffloadingOptions? options, OffloadingGame game, IOffloadingMode mode,
        DynamicsFlags dynamics, bool withOptimum)
    {
        var (run, seconds) = Timed.Run(
            invocation, "offloading", solving => mode.Solve(invocation, game, options, dynamics, solving));
        return Outcome(invocation, options, invocation.Seed, mode.Name, game, run, seconds, withOptimum);
    }

    /// <summary>What a game that was played has come to.</summary>
    /// <param name="options">What the users were drawn by; null where they come from a file.</param>
    /// <param name="seed">What they were drawn by, and what the baselines are.</param>
    /// <param name="game">On its final profile.</param>
    public static GameOutcome Outcome(
        Invocation invocation, OffloadingOptions? options, ulong seed, string mode, OffloadingGame game,
        OffloadingRun run, double seconds, bool withOptimum)
    {
        var outcome = OffloadingOutcome.Of(game);
        var choices = game.State.Choices.ToArray();
        var isStopped = invocation.Stop.IsCancellationRequested;
        return new GameOutcome
        {
            Setting = string.Create(
                CultureInfo.InvariantCulture, $"{game.PlayerCount:#,0} users, {Channels(game.Channels)}"),
            Configuration = new { Mode = mode, Offloading = options, Options = invocation.GivenOptions() },
            Players = game.PlayerCount,
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
                .. withOptimum && !isStopped ? Optimum(invocation, game, outcome.TotalOverhead) : [],
            ],
            Baselines = Timed.Compared(invocation, () => Compare(game, choices, outcome, seed)),
            Concerns = outcome.Offloaders > outcome.BeneficialUsers
                ?
                [
                    $"{Quantity.Count(outcome.Offloaders - outcome.BeneficialUsers)} of "
                    + $"{Quantity.Count(outcome.Offloaders)} offloading users would be better off computing locally",
                ]
                : [],
            Draw = invocation.Stop.IsCancellationRequested
                ? null // the comparison may still be at the game
                : report => Draw(report, game, choices, seed),
        }.With(run.Result, run.TraceEvery);
    }

    /// <summary>The equilibrium beside the baselines; the game is left on the equilibrium.</summary>
    public static Baselines Compare(OffloadingGame game, int[] equilibrium, OffloadingOutcome result, ulong seed)
    {
        var baselines = new Baselines(
            "equilibrium",
            [
                new("beneficialUsers", "beneficial users", LessIsBetter: false, Quantity.Count),
                new("offloaders", "offloading users", LessIsBetter: null, Quantity.Count),
                new("totalOverhead", "total overhead"),
            ],
            [result.BeneficialUsers, result.Offloaders, result.TotalOverhead])
        {
            Note = "An overhead is a weighted sum of seconds and joules; a user benefits if offloading is no dearer than "
                + "computing locally.",
        };
        void Add(string name, int[] choices)
        {
            game.Reset(choices);
            var outcome = OffloadingOutcome.Of(game);
            baselines.Add(name, outcome.BeneficialUsers, outcome.Offloaders, outcome.TotalOverhead);
        }
        Add("all local", OffloadingBaselines.AllLocal(game));
        Add("all offload", OffloadingBaselines.AllCloud(game, seed));
        Add("random", OffloadingBaselines.Random(game, seed));
        if (game.PlayerCount <= MostGreedy)
        {
            Add("central greedy", OffloadingBaselines.Greedy(game));
        }
        game.Reset(equilibrium);
        return baselines.AddBound("lower bound of the optimum (each alone)", null, null, OffloadingBounds.LeastOverhead(game));
    }

    private static string Channels(int channels) =>
        channels == 1 ? "1 channel" : $"{Quantity.Count(channels)} channels";

    private static IReadOnlyList<GameFigure> Optimum(Invocation invocation, OffloadingGame game, double overhead)
    {
        var optimum = OffloadingExactSearch.Solve(
            game, OffloadingObjective.TotalOverhead, MostNodes, invocation.Stop);
        return optimum.IsProven
            ? Anarchy.Against(overhead, optimum.Value)
            : [Anarchy.AtMost(Math.Min(optimum.Value, overhead))];
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
