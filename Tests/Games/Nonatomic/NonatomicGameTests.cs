using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Analysis;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Tests.Games.Nonatomic;

public sealed class NonatomicGameTests
{
    private static readonly AssignmentOptions Options = new() { RelativeGap = 1e-10, MaxIterations = 20_000 };

    [Theory]
    [InlineData(0, 2, 0)] // no coefficient
    [InlineData(0, 0.5, 0)]
    [InlineData(3, 0, 0)] // a constant
    [InlineData(3, 0.5, double.PositiveInfinity)]
    [InlineData(3, 1, 1.5)] // per unit of a capacity of 2
    [InlineData(3, 2, 0)]
    public void The_slope_of_an_empty_link_is_that_of_its_power(double coefficient, double power, double slope) =>
        Assert.Equal(slope, new LinkCosts([1], [coefficient], [2], [power]).Derivative(0, 0));

    [Fact]
    public void Affine_games_reach_equilibria_within_four_thirds_of_the_optimum()
    {
        for (var seed = 1UL; seed <= 15; seed++)
        {
            var game = Random(seed, power: 1);
            var equilibrium = NonatomicSolver.Solve(game, Options);
            var optimum = NonatomicSolver.Solve(game, Options with { Objective = AssignmentObjective.SystemOptimum });
            Assert.Equal(StopReason.GapReached, equilibrium.StopReason);
            Assert.Equal(StopReason.GapReached, optimum.StopReason);
            Assert.InRange(
                equilibrium.SocialCost / optimum.SocialCost, 1 - 1e-9, PriceOfAnarchyBounds.NonatomicPolynomial(1));
        }
    }

    [Fact]
    public void The_variational_inequality_holds_for_random_distributions()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var game = Random(seed, power: 1.5);
            var result = NonatomicSolver.Solve(game, Options);
            var use = game.Use(result.Distribution);
            var random = new RandomStream(seed, "test.other");
            Assert.InRange(result.VariationalInequality, 0, 1e-9 * game.SocialCost(result.Distribution));
            for (var trial = 0; trial < 20; trial++)
            {
                var other = game.Use(Split(game, ref random));
                var sum = use.Select((x, r) => game.Costs.At(r, x) * (x - other[r])).Sum();
                Assert.True(sum <= result.VariationalInequality + 1e-9);
            }
        }
    }

    [Fact]
    public void Rates_of_consumption_count()
    {
        // One unit of the first strategy uses two units of resource 0: 2 (2 x) = 1 - x has x = 1/5.
        var costs = new LinkCosts([0, 0], [1, 1], [1, 1], [1, 1]);
        var game = new NonatomicGame(costs, [new Population(1, [new([0], [2]), new([1], [1])])]);
        var result = NonatomicSolver.Solve(game, Options);
        Assert.Equal(0.2, result.Distribution[0][0], 9);
        Assert.Equal(0.8, result.Distribution[0][1], 9);
    }

    [Fact]
    public void Wrong_populations_are_named()
    {
        var costs = new LinkCosts([1], [1], [1], [1]);
        var exception = Assert.Throws<OrleansEdgeException>(
            () => new NonatomicGame(costs, [new Population(double.NaN, [new([0], [1])])]));
        Assert.Contains("population 0: mass NaN", exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<OrleansEdgeException>(
            () => new NonatomicGame(costs, [new Population(1, [new([1], [1])])]));
        Assert.Contains("population 0, strategy 0: unknown resource", exception.Message, StringComparison.Ordinal);
    }

    private static NonatomicGame Random(ulong seed, double power)
    {
        var random = new RandomStream(seed, "test.nonatomic");
        const int resources = 6;
        var costs = new LinkCosts(
            [.. Numbers(ref random)], [.. Numbers(ref random)], [.. Enumerable.Repeat(1.0, resources)],
            [.. Enumerable.Repeat(power, resources)]);
        var populations = new Population[3];
        for (var p = 0; p < populations.Length; p++)
        {
            var strategies = new NonatomicStrategy[4];
            for (var s = 0; s < strategies.Length; s++)
            {
                var all = Enumerable.Range(0, resources).ToArray();
                random.Shuffle<int>(all);
                strategies[s] = new NonatomicStrategy(all[..2], [0.5 + random.NextDouble(), 0.5 + random.NextDouble()]);
            }
            populations[p] = new Population(0.5 + random.NextDouble(), strategies);
        }
        return new NonatomicGame(costs, populations);

        static double[] Numbers(ref RandomStream random)
        {
            var values = new double[resources];
            for (var i = 0; i < resources; i++)
            {
                values[i] = random.NextDouble();
            }
            return values;
        }
    }

    private static double[][] Split(NonatomicGame game, ref RandomStream random)
    {
        var distribution = new double[game.Populations.Count][];
        for (var p = 0; p < distribution.Length; p++)
        {
            var shares = new double[game.Populations[p].Strategies.Length];
            for (var s = 0; s < shares.Length; s++)
            {
                shares[s] = random.NextExponential(1);
            }
            distribution[p] = [.. shares.Select(share => game.Populations[p].Mass * share / shares.Sum())];
        }
        return distribution;
    }
}
