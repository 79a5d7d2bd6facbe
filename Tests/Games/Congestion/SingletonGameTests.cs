using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Tests.Games.Congestion;

public sealed class SingletonGameTests
{
    [Fact]
    public void A_stop_before_the_level_is_found_leaves_an_even_split_that_says_so()
    {
        var costs = Enumerable.Range(1, 3).Select(k => LoadCost.Polynomial(0, 1.0 / 3, k)).ToArray();
        var result = SymmetricSingletonSolver.Solve(costs, 1_000_000, new CancellationToken(canceled: true));
        Assert.Equal([333_334, 333_333, 333_333], result.Loads);
        Assert.Equal(
            (StopReason.Stopped, false), (result.Certificate.StopReason, result.Certificate.IsEquilibrium));
    }

    [Fact]
    public void The_solver_makes_the_moves_of_round_robin_best_response()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var arbitrary = seed % 2 == 0;
            var game = GameGenerator.Singleton(seed, players: 60, resources: 10, allowedCount: 4, arbitrary);
            var fast = SingletonSolver.Solve(game);
            var slow = ResponseDynamics.Run(
                GameGenerator.Singleton(seed, 60, 10, 4, arbitrary), new DynamicsOptions());
            Assert.True(fast.IsEquilibrium);
            Assert.Equal(0, fast.MaxRegret);
            Assert.Equal(slow.Certificate.Steps, fast.Steps);
            Assert.Equal(slow.Profile, Enumerable.Range(0, 60).Select(game.Strategy));
            Assert.Equal(slow.Certificate.PotentialEnd, fast.PotentialEnd);
            Assert.True(fast.PotentialEnd < fast.PotentialStart);
            Assert.True(slow.IsWithinBound);
        }
    }

    [Fact]
    public void It_agrees_with_the_general_congestion_game()
    {
        var game = GameGenerator.Singleton(5, players: 30, resources: 6, allowedCount: 3);
        var strategies = Enumerable.Range(0, 30)
            .Select(i => game.Allowed(i).ToArray().Select(r => new[] { r }).ToArray()).ToArray();
        IPotentialGame general = new CongestionGame([.. game.Costs], strategies);
        for (var player = 0; player < 30; player++)
        {
            Assert.Equal(general.Cost(player), game.Cost(player));
            Assert.Equal(general.BestResponse(player), game.BestResponse(player));
            game.Move(player, 1);
            general.Move(player, 1);
            Assert.Equal(general.Potential, game.Potential, 9);
        }
    }

    [Fact]
    public void Water_filling_finds_an_exact_equilibrium_that_minimises_the_potential()
    {
        for (var seed = 1UL; seed <= 30; seed++)
        {
            var random = new RandomStream(seed, "test");
            var players = 1 + random.NextInt(300);
            var costs = Enumerable.Range(0, 1 + random.NextInt(20)).Select(r => (r % 4) switch
            {
                0 => LoadCost.Affine(0, 40),
                1 => LoadCost.Affine(1 + random.NextInt(3), random.NextInt(5) - 9),
                2 => LoadCost.Polynomial(1, 0, 0.25),
                _ => LoadCost.From(load => Math.Floor(load / 3.0)),
            }).ToArray();
            var result = SymmetricSingletonSolver.Solve(costs, players);
            Assert.Equal(players, result.Loads.Sum());
            Assert.Equal(0, result.Certificate.MaxRegret);
            Assert.True(result.Certificate.IsEquilibrium);

            var game = SingletonGame.Symmetric(costs, players, result.Assign());
            Assert.Equal(0, Certificates.Issue(game, 0, StopReason.Equilibrium).MaxRegret);
            var values = costs.SelectMany(c => Enumerable.Range(1, players).Select(c.At)).Order().Take(players).Sum();
            Assert.Equal(values, result.Certificate.PotentialEnd!.Value, 6);
        }
    }

    [Fact]
    public void One_resource_takes_everyone()
    {
        var result = SymmetricSingletonSolver.Solve([LoadCost.Affine(2)], 5);
        Assert.Equal([5], result.Loads);
        Assert.True(result.Certificate.IsEquilibrium);
    }

    [Fact]
    public void Wrong_games_are_named()
    {
        var empty = Assert.Throws<OrleansEdgeException>(() => SymmetricSingletonSolver.Solve([], 5));
        Assert.Contains("5 players on 0 resources", empty.Message, StringComparison.Ordinal);
        var unknown = Assert.Throws<OrleansEdgeException>(
            () => new SingletonGame([LoadCost.Affine(1)], [0, 1, 2], [0, 1]));
        Assert.Contains("player 1: resource 1; expected 0 to 0", unknown.Message, StringComparison.Ordinal);
        var notANumber = Assert.Throws<OrleansEdgeException>(
            () => SymmetricSingletonSolver.Solve([LoadCost.Affine(double.NaN)], 5));
        Assert.Equal(ExitCode.Data, notANumber.ExitCode);
    }

    [Fact]
    public void A_hundred_thousand_restricted_players_are_certified()
    {
        var game = GameGenerator.Singleton(1, players: 100_000, resources: 100, allowedCount: 8);
        var certificate = SingletonSolver.Solve(game);
        Assert.True(certificate.IsEquilibrium);
        Assert.Equal(100_000, game.Loads.ToArray().Sum());
        Assert.Equal(certificate.ProfileHash, ProfileHash.Of(game.Assignment));
    }
}
