using OrleansEdge.Core;
using OrleansEdge.Core.Games.Analysis;
using OrleansEdge.Core.Games.Congestion;
using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Tests.Games.Analysis;

public sealed class PriceOfAnarchyTests
{
    [Fact]
    public void The_bounds_are_those_of_the_literature()
    {
        double[] nonatomic = [1.333333, 1.625752, 1.895628, 2.150502, 2.394383, 2.629721];
        double[] atomic = [2.5, 9.583333, 41.535714, 267.643204, 1513.569510];
        double[] weighted = [2.618034, 9.909268, 47.818634, 276.992793, 1858.282366];
        Assert.All(nonatomic.Index(), entry =>
            Assert.Equal(entry.Item, PriceOfAnarchyBounds.NonatomicPolynomial(entry.Index + 1), 6));
        Assert.All(atomic.Index(), entry => Assert.Equal(entry.Item, PriceOfAnarchyBounds.AtomicPolynomial(entry.Index + 1), 6));
        Assert.All(weighted.Index(), entry =>
            Assert.Equal(entry.Item, PriceOfAnarchyBounds.WeightedPolynomial(entry.Index + 1), 6));
        Assert.Equal(1.577350, PriceOfAnarchyBounds.AtomicAffinePriceOfStability, 6);
        Assert.Equal(2.5, PriceOfAnarchyBounds.Smooth(5.0 / 3, 1.0 / 3), 12);
    }

    /// <summary>Awerbuch, Azar and Epstein 2005; Christodoulou and Koutsoupias 2005.</summary>
    [Fact]
    public void The_bound_of_five_halves_is_tight()
    {
        var (x, zero) = (LoadCost.Affine(1), LoadCost.Affine(0));
        var graph = new DirectedGraph(3, [0, 0, 1, 2, 1, 2], [1, 2, 2, 1, 0, 0]);
        var game = SimplePaths.ToCongestionGame(
            graph, [x, x, x, x, zero, zero], [new(0, 1), new(0, 2), new(1, 2), new(2, 1)]);
        var result = EquilibriumEnumeration.Of(game);
        Assert.Equal(16, result.ProfileCount);
        Assert.Equal(4, result.OptimumCost);
        Assert.Equal(10, result.WorstEquilibriumCost);
        Assert.Equal(2.5, result.PriceOfAnarchy);
        Assert.Equal(1, result.PriceOfStability);
        Assert.All(Enumerable.Range(0, 4), player =>
            Assert.Equal(2, game.Resources(player, result.WorstEquilibrium[player]).Length));
    }

    [Fact]
    public void Affine_games_stay_within_five_halves_and_are_smooth()
    {
        var random = new RandomStream(2, "test");
        for (var trial = 0; trial < 40; trial++)
        {
            var game = Affine(ref random, players: 4, resources: 5);
            var result = EquilibriumEnumeration.Of(game);
            Assert.True(result.EquilibriumCount > 0);
            Assert.InRange(result.PriceOfAnarchy!.Value, 1 - 1e-12, 2.5 + 1e-12);
            Assert.InRange(result.PriceOfStability!.Value, 1 - 1e-12, PriceOfAnarchyBounds.AtomicAffinePriceOfStability);
            Assert.True(result.PriceOfStability <= result.PriceOfAnarchy);
            var deviations = 0.0;
            var cost = 0.0;
            for (var player = 0; player < 4; player++)
            {
                deviations += game.DeviationCost(player, result.Optimum[player]);
                cost += game.Cost(player);
            }
            Assert.True(deviations <= (5.0 / 3 * result.OptimumCost) + (cost / 3) + 1e-9);
        }
    }

    [Fact]
    public void A_game_without_equilibrium_has_no_price()
    {
        var result = EquilibriumEnumeration.Of(new NormalFormGame([2, 2], [[0, 1, 1, 0], [1, 0, 0, 1]]));
        Assert.Equal(0, result.EquilibriumCount);
        Assert.Null(result.PriceOfAnarchy);
        Assert.Equal(1, result.OptimumCost);
    }

    [Fact]
    public void Estimates_enclose_what_enumeration_finds()
    {
        var random = new RandomStream(3, "test");
        for (var trial = 0; trial < 20; trial++)
        {
            var game = Affine(ref random, players: 6, resources: 5);
            var exact = EquilibriumEnumeration.Of(game);
            var estimate = PriceOfAnarchyEstimate.Of(game, new PriceOfAnarchyOptions { Seed = (ulong)trial });
            Assert.True(estimate.AreEquilibriaCertified);
            Assert.True(estimate.OptimumLowerBound <= exact.OptimumCost + 1e-9);
            Assert.True(estimate.OptimumUpperBound >= exact.OptimumCost - 1e-9);
            Assert.True(estimate.PriceOfAnarchyAtLeast <= exact.PriceOfAnarchy + 1e-9);
            Assert.True(estimate.PriceOfStabilityAtMost >= exact.PriceOfStability - 1e-9);
        }
    }

    [Fact]
    public void A_large_game_is_estimated_between_bounds_that_are_close()
    {
        var random = new RandomStream(4, "test");
        var game = Affine(ref random, players: 300, resources: 20);
        var estimate = PriceOfAnarchyEstimate.Of(game, new PriceOfAnarchyOptions { Starts = 5 });
        Assert.True(estimate.AreEquilibriaCertified);
        Assert.InRange(estimate.OptimumUpperBound / estimate.OptimumLowerBound!.Value, 1, 1.05);
        Assert.InRange(estimate.PriceOfStabilityAtMost!.Value, 1, 1.577);
    }

    [Fact]
    public void The_relaxation_refuses_costs_that_are_not_convex()
    {
        var game = CongestionGame.Symmetric([LoadCost.Table(4, 1, 1), LoadCost.Affine(1)], 3, [[0], [1]]);
        Assert.Null(OptimumRelaxation.LowerBound(game, 10));
    }

    [Fact]
    public void Marginal_costs_have_the_social_cost_as_potential()
    {
        var game = GameGenerator.Congestion(6, players: 10, resources: 6);
        var social = game.WithCosts([.. game.Costs.Select(MarginalCostGames.Marginal)]);
        Assert.Equal(Enumerable.Range(0, 10).Sum(game.Cost), social.Potential, 9);
    }

    private static CongestionGame Affine(ref RandomStream random, int players, int resources)
    {
        var costs = new LoadCost[resources];
        for (var r = 0; r < resources; r++)
        {
            costs[r] = LoadCost.Affine(random.NextDouble(), random.NextDouble());
        }
        var strategies = new int[players][][];
        for (var player = 0; player < players; player++)
        {
            strategies[player] = new int[3][];
            for (var s = 0; s < 3; s++)
            {
                var all = Enumerable.Range(0, resources).ToArray();
                random.Shuffle<int>(all);
                strategies[player][s] = all[..(1 + random.NextInt(3))];
            }
        }
        return new CongestionGame(costs, strategies);
    }
}
