using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Tests.Games;

/// <summary>What holds in every game that has a potential, and of every certificate.</summary>
public sealed class GamePropertyTests
{
    [Fact]
    public void The_potential_falls_with_every_accepted_move_of_every_game_that_has_one() =>
        AnySeed.Satisfies(200, seed =>
    {
        var game = AnyPotentialGame(seed);
        var random = new RandomStream(seed, "test.moves");
        for (var step = 0; step < 60; step++)
        {
            var player = random.NextInt(game.PlayerCount);
            var strategy = random.NextInt(game.StrategyCount(player));
            var (cost, potential) = (game.Cost(player), game.Potential);
            if (game.DeviationCost(player, strategy) < cost - 1e-9)
            {
                game.Move(player, strategy);
                Assert.True(game.Potential < potential);
            }
        }
    });

    [Fact]
    public void A_certificate_is_zero_exactly_where_no_player_can_improve() => AnySeed.Satisfies(200, seed =>
    {
        var game = AnyPotentialGame(seed);
        var canImprove = Enumerable.Range(0, game.PlayerCount).Any(player =>
            Enumerable.Range(0, game.StrategyCount(player)).Any(strategy =>
                game.DeviationCost(player, strategy) < game.Cost(player) - 1e-9));
        var before = Certificates.Issue(game, 0, StopReason.StepLimit);
        Assert.Equal(canImprove, !before.IsEquilibrium);
        Assert.Equal(canImprove, before.PositiveRegretCount > 0);
        var after = ResponseDynamics.Run(
            game, new DynamicsOptions { Schedule = MoveSchedule.OneWinnerPerSlot, Seed = seed });
        Assert.True(after.Certificate.IsEquilibrium);
        Assert.Equal(0, after.Certificate.PositiveRegretCount);
        Assert.Equal(after.Requests + after.Certificate.Steps, after.Certificate.Messages);
        Assert.Equal(after.Certificate.Steps + 1, after.Certificate.Slots);
    });

    [Fact]
    public void Simultaneous_moves_of_an_independent_set_lower_the_potential_by_the_sum_of_their_gains() =>
        AnySeed.Satisfies(100, seed =>
        {
            var game = GameGenerator.Congestion(seed, players: 20, resources: 15);
            var result = ResponseDynamics.Run(game, new DynamicsOptions
            {
                Schedule = MoveSchedule.IndependentSets,
                Seed = seed,
                TraceEvery = 1,
            });
            Assert.True(result.Certificate.IsEquilibrium);
            Assert.True(result.Certificate.Slots <= result.Certificate.Steps + 1);
            Assert.All(result.Trace.Zip(result.Trace.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        });

    private static IPotentialGame AnyPotentialGame(ulong seed) => (seed % 5) switch
    {
        0 => GameGenerator.Congestion(seed / 5, players: 8, resources: 6),
        1 => GameGenerator.Singleton(seed, players: 20, resources: 6, allowedCount: 3, arbitrary: true),
        2 => GameGenerator.Weighted(seed, players: 8, resources: 6),
        3 => new TwoStrategyGame(GameGenerator.PlayerSpecificTable(seed, 12, 2)),
        _ => GameGenerator.Singleton(seed, players: 20, resources: 6, allowedCount: 3),
    };
}
