using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;
using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Players route one unit each through a grid of links.</summary>
internal sealed class NetworkPlay : IPlayableGame
{
    private readonly CheckedOption<int> _players = Options.Integer(
        "--players", "Players, one unit of traffic each.", 100, 1, 100_000);
    private readonly CheckedOption<int> _columns = Options.Integer("--columns", "Nodes from west to east.", 6, 2, 200);
    private readonly CheckedOption<int> _rows = Options.Integer("--rows", "Nodes from south to north.", 5, 2, 200);
    private readonly CheckedOption<int> _pairs = Options.Integer(
        "--pairs", "Pairs of nodes that players travel between; 1 for corner to corner.", 8, 1, 10_000);
    private readonly Option<bool> _optimum = Options.Switch("--optimum", "Also the optimum and the price of anarchy.");
    private readonly GameFileFlags _instance = new();
    private readonly DynamicsFlags _dynamics = new();

    public int Order => 30;

    public string Name => "network";

    public string Description => "Players choose paths through a network and pay for each link by how many use it.";

    public IEnumerable<Option> Flags =>
        [_players, _columns, _rows, _pairs, .. _instance.All, _optimum, .. _dynamics.All];

    public GameOutcome Play(Invocation invocation)
    {
        var file = _instance.Given(invocation, _players, _columns, _rows, _pairs);
        var (graph, costs, travellers, game) = file is null
            ? Timed.Made(invocation, () => WithGame(Draw(invocation)))
            : GameFile.Read<NetworkFile, Parts>(invocation, file, read => WithGame(read.Parts()));
        var players = travellers.Length;
        var options = _dynamics.Read(invocation, players);
        var (result, seconds) = Timed.Run(invocation, Name, solving => ResponseDynamics.Run(
            game, options, solving.Progress, solving.Stop, solving.GiveUp));
        var isStopped = invocation.Stop.IsCancellationRequested;
        var (socialCost, loads) = (SocialCost.Of(game), game.Loads.ToArray());
        return new GameOutcome
        {
            Setting = string.Create(CultureInfo.InvariantCulture,
                $"{players:#,0} players, {graph.NodeCount:#,0} nodes, {graph.LinkCount:#,0} links"),
            Configuration = new { Options = invocation.GivenOptions(), Dynamics = options },
            Players = players,
            Solver = _dynamics.Describe(invocation),
            Certificate = result.Certificate,
            SocialCost = socialCost,
            WallSeconds = seconds,
            Profile = () => Paths(game),
            Baselines = Timed.Compared(invocation, () => Compare(invocation, graph, costs, travellers, socialCost)),
            Figures =
            [
                new("nodes", "nodes", graph.NodeCount),
                new("links", "links", graph.LinkCount),
                .. !isStopped && invocation.Value(_optimum)
                    ? Optimum(invocation, graph, costs, travellers, socialCost)
                    : [],
            ],
            Draw = report =>
            {
                report.Add(PlayReport.Sorted("Players of the links", "links, fullest first", "players",
                    [("equilibrium", loads.Select(load => (double)load))]));
                if (file is null)
                {
                    report.Add(Map(graph, invocation.Value(_columns), loads));
                }
            },
        }.With(result, options.TraceEvery);
    }

    private static Parts WithGame((DirectedGraph Graph, LoadCost[] Costs, Traveller[] Players) of) =>
        new(of.Graph, of.Costs, of.Players, new NetworkGame(of.Graph, of.Costs, of.Players));

    /// <summary>[players] the links of each player's path, from its source on.</summary>
    private static int[][] Paths(NetworkGame game) =>
        [
            .. Enumerable.Range(0, game.PlayerCount)
                .Select(player => game.Resources(player, game.Strategy(player)).ToArray()),
        ];

    private static DirectedGraph Grid(int columns, int rows)
    {
        var (from, to) = (new List<int>(), new List<int>());
        void Street(int a, int b)
        {
            from.AddRange([a, b]);
            to.AddRange([b, a]);
        }
        for (var node = 0; node < columns * rows; node++)
        {
            if (node % columns + 1 < columns)
            {
                Street(node, node + 1);
            }
            if (node + columns < columns * rows)
            {
                Street(node, node + columns);
            }
        }
        return new DirectedGraph(columns * rows, [.. from], [.. to]);
    }

    private static Traveller[] Travellers(int players, int pairs, int nodes, ulong seed)
    {
        var routes = new Traveller[pairs];
        for (var pair = 0; pair < pairs; pair++)
        {
            var random = new RandomStream(seed, "play.pair", (ulong)pair);
            var source = random.NextInt(nodes);
            var target = (source + 1 + random.NextInt(nodes - 1)) % nodes;
            routes[pair] = pairs == 1 ? new Traveller(0, nodes - 1) : new Traveller(source, target);
        }
        return [.. Enumerable.Range(0, players).Select(player => routes[player % pairs])];
    }

