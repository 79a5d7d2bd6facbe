using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;
using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Tests.Games.Network;

public sealed class NetworkGameTests
{
    [Theory]
    [InlineData(ResponseRule.Best)]
    [InlineData(ResponseRule.Better)]
    public void Paths_by_dijkstra_reach_an_equilibrium_of_the_game_with_all_paths_listed(ResponseRule rule)
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var (graph, costs) = Grid(seed, 3, 3, 8);
            Traveller[] travellers = [.. Enumerable.Range(0, 8).Select(i => new Traveller(i % 3, 8 - (i % 2)))];
            var game = new NetworkGame(graph, costs, travellers);
            var result = ResponseDynamics.Run(game, new DynamicsOptions { Response = rule, TraceEvery = 1 });
            Assert.True(result.Certificate.IsEquilibrium);
            Assert.NotEqual(false, result.IsWithinBound);
            Assert.All(result.Trace.Zip(result.Trace.Skip(1)), pair => Assert.True(pair.Second < pair.First));

            var listed = SimplePaths.ToCongestionGame(graph, costs, travellers);
            for (var player = 0; player < 8; player++)
            {
                var path = game.Resources(player, game.Strategy(player)).ToArray().Order().ToArray();
                var strategy = Enumerable.Range(0, listed.StrategyCount(player))
                    .Single(s => listed.Resources(player, s).SequenceEqual(path));
                listed.Move(player, strategy);
            }
            Assert.True(Certificates.Issue(listed, 1e-9, StopReason.Equilibrium).IsEquilibrium);
            Assert.Equal(listed.Potential, game.Potential, 9);
        }
    }

    [Fact]
    public void A_symmetric_game_is_solved_by_minimum_cost_flow()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var (graph, costs) = Grid(seed, 3, 3, 6);
            var loads = SymmetricNetworkSolver.Solve(graph, costs, 0, 8, 6);
            var paths = SymmetricNetworkSolver.Decompose(graph, loads, 0, 8, 6);
            var listed = SimplePaths.ToCongestionGame(graph, costs, [.. Enumerable.Repeat(new Traveller(0, 8), 6)]);
            for (var player = 0; player < 6; player++)
            {
                var path = paths[player].Order().ToArray();
                listed.Move(player, Enumerable.Range(0, listed.StrategyCount(player))
                    .Single(s => listed.Resources(player, s).SequenceEqual(path)));
            }
            Assert.Equal(loads, listed.Loads.ToArray());
            Assert.True(Certificates.Issue(listed, 1e-9, StopReason.Equilibrium).IsEquilibrium);
            var least = listed.Potential;
            for (var start = 0; start < 20; start++)
            {
                var random = new RandomStream((ulong)start, "test");
                for (var player = 0; player < 6; player++)
                {
                    listed.Move(player, random.NextInt(listed.StrategyCount(player)));
                }
                ResponseDynamics.Run(listed, new DynamicsOptions());
                Assert.True(least <= listed.Potential + 1e-9);
            }
        }
    }

    [Fact]
    public void Braess_in_the_small()
    {
        // Costs x, 4 + x/4 and a free shortcut; 4 players take the shortcut and pay more than the 6.5 without it.
        var graph = new DirectedGraph(4, [0, 0, 2, 2, 3], [2, 3, 1, 3, 1]);
        LoadCost[] costs =
        [
            LoadCost.Affine(1), LoadCost.Affine(0, 4.5), LoadCost.Affine(0, 4.5), LoadCost.Affine(0), LoadCost.Affine(1),
        ];
        var loads = SymmetricNetworkSolver.Solve(graph, costs, 0, 1, 4);
        Assert.Equal([4, 0, 0, 4, 4], loads);
    }

    [Fact]
    public void Unconnected_players_and_unknown_nodes_are_named()
    {
        var graph = new DirectedGraph(3, [0], [1]);
        AssertWrong(
            "player 0: no path from node 0 to 2", () => new NetworkGame(graph, [LoadCost.Affine(1)], [new(0, 2)]));
        AssertWrong("player 0: from node 0 to 3", () => new NetworkGame(graph, [LoadCost.Affine(1)], [new(0, 3)]));
        AssertWrong("link 0: from node 0 to 3", () => new DirectedGraph(3, [0], [3]));
        AssertWrong("no path from node 0 to 2", () => SimplePaths.Between(graph, 0, 2));
        AssertWrong("link 0: its cost falls", () =>
            SymmetricNetworkSolver.Solve(graph, [LoadCost.Table(2, 1)], 0, 1, 2));
    }

    private static (DirectedGraph Graph, LoadCost[] Costs) Grid(ulong seed, int columns, int rows, int players)
    {
        var random = new RandomStream(seed, "test.network");
        var (from, to) = (new List<int>(), new List<int>());
        for (var node = 0; node < columns * rows; node++)
        {
            foreach (var next in new[] { (node % columns) + 1 < columns ? node + 1 : -1, node + columns })
            {
                if (next >= 0 && next < columns * rows)
                {
                    from.AddRange([node, next]);
                    to.AddRange([next, node]);
                }
            }
        }
        var costs = new LoadCost[from.Count];
        for (var link = 0; link < costs.Length; link++)
        {
            costs[link] = seed % 2 == 0
                ? LoadCost.Affine(1 + random.NextInt(3), random.NextInt(5))
                : LoadCost.Polynomial(random.NextDouble(), random.NextDouble(), random.NextDouble() / players);
        }
        return (new DirectedGraph(columns * rows, [.. from], [.. to]), costs);
    }

    private static void AssertWrong(string expected, Func<object> action)
    {
        var exception = Assert.Throws<OrleansEdgeException>(action);
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
