using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Tests.Games.Congestion;

public sealed class WeightedGameTests
{
    [Fact]
    public void The_affine_game_has_an_exact_potential()
    {
        var random = new RandomStream(1, "test");
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var game = GameGenerator.Weighted(seed, players: 8, resources: 5);
            for (var step = 0; step < 20; step++)
            {
                var (player, strategy) = (random.NextInt(8), random.NextInt(3));
                var (cost, potential) = (game.Cost(player), game.Potential);
                var deviation = game.DeviationCost(player, strategy);
                game.Move(player, strategy);
                Assert.Equal(deviation, game.Cost(player), 9);
                Assert.Equal(deviation - cost, game.Potential - potential, 9);
            }
        }
    }

    [Theory]
    [InlineData(MoveSchedule.RoundRobin)]
    [InlineData(MoveSchedule.IndependentSets)]
    [InlineData(MoveSchedule.OneWinnerPerSlot)]
    public void The_affine_game_reaches_an_equilibrium_while_its_potential_falls(MoveSchedule schedule)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var game = GameGenerator.Weighted(seed, players: 20, resources: 8);
            var result = ResponseDynamics.Run(
                game, new DynamicsOptions { Schedule = schedule, TraceEvery = 1, Seed = seed });
            Assert.True(result.Certificate.IsEquilibrium);
            Assert.NotEqual(false, result.IsWithinBound);
            Assert.All(result.Trace.Zip(result.Trace.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        }
    }

    /// <summary>
    /// Each of the four profiles has its own shared resource. The two on the diagonal cost both players 10 more when
    /// shared; the two off it cost the light player 14 more and the heavy one, who burdens them alone already, 2 more.
    /// So the light player seeks the diagonal and the heavy one flees it.
    /// </summary>
    [Fact]
    public void A_weighted_game_without_equilibrium_ends_in_a_reported_cycle()
    {
        Func<double, double> diagonal = load => load <= 2 ? 0 : 10;
        Func<double, double> off = load => load <= 1 ? 0 : load <= 2 ? 12 : 14;
        for (var profile = 0; profile < 4; profile++)
        {
            var game = new WeightedCongestionGame(
                [1, 2],
                [diagonal, off, off, diagonal],
                [[[0, 1], [2, 3]], [[0, 2], [1, 3]]],
                start: [profile & 1, profile >> 1]);
            Assert.True(Certificates.Issue(game, 0, StopReason.StepLimit).MaxRegret > 0);
            var result = ResponseDynamics.Run(game, new DynamicsOptions());
            Assert.Equal(StopReason.Cycle, result.Certificate.StopReason);
            Assert.False(result.Certificate.IsEquilibrium);
        }
    }

    [Fact]
    public void Wrong_weights_are_named()
    {
        var exception = Assert.Throws<OrleansEdgeException>(
            () => new AffineWeightedGame([1, 0], [1], [0], [[[0]], [[0]]]));
        Assert.Contains("player 1: weight 0", exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<OrleansEdgeException>(
            () => new AffineWeightedGame([1, 1], [double.NaN], [0], [[[0]], [[0]]]));
        Assert.Contains("slope 0: NaN", exception.Message, StringComparison.Ordinal);
    }
}
