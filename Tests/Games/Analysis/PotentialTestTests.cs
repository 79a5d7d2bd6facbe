using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Analysis;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Tests.Games.Analysis;

public sealed class PotentialTestTests
{
    /// <summary>Players 0 and 1 want the same and different sides of a coin.</summary>
    private static readonly NormalFormGame MatchingPennies = new([2, 2], [[0, 1, 1, 0], [1, 0, 0, 1]]);

    [Fact]
    public void Every_congestion_game_has_an_exact_potential_and_it_is_rosenthals()
    {
        for (var seed = 1UL; seed <= 15; seed++)
        {
            var game = GameGenerator.Congestion(seed, players: 4, resources: 5);
            var verdict = PotentialTest.Decide(NormalFormGame.From(game), PotentialKind.Exact);
            Assert.True(verdict.Holds);
            for (var player = 0; player < 4; player++)
            {
                game.Move(player, 0);
            }
            var origin = game.Potential;
            var profile = 0;
            for (var player = 0; player < 4; player++)
            {
                game.Move(player, game.StrategyCount(player) - 1);
            }
            profile = verdict.Potential!.Length - 1;
            Assert.Equal(game.Potential - origin, verdict.Potential[profile] - verdict.Potential[0], 8);
        }
    }

    [Fact]
    public void Matching_pennies_has_no_potential_and_its_cycle_is_returned()
    {
        foreach (var kind in Enum.GetValues<PotentialKind>())
        {
            var verdict = PotentialTest.Decide(MatchingPennies, kind);
            Assert.False(verdict.Holds);
            Assert.NotNull(verdict.Reason);
            AssertCycleOfSingleMoves(MatchingPennies, verdict.Cycle!);
        }
        Assert.False(PotentialTest.Classify(MatchingPennies).Holds);
    }