    private (DirectedGraph Graph, LoadCost[] Costs, Traveller[] Players) Draw(Invocation invocation)
    {
        var (players, columns, rows) =
            (invocation.Value(_players), invocation.Value(_columns), invocation.Value(_rows));
        var graph = Grid(columns, rows);
        var typicalLoad = Math.Max(1, players / (columns + rows));
        var coefficients = RandomCosts.Coefficients(graph.LinkCount, degree: 1, typicalLoad, invocation.Seed);
        var travellers = Travellers(players, invocation.Value(_pairs), graph.NodeCount, invocation.Seed);
        _instance.Write(invocation, () => NetworkFile.Of(graph, coefficients, travellers));
        return (graph, Array.ConvertAll(coefficients, RandomCosts.Cost), travellers);
    }

    /// <summary>Everybody on the shortest path of the empty network, and what nobody could do better than.</summary>
    private static Baselines Compare(
        Invocation invocation, DirectedGraph graph, LoadCost[] costs, Traveller[] travellers, double socialCost)
    {
        var free = new NetworkGame(graph, costs, travellers);
        var baselines = new Baselines("equilibrium", [new("socialCost", "social cost")], [socialCost])
            .Add("shortest empty paths", SocialCost.Of(free))
            .Add("greedy", FiniteBaselines.Greedy(free, invocation.Stop));
        if (!Array.TrueForAll(costs, cost => cost.IsNonDecreasing(travellers.Length)))
        {
            return baselines;
        }
        var alone = Array.ConvertAll(costs, cost => cost.At(1));
        var tree = new ShortestPathTree(graph);
        var distances = new Dictionary<Traveller, double>();
        foreach (var traveller in travellers.Distinct())
        {
            tree.Grow(traveller.Source, alone);
            distances[traveller] = tree.Distances[traveller.Target];
        }
        return baselines.AddBound("lower bound of the optimum (each alone)", travellers.Sum(traveller => distances[traveller]));
    }

    /// <summary>Exact by minimum-cost flow for one pair; else what best responses to marginal costs find.</summary>
    private static IReadOnlyList<GameFigure> Optimum(
        Invocation invocation, DirectedGraph graph, LoadCost[] costs, Traveller[] travellers, double socialCost)
    {
        var marginals = Array.ConvertAll(costs, MarginalCostGames.Marginal);
        if (Array.TrueForAll(travellers, traveller => traveller == travellers[0])
            && Array.TrueForAll(marginals, cost => cost.IsNonDecreasing(travellers.Length)))
        {
            var loads = SymmetricNetworkSolver.Solve(
                graph, marginals, travellers[0].Source, travellers[0].Target, travellers.Length, invocation.Stop);
            if (loads is null)
            {
                return [];
            }
            var optimum = loads.Select((load, link) => load == 0 ? 0 : load * costs[link].At(load)).Sum();
            return Anarchy.Against(socialCost, optimum);
        }
        if (!Array.TrueForAll(marginals, cost => LeastOf(cost, travellers.Length) >= 0))
        {
            return [];
        }
        var social = new NetworkGame(graph, marginals, travellers);
        Timed.Run(invocation, "optimum", solving => ResponseDynamics.Run(
            social, new DynamicsOptions(), solving.Progress, solving.Stop, solving.Stop));
        return
        [
            new("optimumAtMost", "optimum, at most", social.Potential),
            new("priceOfAnarchyAtLeast", "price of anarchy, at least",
                SocialCost.Ratio(socialCost, social.Potential)),
        ];
    }

    private static double LeastOf(LoadCost cost, int players) =>
        Enumerable.Range(1, players).Min(load => cost.At(load));

    private static MapChart Map(DirectedGraph graph, int columns, int[] loads)
    {
        var most = Math.Max(1, loads.Max());
        var edges = new List<Edge>();
        for (var link = 0; link < graph.LinkCount; link += 2)
        {
            // Links 2k and 2k + 1 are the two directions of one street.
            var load = loads[link] + loads[link + 1];
            edges.Add(new Edge(graph.From[link], graph.To[link])
            {
                Width = 1 + (6.0 * load / (2 * most)),
                Heat = Math.Min(1, (double)load / most),
            });
        }
        return new MapChart("Link flows", [.. Enumerable.Range(0, graph.NodeCount).Select(node => new Place(
            node % columns, node / columns, "node", $"node {node}"))])
        {
            Note = "Width and colour by the players of both directions.",
            Edges = edges,
            Wide = true,
            Height = 480,
        };
    }

    private sealed record Parts(DirectedGraph Graph, LoadCost[] Costs, Traveller[] Players, NetworkGame Game);
}
