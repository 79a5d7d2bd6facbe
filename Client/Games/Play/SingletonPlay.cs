using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Every player takes one resource: of all, of those allowed to it, or at costs of its own.</summary>
internal sealed class SingletonPlay : IPlayableGame
{
    private const int MostTraced = 20_000;
    private const int MostAllowed = 1 << 28;
    private readonly CheckedOption<int> _players = Options.Integer("--players", "Players.", 1000, 1, 10_000_000);
    private readonly CheckedOption<int> _resources = Options.Integer("--resources", "Resources.", 20, 1, 100_000);
    private readonly CheckedOption<int> _allowed = Options.Integer(
        "--allowed", "Resources allowed to a player, drawn for each; 0 for all.", 0, 0, 1000);
    private readonly Option<bool> _playerSpecific = Options.Switch(
        "--player-specific", "Every player has costs of its own (Milchtaich 1996).");
    private readonly CheckedOption<int> _degree = Options.Integer("--degree", "Degree of the costs.", 1, 1, 3);
    private readonly Option<bool> _optimum = Options.Switch("--optimum", "Also the optimum and the price of anarchy.");
    private readonly GameFileFlags _instance = new();
    private readonly DynamicsFlags _dynamics = new();

    public int Order => 20;

    public string Name => "singleton";

    public string Description => "Every player takes one resource and pays by how many do; millions of players.";

    public IEnumerable<Option> Flags =>
        [_players, _resources, _allowed, _playerSpecific, _degree, .. _instance.All, _optimum, .. _dynamics.All];

    public GameOutcome Play(Invocation invocation)
    {
        var file = _instance.Given(invocation, _players, _resources, _allowed, _playerSpecific, _degree);
        if (file is null)
        {
            return PlayDrawn(invocation);
        }
        return GameFile.Read<SingletonFile, Func<GameOutcome>>(invocation, file, read =>
        {
            read.Validate();
            if (read.Slopes is not null)
            {
                var own = read.PlayerSpecific();
                return () => PlayOwnCosts(invocation, own, "--file with 'slopes'");
            }
            var costs = CongestionFile.CostsOf(read.Costs);
            var sets = read.Allowed is null ? null : read.Restricted();
            return () => sets is null
                ? PlaySymmetric(invocation, costs, read.PlayerCount!.Value)
                : Played(invocation, sets, "allowed resources from a file", isSymmetric: false);
        })();
    }

    private GameOutcome PlayDrawn(Invocation invocation)
    {
        var (players, resources, allowed) =
            (invocation.Value(_players), invocation.Value(_resources), invocation.Value(_allowed));
        if (allowed > resources)
        {
            throw OrleansEdgeException.Usage($"--allowed is {allowed}; expected at most --resources, {resources}");
        }
        if ((long)players * allowed > MostAllowed)
        {
            throw OrleansEdgeException.Usage(
                $"--allowed is {allowed} for {players} players; expected at most {MostAllowed} of both multiplied");
        }
        if (invocation.Value(_playerSpecific))
        {
            Refusal.With(invocation, "--player-specific", _allowed, _degree);
            var own = PlayerSpecificPlay.Draw(invocation, players, resources);
            _instance.Write(invocation, () => new SingletonFile
            {
                Slopes = [.. Enumerable.Range(0, players).Select(player => own.Slopes(player).ToArray())],
                Offsets = [.. Enumerable.Range(0, players).Select(player => own.Offsets(player).ToArray())],
            });
            return PlayOwnCosts(invocation, own, "--player-specific");
        }
        var typicalLoad = Math.Max(1, players / resources);
        var coefficients =
            RandomCosts.Coefficients(resources, invocation.Value(_degree), typicalLoad, invocation.Seed);
        var costs = Array.ConvertAll(coefficients, RandomCosts.Cost);
        var sets = allowed == 0 ? null : Draw(invocation, costs, players, allowed);
        _instance.Write(invocation, () => new SingletonFile
        {
            Costs = CongestionFile.CoefficientsOf(coefficients),
            PlayerCount = sets is null ? players : null,
            Allowed = sets is null ? null
                : [.. Enumerable.Range(0, players).Select(player => sets.Allowed(player).ToArray())],
        });
        return sets is null
            ? PlaySymmetric(invocation, costs, players)
            : Played(invocation, sets, $"{allowed} allowed to each", isSymmetric: false);
    }