    [Fact]
    public void Weights_are_found_and_returned_with_the_potential()
    {
        for (var seed = 1UL; seed <= 15; seed++)
        {
            var random = new RandomStream(seed, "test.weights");
            var scales = Enumerable.Range(0, 3).Select(_ => 0.5 + (3 * random.NextDouble())).ToArray();
            var tables = NormalFormGame.From(GameGenerator.Congestion(seed, players: 3, resources: 5));
            var scaled = new NormalFormGame(
                [.. Enumerable.Range(0, 3).Select(tables.StrategyCount)],
                [.. Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, tables.ProfileCount)
                    .Select(profile => scales[i] * tables.CostIn(profile, i)).ToArray())]);
            var verdict = PotentialTest.Decide(scaled, PotentialKind.Weighted);
            Assert.True(verdict.Holds);
            AssertPotential(scaled, verdict, (player, costChange, potentialChange) =>
                Assert.Equal(costChange, verdict.Weights![player] * potentialChange, 8));
            AssertClassifiedNoStrongerThanWeighted(scaled);
        }
    }

    [Fact]
    public void An_ordinal_game_that_is_not_weighted_is_told_apart()
    {
        // Squaring costs keeps their order and no more.
        var tables = NormalFormGame.From(CongestionGame.Symmetric(
            [LoadCost.Affine(1, 1), LoadCost.Affine(2), LoadCost.Table(1, 5, 6)], 3, [[0], [1], [2]]));
        var squared = new NormalFormGame([3, 3, 3], [.. Enumerable.Range(0, 3).Select(i =>
            Enumerable.Range(0, tables.ProfileCount).Select(p => Math.Pow(tables.CostIn(p, i), 2)).ToArray())]);
        Assert.Equal(PotentialKind.Exact, PotentialTest.Classify(tables).Kind);
        var distorted = new NormalFormGame([3, 3, 3], [.. Enumerable.Range(0, 3).Select(i =>
            Enumerable.Range(0, tables.ProfileCount).Select(p => Math.Pow(tables.CostIn(p, i), i + 1)).ToArray())]);
        Assert.False(PotentialTest.Decide(distorted, PotentialKind.Weighted).Holds);
        var verdict = PotentialTest.Classify(distorted);
        Assert.Equal(PotentialKind.Ordinal, verdict.Kind);
        AssertPotential(distorted, verdict, (_, costChange, potentialChange) =>
            Assert.Equal(Math.Sign(costChange), Math.Sign(potentialChange)));
        Assert.True(PotentialTest.Decide(squared, PotentialKind.Ordinal).Holds);
    }

    [Fact]
    public void A_game_with_ties_around_a_cycle_is_generalised_ordinal_only()
    {
        // Around the square one move improves and three are ties.
        var game = new NormalFormGame([2, 2], [[1, 0, 0, 0], [0, 0, 0, 0]]);
        var verdict = PotentialTest.Classify(game);
        Assert.Equal(PotentialKind.GeneralizedOrdinal, verdict.Kind);
        Assert.True(verdict.Holds);
        AssertPotential(
            game, verdict, (_, costChange, potentialChange) => Assert.True(costChange >= 0 || potentialChange < 0));
        var ordinal = PotentialTest.Decide(game, PotentialKind.Ordinal);
        AssertCycleOfSingleMoves(game, ordinal.Cycle!);
    }

    [Fact]
    public void The_two_strategy_game_is_generalised_ordinal_and_best_replies_of_player_specific_games_can_cycle()
    {
        var cycles = 0;
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var two = NormalFormGame.From(new TwoStrategyGame(GameGenerator.PlayerSpecificTable(seed, 4, 2)));
            Assert.True(PotentialTest.Decide(two, PotentialKind.GeneralizedOrdinal).Holds);
            var three = NormalFormGame.From(new PlayerSpecificGame(GameGenerator.PlayerSpecificTable(seed, 3, 3)));
            var verdict = PotentialTest.Decide(three, PotentialKind.GeneralizedOrdinal);
            if (!verdict.Holds)
            {
                cycles++;
                AssertCycleOfSingleMoves(three, verdict.Cycle!);
            }
        }
        Assert.True(cycles > 0);
    }

    [Fact]
    public void Tables_keep_the_game_they_were_made_of_as_it_was()
    {
        var game = GameGenerator.Congestion(4, players: 4, resources: 5);
        game.Move(2, 1);
        var hash = ProfileHash.Of(game);
        var tables = NormalFormGame.From(game);
        Assert.Equal(hash, ProfileHash.Of(game));
        tables.Move(2, 1);
        for (var player = 0; player < 4; player++)
        {
            Assert.Equal(game.Cost(player), tables.Cost(player));
            Assert.Equal(game.DeviationCost(player, 1), tables.DeviationCost(player, 1));
        }
        var exception = Assert.Throws<OrleansEdgeException>(() => NormalFormGame.From(game, maxProfiles: 3));
        Assert.Equal(ExitCode.Data, exception.ExitCode);
    }

    private static void AssertClassifiedNoStrongerThanWeighted(NormalFormGame game) =>
        Assert.True(PotentialTest.Classify(game).Kind is PotentialKind.Weighted or PotentialKind.Exact);

    private static void AssertPotential(
        NormalFormGame game, PotentialVerdict verdict, Action<int, double, double> check)
    {
        for (var profile = 0; profile < game.ProfileCount; profile++)
        {
            for (var player = 0; player < game.PlayerCount; player++)
            {
                for (var strategy = 0; strategy < game.StrategyCount(player); strategy++)
                {
                    var next = game.Deviate(profile, player, strategy);
                    check(player, game.CostIn(next, player) - game.CostIn(profile, player),
                        verdict.Potential![next] - verdict.Potential[profile]);
                }
            }
        }
    }

    private static void AssertCycleOfSingleMoves(NormalFormGame game, int[] cycle)
    {
        for (var i = 0; i < cycle.Length; i++)
        {
            var (from, to) = (cycle[i], cycle[(i + 1) % cycle.Length]);
            Assert.Equal(1, Enumerable.Range(0, game.PlayerCount).Count(p => game.StrategyIn(from, p) != game.StrategyIn(to, p)));
        }
    }
}
