using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Analysis;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Rosenthal's congestion game, drawn from the seed or read from a file.</summary>
internal sealed class CongestionPlay : IPlayableGame
{
    private const long MostNumbers = 1 << 26;
    private const int BoundIterations = 50;
    private readonly CheckedOption<int> _players = Options.Integer("--players", "Players.", 20, 1, 10_000);
    private readonly CheckedOption<int> _resources = Options.Integer("--resources", "Resources.", 10, 1, 10_000);
    private readonly CheckedOption<int> _strategies = Options.Integer(
        "--strategies", "Sets that a player can choose among.", 4, 1, 100);
    private readonly CheckedOption<int> _size = Options.Integer("--set-size", "Resources of a set.", 3, 1, 100);
    private readonly CheckedOption<int> _degree = Options.Integer("--degree", "Degree of the costs.", 1, 1, 3);
    private readonly Option<bool> _optimum = Options.Switch("--optimum", "Also the optimum and the price of anarchy.");
    private readonly GameFileFlags _instance = new();
    private readonly DynamicsFlags _dynamics = new();

    public int Order => 10;

    public string Name => "congestion";

    public string Description =>
        "Players choose sets of resources and pay for each by how many players use it (Rosenthal 1973).";

    public IEnumerable<Option> Flags =>
        [_players, _resources, _strategies, _size, _degree, .. _instance.All, _optimum, .. _dynamics.All];

    public GameOutcome Play(Invocation invocation)
    {
        var file = _instance.Given(invocation, _players, _resources, _strategies, _size, _degree);
        var game = file is null ? Timed.Made(invocation, () => Draw(invocation)) : CongestionFile.Read(invocation, file);
        var options = _dynamics.Read(invocation, game.PlayerCount);
        var (result, seconds) = Timed.Run(invocation, Name, solving => ResponseDynamics.Run(
            game, options, solving.Progress, solving.Stop, solving.GiveUp));
        var (socialCost, loads) = (SocialCost.Of(game), Loads(game));
        var isStopped = invocation.Stop.IsCancellationRequested;
        return new GameOutcome
        {
            Setting = string.Create(
                CultureInfo.InvariantCulture, $"{game.PlayerCount:#,0} players, {game.ResourceCount:#,0} resources"),
            Configuration = new { Options = invocation.GivenOptions(), Dynamics = options },
            Players = game.PlayerCount,
            Solver = _dynamics.Describe(invocation),
            Certificate = result.Certificate,
            SocialCost = socialCost,
            WallSeconds = seconds,
            Profile = () => result.Profile,
            Figures = !isStopped && invocation.Value(_optimum) ? Optimum(invocation, game) : [],
            Baselines = Timed.Compared(invocation, () => Compare(invocation, game, socialCost)),
            Draw = report => report.Add(PlayReport.Largest("Loads", "players", loads, resource => $"resource {resource}")),
        }.With(result, options.TraceEvery);
    }

    private static double[] Loads(IResourceGame game) => game is CongestionGame plain
        ? Array.ConvertAll(plain.Loads.ToArray(), load => (double)load)
        : Array.ConvertAll(((WeightedCongestionGame)game).Loads.ToArray(), load => (double)load);

    private static IReadOnlyList<GameFigure> Optimum(Invocation invocation, IResourceGame game)
    {
        if (Anarchy.CanEnumerate(game))
        {
            return Anarchy.Enumerated(invocation, game);
        }
        return game is CongestionGame plain
            ? Anarchy.Estimated(invocation, plain)
            : throw OrleansEdgeException.Usage(
                "--optimum with weights and more than 2^20 profiles; expected a smaller game, or one without weights");
    }

    private static Baselines Compare(Invocation invocation, IResourceGame game, double socialCost)
    {
        var profile = FiniteBaselines.Profile(game);
        var baselines = new Baselines("equilibrium", [new("socialCost", "social cost")], [socialCost])
            .Add("greedy", FiniteBaselines.Greedy(game, invocation.Stop))
            .Add("random", FiniteBaselines.Random(game, invocation.Seed));
        FiniteBaselines.Put(game, profile);
        return game is CongestionGame plain
            && OptimumRelaxation.LowerBound(plain, BoundIterations, invocation.Stop) is { } bound
                ? baselines.AddBound("lower bound of the optimum", bound)
                : baselines;
    }

    private CongestionGame Draw(Invocation invocation)
    {
        var (players, resources) = (invocation.Value(_players), invocation.Value(_resources));
        var (size, sets) = (invocation.Value(_size), invocation.Value(_strategies));
        if (size > resources)
        {
            throw OrleansEdgeException.Usage($"--set-size is {size}; expected at most the {resources} of --resources");
        }
        if ((long)players * sets * size > MostNumbers)
        {
            throw OrleansEdgeException.Usage(
                $"--players, --strategies and --set-size are {players}, {sets} and {size}; "
                + $"expected at most {MostNumbers} multiplied");
        }
        var typical = Math.Max(1, players * size / resources);
        var coefficients = RandomCosts.Coefficients(resources, invocation.Value(_degree), typical, invocation.Seed);
        var strategies = new int[players][][];
        for (var player = 0; player < players; player++)
        {
            RandomCosts.CheckStop(invocation, player);
            var random = new RandomStream(invocation.Seed, "play.strategies", (ulong)player);
            strategies[player] = new int[sets][];
            for (var strategy = 0; strategy < sets; strategy++)
            {
                strategies[player][strategy] = RandomCosts.Subset(size, resources, ref random);
            }
        }
        _instance.Write(invocation, () => new CongestionFile
        {
            Costs = CongestionFile.CoefficientsOf(coefficients),
            Players = strategies,
        });
        return new CongestionGame(Array.ConvertAll(coefficients, RandomCosts.Cost), strategies);
    }
}