    private GameOutcome PlayOwnCosts(Invocation invocation, AffinePlayerSpecificCosts costs, string mode)
    {
        Refusal.With(invocation, mode, _optimum);
        return new PlayerSpecificPlay(invocation, costs, _dynamics).Outcome(Configuration(invocation));
    }

    private GameOutcome PlaySymmetric(Invocation invocation, LoadCost[] costs, int players)
    {
        var isMonotone = Array.TrueForAll(costs, cost => cost.IsNonDecreasing(players));
        return isMonotone && !_dynamics.AreGiven(invocation)
            ? Symmetric(invocation, costs, players)
            : Played(invocation, SingletonGame.Symmetric(costs, players), "all allowed", isSymmetric: isMonotone);
    }

    private GameOutcome Symmetric(Invocation invocation, LoadCost[] costs, int players)
    {
        var (equilibrium, seconds) = Timed.Run(
            invocation, Name, solving => SymmetricSingletonSolver.Solve(costs, players, solving.Stop));
        var socialCost = CostOf(costs, equilibrium.Loads);
        return new GameOutcome
        {
            Setting = Setting(players, costs.Length, "all allowed"),
            Configuration = Configuration(invocation),
            Players = players,
            Solver = "water-filling",
            Certificate = equilibrium.Certificate,
            SocialCost = socialCost,
            WallSeconds = seconds,
            Profile = equilibrium.Assign,
            Figures = invocation.Value(_optimum) && Optimum(costs, players, invocation) is { } optimum
                ? Anarchy.Against(socialCost, optimum)
                : [],
            Baselines = Timed.Compared(invocation, () => CompareLoads(invocation, costs, players, socialCost)),
            Draw = report => report.Add(Loads(equilibrium.Loads)),
        };
    }

    private GameOutcome Played(Invocation invocation, SingletonGame game, string sets, bool isSymmetric)
    {
        var players = game.PlayerCount;
        var isTraced = _dynamics.AreGiven(invocation) || players <= MostTraced;
        var options = _dynamics.Read(invocation, players);
        var (result, seconds) = Timed.Run(invocation, Name, solving => isTraced
            ? ResponseDynamics.Run(game, options, solving.Progress, solving.Stop, solving.GiveUp)
            : Sweep(game, solving));
        var (assignment, socialCost, loads) = (game.Assignment.ToArray(), game.SocialCost, game.Loads.ToArray());
        var isStopped = invocation.Stop.IsCancellationRequested;
        return new GameOutcome
        {
            Setting = Setting(players, game.ResourceCount, sets),
            Configuration = Configuration(invocation),
            Players = players,
            Solver = isTraced ? _dynamics.Describe(invocation) : "best response, round-robin",
            Certificate = result.Certificate,
            SocialCost = socialCost,
            WallSeconds = seconds,
            Profile = () => assignment,
            Figures = !isStopped && invocation.Value(_optimum) ? Optimum(invocation, game, isSymmetric) : [],
            Baselines = Timed.Compared(invocation, () => Compare(invocation, game, socialCost)),
            Draw = report => report.Add(Loads(loads)),
        }.With(result, options.TraceEvery);
    }

    private static DynamicsResult Sweep(SingletonGame game, Solving solving) => new()
    {
        Certificate = SingletonSolver.Solve(game, progress: solving.Progress, stop: solving.Stop),
        Profile = [],
        Trace = [],
        Bound = game.StepBound(0),
    };

    private static SingletonGame Draw(Invocation invocation, LoadCost[] costs, int players, int allowed)
    {
        var (offsets, sets) = (new int[players + 1], new int[players * allowed]);
        for (var player = 0; player < players; player++)
        {
            RandomCosts.CheckStop(invocation, player);
            var random = new RandomStream(invocation.Seed, "play.allowed", (ulong)player);
            RandomCosts.Subset(allowed, costs.Length, ref random).CopyTo(sets, player * allowed);
            offsets[player + 1] = (player + 1) * allowed;
        }
        return new SingletonGame(costs, offsets, sets);
    }

