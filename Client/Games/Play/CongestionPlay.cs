using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Rosenthal's congestion game, drawn from the seed or read from a file.</summary>
internal sealed class CongestionPlay : IPlayableGame
{
    private readonly CheckedOption<int> _players = Options.Integer("--players", "Players.", 20, 1, 10_000);
    private readonly CheckedOption<int> _resources = Options.Integer("--resources", "Resources.", 10, 1, 10_000);
    private readonly CheckedOption<int> _strategies = Options.Integer(
        "--strategies", "Sets that a player can choose among.", 4, 1, 100);
    private readonly CheckedOption<int> _size = Options.Integer("--set-size", "Resources of a set.", 3, 1, 100);
    private readonly CheckedOption<int> _degree = Options.Integer("--degree", "Degree of the costs.", 1, 1, 3);
    private readonly CheckedOption<string?> _file = Options.Text(
        "--file", "A game of your own: JSON with 'costs' and 'players'; see docs/games.md.", "a JSON file", "FILE");
    private readonly Option<bool> _optimum = Options.Switch("--optimum", "Also the optimum and the price of anarchy.");
    private readonly DynamicsFlags _dynamics = new();

    public int Order => 10;

    public string Name => "congestion";

    public string Description =>
        "Players choose sets of resources and pay for each by how many players use it (Rosenthal 1973).";

    public IEnumerable<Option> Flags =>
        [_players, _resources, _strategies, _size, _degree, _file, _optimum, .. _dynamics.All];

    public GameOutcome Play(Invocation invocation)
    {
        var game = invocation.Value(_file) is { } file ? CongestionFile.Read(file) : Draw(invocation);
        var options = _dynamics.Read(invocation, game.PlayerCount);
        var (result, seconds) = Timed.Run(invocation, () => ResponseDynamics.Run(game, options));
        var (socialCost, loads) = (Anarchy.SumOfCosts(game), game.Loads.ToArray());
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
            Figures = invocation.Value(_optimum) ? Optimum(game, invocation.Seed) : [],
            Draw = report => report.Add(PlayReport.Largest(
                "Loads", "players", Array.ConvertAll(loads, load => (double)load), resource => $"resource {resource}")),
        }.With(result, options.TraceEvery);
    }

    private static IReadOnlyList<GameFigure> Optimum(CongestionGame game, ulong seed) =>
        Anarchy.CanEnumerate(game) ? Anarchy.Enumerated(game) : Anarchy.Estimated(game, seed);

    private CongestionGame Draw(Invocation invocation)
    {
        var (players, resources) = (invocation.Value(_players), invocation.Value(_resources));
        var size = invocation.Value(_size);
        if (size > resources)
        {
            throw OrleansEdgeException.Usage($"--set-size is {size}; expected at most the {resources} of --resources");
        }
        var typical = Math.Max(1, players * size / resources);
        var costs = RandomCosts.Draw(resources, invocation.Value(_degree), typical, invocation.Seed);
        var strategies = new int[players][][];
        for (var player = 0; player < players; player++)
        {
            var random = new RandomStream(invocation.Seed, "play.strategies", (ulong)player);
            strategies[player] = new int[invocation.Value(_strategies)][];
            for (var strategy = 0; strategy < strategies[player].Length; strategy++)
            {
                strategies[player][strategy] = RandomCosts.Subset(size, resources, ref random);
            }
        }
        return new CongestionGame(costs, strategies);
    }
}
