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
    private readonly DynamicsFlags _dynamics = new();

    public int Order => 20;

    public string Name => "singleton";

    public string Description => "Every player takes one resource and pays by how many do; millions of players.";

    public IEnumerable<Option> Flags =>
        [_players, _resources, _allowed, _playerSpecific, _degree, _optimum, .. _dynamics.All];

    public GameOutcome Play(Invocation invocation)
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
            RequireAbsent(invocation, _allowed, _degree, _optimum);
            return new PlayerSpecificPlay(invocation, players, resources, _dynamics).Outcome(Configuration(invocation));
        }
        var typicalLoad = Math.Max(1, players / resources);
        var costs = RandomCosts.Draw(resources, invocation.Value(_degree), typicalLoad, invocation.Seed);
        return allowed == 0 && !_dynamics.AreGiven(invocation)
            ? Symmetric(invocation, costs, players)
            : Played(invocation, costs, players, allowed);
    }

    private static void RequireAbsent(Invocation invocation, params Option[] options)
    {
        if (Array.Find(options, invocation.IsGiven) is { } given)
        {
            throw OrleansEdgeException.Usage($"{given.Name} is given with --player-specific; expected without");
        }
    }

    private GameOutcome Symmetric(Invocation invocation, LoadCost[] costs, int players)
    {
        var (equilibrium, seconds) = Timed.Run(invocation, () => SymmetricSingletonSolver.Solve(costs, players));
        var socialCost = SocialCost(costs, equilibrium.Loads);
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
            Figures = invocation.Value(_optimum) ? Anarchy.Against(socialCost, Optimum(costs, players)) : [],
            Draw = report => report.Add(Loads(equilibrium.Loads)),
        };
    }

    private GameOutcome Played(Invocation invocation, LoadCost[] costs, int players, int allowed)
    {
        var game = Draw(costs, players, allowed, invocation.Seed);
        var isTraced = _dynamics.AreGiven(invocation) || players <= MostTraced;
        var options = _dynamics.Read(invocation, players);
        var (result, seconds) = Timed.Run(
            invocation, () => isTraced ? ResponseDynamics.Run(game, options) : Sweep(game));
        return new GameOutcome
        {
            Setting = Setting(players, costs.Length, allowed == 0 ? "all allowed" : $"{allowed} allowed to each"),
            Configuration = Configuration(invocation),
            Players = players,
            Solver = isTraced ? _dynamics.Describe(invocation) : "best response, round-robin",
            Certificate = result.Certificate,
            SocialCost = game.SocialCost,
            WallSeconds = seconds,
            Profile = () => game.Assignment.ToArray(),
            Figures = invocation.Value(_optimum) ? Optimum(invocation, game, allowed) : [],
            Draw = report => report.Add(Loads(game.Loads.ToArray())),
        }.With(result, options.TraceEvery);
    }

    private static DynamicsResult Sweep(SingletonGame game) => new()
    {
        Certificate = SingletonSolver.Solve(game),
        Profile = [],
        Trace = [],
        Bound = game.StepBound(0),
    };

    private static SingletonGame Draw(LoadCost[] costs, int players, int allowed, ulong seed)
    {
        if (allowed == 0)
        {
            return SingletonGame.Symmetric(costs, players);
        }
        var (offsets, sets) = (new int[players + 1], new int[players * allowed]);
        for (var player = 0; player < players; player++)
        {
            var random = new RandomStream(seed, "play.allowed", (ulong)player);
            RandomCosts.Subset(allowed, costs.Length, ref random).CopyTo(sets, player * allowed);
            offsets[player + 1] = (player + 1) * allowed;
        }
        return new SingletonGame(costs, offsets, sets);
    }

    /// <summary>The least social cost: the equilibrium under marginal costs, which do not fall.</summary>
    private static double Optimum(LoadCost[] costs, int players)
    {
        var marginals = Array.ConvertAll(costs, MarginalCostGames.Marginal);
        return SocialCost(costs, SymmetricSingletonSolver.Solve(marginals, players).Loads);
    }

    private static IReadOnlyList<GameFigure> Optimum(Invocation invocation, SingletonGame game, int allowed)
    {
        if (allowed == 0)
        {
            return Anarchy.Against(game.SocialCost, Optimum([.. game.Costs], game.PlayerCount));
        }
        if (Anarchy.CanEnumerate(game))
        {
            return Anarchy.Enumerated(game);
        }
        if (game.PlayerCount > MostTraced)
        {
            throw OrleansEdgeException.Usage(
                $"--optimum with --players {game.PlayerCount} and --allowed {allowed}; "
                + $"expected at most {MostTraced} players, or all allowed");
        }
        var sets = Enumerable.Range(0, game.PlayerCount)
            .Select(player => Array.ConvertAll(game.Allowed(player).ToArray(), resource => new[] { resource }));
        return Anarchy.Estimated(new CongestionGame([.. game.Costs], [.. sets]), invocation.Seed);
    }

    private static double SocialCost(LoadCost[] costs, int[] loads) =>
        costs.Select((cost, resource) => loads[resource] == 0 ? 0 : loads[resource] * cost.At(loads[resource])).Sum();

    private static Reporting.BarChart Loads(int[] loads) => PlayReport.Largest(
        "Loads", "players", Array.ConvertAll(loads, load => (double)load), resource => $"resource {resource}");

    private static object Configuration(Invocation invocation) => new { Options = invocation.GivenOptions() };

    internal static string Setting(int players, int resources, string sets) => string.Create(
        CultureInfo.InvariantCulture, $"{players:#,0} players, {resources:#,0} resources, {sets}");
}