    /// <summary>
    /// The least social cost if all resources are allowed: the equilibrium under marginal costs. Null where those fall,
    /// or where there is no time.
    /// </summary>
    private static double? Optimum(LoadCost[] costs, int players, Invocation invocation)
    {
        var marginals = Array.ConvertAll(costs, MarginalCostGames.Marginal);
        if (players > MostTraced ? !Array.TrueForAll(costs, cost => cost.IsConvex)
            : !Array.TrueForAll(marginals, cost => cost.IsNonDecreasing(players)))
        {
            return null;
        }
        var loads = SymmetricSingletonSolver.Solve(marginals, players, invocation.Stop).Loads;
        return invocation.Stop.IsCancellationRequested ? null : CostOf(costs, loads);
    }

    private static IReadOnlyList<GameFigure> Optimum(Invocation invocation, SingletonGame game, bool isSymmetric)
    {
        if (isSymmetric && Optimum([.. game.Costs], game.PlayerCount, invocation) is { } optimum)
        {
            return Anarchy.Against(game.SocialCost, optimum);
        }
        if (Anarchy.CanEnumerate(game))
        {
            return Anarchy.Enumerated(invocation, game);
        }
        if (game.PlayerCount > MostTraced)
        {
            throw OrleansEdgeException.Usage(
                $"--optimum with {game.PlayerCount} players and restricted resources; "
                + $"expected at most {MostTraced} players, or all allowed");
        }
        var sets = Enumerable.Range(0, game.PlayerCount)
            .Select(player => Array.ConvertAll(game.Allowed(player).ToArray(), resource => new[] { resource }));
        return Anarchy.Estimated(invocation, new CongestionGame([.. game.Costs], [.. sets]));
    }

    private static Baselines CompareLoads(Invocation invocation, LoadCost[] costs, int players, double socialCost)
    {
        var random = new RandomStream(invocation.Seed, "play.baseline");
        var (even, drawn) = (new int[costs.Length], new int[costs.Length]);
        for (var player = 0; player < players; player++)
        {
            even[player % costs.Length]++;
            drawn[random.NextInt(costs.Length)]++;
        }
        var baselines = new Baselines("equilibrium", [new("socialCost", "social cost")], [socialCost])
            .Add("even split", CostOf(costs, even)).Add("random", CostOf(costs, drawn));
        return Optimum(costs, players, invocation) is { } optimum ? baselines.AddBound("optimum", optimum) : baselines;
    }

    private static Baselines Compare(Invocation invocation, SingletonGame game, double socialCost)
    {
        var assignment = game.Assignment.ToArray();
        var baselines = new Baselines("equilibrium", [new("socialCost", "social cost")], [socialCost])
            .Add("greedy", FiniteBaselines.Greedy(game, invocation.Stop))
            .Add("random", FiniteBaselines.Random(game, invocation.Seed));
        for (var player = 0; player < assignment.Length; player++)
        {
            game.Move(player, game.Allowed(player).IndexOf(assignment[player]));
        }
        return Optimum([.. game.Costs], game.PlayerCount, invocation) is { } optimum
            ? baselines.AddBound("lower bound of the optimum (all allowed)", optimum)
            : baselines;
    }

    private static double CostOf(LoadCost[] costs, int[] loads) =>
        costs.Select((cost, resource) => loads[resource] == 0 ? 0 : loads[resource] * cost.At(loads[resource])).Sum();

    private static Reporting.BarChart Loads(int[] loads) => PlayReport.Largest(
        "Loads", "players", Array.ConvertAll(loads, load => (double)load), resource => $"resource {resource}");

    private static object Configuration(Invocation invocation) => new { Options = invocation.GivenOptions() };

    internal static string Setting(int players, int resources, string sets) => string.Create(
        CultureInfo.InvariantCulture, $"{players:#,0} players, {resources:#,0} resources, {sets}");
}
