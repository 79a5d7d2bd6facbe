using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Tests.Games.Congestion;

public sealed class CongestionGameTests
{
    public static TheoryData<MoveSchedule, ResponseRule> Dynamics()
    {
        var data = new TheoryData<MoveSchedule, ResponseRule>();
        foreach (var schedule in Enum.GetValues<MoveSchedule>())
        {
            data.Add(schedule, ResponseRule.Best);
            data.Add(schedule, ResponseRule.Better);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Dynamics))]
    public void Every_schedule_reaches_a_certified_equilibrium_and_the_potential_falls_with_every_step(
        MoveSchedule schedule, ResponseRule response)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var game = GameGenerator.Congestion(seed, players: 12, resources: 8);
            var result = ResponseDynamics.Run(game, new DynamicsOptions
            {
                Schedule = schedule,
                Response = response,
                Seed = seed,
                TraceEvery = 1,
            });
            Assert.Equal(StopReason.Equilibrium, result.Certificate.StopReason);
            Assert.True(result.Certificate.IsEquilibrium);
            Assert.Equal(0, result.Certificate.PositiveRegretCount);
            Assert.Equal(result.Certificate.Steps + 1, result.Trace.Length);
            Assert.All(result.Trace.Zip(result.Trace.Skip(1)), pair => Assert.True(pair.Second < pair.First));
            Assert.NotEqual(false, result.IsWithinBound);
        }
    }

    [Fact]
    public void A_move_changes_the_potential_by_as_much_as_the_movers_cost()
    {
        var random = new RandomStream(3, "test");
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var game = GameGenerator.Congestion(seed, players: 6, resources: 5);
            for (var step = 0; step < 20; step++)
            {
                var player = random.NextInt(game.PlayerCount);
                var strategy = random.NextInt(game.StrategyCount(player));
                var (cost, potential) = (game.Cost(player), game.Potential);
                var deviation = game.DeviationCost(player, strategy);
                game.Move(player, strategy);
                Assert.Equal(deviation, game.Cost(player), 9);
                Assert.Equal(deviation - cost, game.Potential - potential, 9);
            }
        }
    }

    [Fact]
    public void The_certificate_of_a_profile_that_is_no_equilibrium_is_positive()
    {
        var game = CongestionGame.Symmetric([LoadCost.Affine(1), LoadCost.Affine(1)], 4, [[0], [1]]);
        var certificate = Certificates.Issue(game, 0, StopReason.StepLimit);
        Assert.Equal(3, certificate.MaxRegret);
        Assert.Equal(3, certificate.MeanRegret);
        Assert.Equal(4, certificate.PositiveRegretCount);
        Assert.False(certificate.IsEquilibrium);
    }

    [Fact]
    public void Epsilon_better_response_stops_at_an_epsilon_equilibrium_within_the_bound()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var game = GameGenerator.Congestion(seed, players: 30, resources: 10);
            var result = ResponseDynamics.Run(
                game, new DynamicsOptions { Response = ResponseRule.Better, Epsilon = 0.5 });
            Assert.True(result.Certificate.IsEquilibrium);
            Assert.InRange(result.Certificate.MaxRegret, 0, 0.5);
            Assert.True(result.IsWithinBound);
        }
    }

    [Fact]
    public void The_step_limit_is_reported_and_never_passes_for_an_equilibrium()
    {
        var game = CongestionGame.Symmetric([LoadCost.Affine(1), LoadCost.Affine(1)], 10, [[0], [1]]);
        var result = ResponseDynamics.Run(game, new DynamicsOptions { MaxSteps = 2 });
        Assert.Equal(StopReason.StepLimit, result.Certificate.StopReason);
        Assert.Equal(2, result.Certificate.Steps);
        Assert.False(result.Certificate.IsEquilibrium);
    }

    [Fact]
    public void The_same_seed_gives_the_same_equilibrium()
    {
        var options = new DynamicsOptions { Schedule = MoveSchedule.OneWinnerPerSlot, Seed = 7 };
        var first = ResponseDynamics.Run(GameGenerator.Congestion(1, 40, 10), options);
        var second = ResponseDynamics.Run(GameGenerator.Congestion(1, 40, 10), options);
        Assert.Equal(first.Certificate, second.Certificate);
        Assert.Equal(ProfileHash.Of(first.Profile), first.Certificate.ProfileHash);
    }

    [Fact]
    public void Wrong_sets_and_costs_are_named()
    {
        LoadCost[] costs = [LoadCost.Affine(1), LoadCost.From(load => load > 1 ? double.NaN : 1)];
        AssertWrong("resource 1: cost NaN at load 2", () => CongestionGame.Symmetric(costs, 3, [[0], [1]]));
        AssertWrong("player 0, strategy 1: resource 2", () => CongestionGame.Symmetric(costs, 3, [[0], [2]]));
        AssertWrong("player 0, strategy 0: resource 0 twice", () => CongestionGame.Symmetric(costs, 3, [[0, 0]]));
        AssertWrong("player 0, strategy 0: no resource", () => CongestionGame.Symmetric(costs, 3, [[]]));
    }

    private static void AssertWrong(string expected, Action action)
    {
        var exception = Assert.Throws<OrleansEdgeException>(action);
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
