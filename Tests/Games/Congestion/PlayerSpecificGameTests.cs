using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Tests.Games.Congestion;

public sealed class PlayerSpecificGameTests
{
    [Fact]
    public void Insertion_finds_an_equilibrium_of_every_game_within_milchtaichs_bound()
    {
        for (var seed = 1UL; seed <= 60; seed++)
        {
            var resources = 2 + (int)(seed % 5);
            var game = new PlayerSpecificGame(GameGenerator.PlayerSpecificTable(seed, 14, resources));
            var certificate = MilchtaichInsertion.Solve(game);
            Assert.True(certificate.IsEquilibrium);
            Assert.Equal(0, certificate.MaxRegret);
            Assert.True(certificate.Steps <= MilchtaichInsertion.Bound(game).Steps);
        }
    }

    [Fact]
    public void Sweeps_over_affine_costs_end_in_an_equilibrium_that_the_general_game_confirms()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var costs = GameGenerator.PlayerSpecific(seed, 500, 3 + (int)(seed % 17));
            var start = seed % 2 == 0 ? new int[500] : null;
            var result = PlayerSpecificSolver.Solve(costs, start);
            Assert.Equal(StopReason.Equilibrium, result.Certificate.StopReason);
            var game = new PlayerSpecificGame(costs, result.Assignment);
            var certificate = Certificates.Issue(game, 0, StopReason.Equilibrium);
            Assert.Equal(0, certificate.MaxRegret);
            Assert.Equal(result.Certificate.ProfileHash, certificate.ProfileHash);
            Assert.Equal(game.Loads.ToArray(), result.Loads);
        }
    }

    [Fact]
    public void A_start_that_is_no_equilibrium_is_not_certified_when_sweeps_run_out()
    {
        var result = PlayerSpecificSolver.Solve(GameGenerator.PlayerSpecific(1, 500, 8), new int[500], maxSweeps: 1);
        Assert.Equal(StopReason.StepLimit, result.Certificate.StopReason);
        Assert.True(result.Certificate.MaxRegret > 0);
        Assert.False(result.Certificate.IsEquilibrium);
    }

    [Fact]
    public void Costs_that_fall_with_the_load_are_refused()
    {
        var costs = PlayerSpecificCosts.From(
            3, 2, (player, resource, load) => player == 1 && resource == 1 ? -load : load);
        var exception = Assert.Throws<OrleansEdgeException>(() => new PlayerSpecificGame(costs));
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.Contains("player 1, resource 1: cost -2 at load 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_two_strategies_every_improvement_path_ends_within_the_bound_and_its_potential_falls()
    {
        for (var seed = 1UL; seed <= 60; seed++)
        {
            var game = new TwoStrategyGame(GameGenerator.PlayerSpecificTable(seed, 20, 2));
            var result = ResponseDynamics.Run(game, new DynamicsOptions
            {
                Schedule = seed % 2 == 0 ? MoveSchedule.Random : MoveSchedule.LargestGain,
                Seed = seed,
                TraceEvery = 1,
            });
            Assert.True(result.Certificate.IsEquilibrium);
            Assert.True(result.IsWithinBound);
            Assert.All(result.Trace.Zip(result.Trace.Skip(1)), pair => Assert.True(pair.Second <= pair.First - 0.5));
        }
    }

    [Fact]
    public void Two_strategies_are_solved_without_dynamics()
    {
        for (var seed = 1UL; seed <= 60; seed++)
        {
            var game = new TwoStrategyGame(GameGenerator.PlayerSpecificTable(seed, 20, 2));
            var certificate = game.Solve();
            Assert.True(certificate.IsEquilibrium);
            Assert.Equal(0, certificate.MaxRegret);
            Assert.Equal(0, game.StepBound(0)!.Steps);
        }
    }
}
