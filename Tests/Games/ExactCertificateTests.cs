using System.Numerics;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Analysis;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Tests.Games;

/// <summary>Certificates against exact arithmetic on numbers that rounding is bad at.</summary>
public sealed class ExactCertificateTests
{
    private const int Players = 4;
    private const int Resources = 4;

    [Fact]
    public void Whatever_is_certified_of_a_congestion_game_is_an_equilibrium_in_exact_arithmetic() =>
        AnySeed.Satisfies(400, seed => Confirm(seed, Congestion(seed)));

    [Fact]
    public void So_is_what_is_certified_of_a_weighted_game() => AnySeed.Satisfies(300, seed =>
        Confirm(seed, Weighted(seed)));

    [Fact]
    public void So_is_what_is_certified_of_a_weighted_game_with_fixed_costs() => AnySeed.Satisfies(300, seed =>
        Confirm(seed, AffineWeighted(seed)));

    [Fact]
    public void So_is_what_is_certified_of_a_player_specific_game() => AnySeed.Satisfies(300, seed =>
        Confirm(seed, PlayerSpecific(seed, out _)));

    [Fact]
    public void So_is_what_the_fast_solver_of_singleton_games_finds() => AnySeed.Satisfies(400, seed =>
    {
        var (game, reference) = Singleton(seed);
        Confirm(seed, (game, reference));
        var solved = Singleton(seed);
        var certificate = SingletonSolver.Solve(solved.Game);
        Assert.Equal(StopReason.Equilibrium, certificate.StopReason);
        solved.Reference.Confirms(certificate);
    });

    [Fact]
    public void So_is_what_sweeps_over_player_specific_costs_find() => AnySeed.Satisfies(300, seed =>
    {
        var (game, reference) = PlayerSpecific(seed, out var costs);
        var solved = PlayerSpecificSolver.Solve(costs, seed: seed);
        for (var player = 0; player < Players; player++)
        {
            game.Move(player, solved.Assignment[player]);
        }
        Assert.Equal(StopReason.Equilibrium, solved.Certificate.StopReason);
        reference.Confirms(solved.Certificate);
    });

    [Fact]
    public void So_is_what_water_filling_finds() => AnySeed.Satisfies(400, seed =>
    {
        var random = new RandomStream(seed, "test.nasty");
        var (players, coefficients) = (1 + random.NextInt(12), new double[1 + random.NextInt(5)][]);
        for (var resource = 0; resource < coefficients.Length; resource++)
        {
            coefficients[resource] =
                [ExactGame.Nasty(ref random), ExactGame.Nasty(ref random, mayBeNegative: false)];
        }
        var solved = SymmetricSingletonSolver.Solve(
            Array.ConvertAll(coefficients, coefficient => LoadCost.Polynomial(coefficient)), players);
        var worst = BigInteger.Zero;
        for (var from = 0; from < coefficients.Length; from++)
        {
            for (var to = 0; to < coefficients.Length && solved.Loads[from] > 0; to++)
            {
                var saved = ExactGame.Polynomial(coefficients[from], solved.Loads[from])
                    - ExactGame.Polynomial(coefficients[to], solved.Loads[to] + (to == from ? 0 : 1));
                worst = BigInteger.Max(worst, saved);
            }
        }
        Assert.Equal(players, solved.Loads.Sum());
        Assert.Equal(0, worst);
        Assert.Equal((0, 0, true), (
            solved.Certificate.MaxRegret, solved.Certificate.Tolerance, solved.Certificate.IsEquilibrium));
    });

    [Fact]
    public void Enumeration_counts_the_equilibria_of_exact_arithmetic() => AnySeed.Satisfies(100, seed =>
    {
        var (game, reference) = Congestion(seed);
        var count = 0;
        EquilibriumEnumeration.Of(game, () =>
        {
            count += reference.MaxRegret() == 0 ? 1 : 0;
            return 0;
        });
        Assert.Equal(count, EquilibriumEnumeration.Of(game).EquilibriumCount);
    });

    [Theory]
    [InlineData(1, true)]
    [InlineData(0.1, false)]
    [InlineData(1L << 52, false)]
    public void A_sum_has_an_error_of_a_few_units_in_the_last_place_and_none_where_it_is_a_whole_number(
        double slope, bool isExact)
    {
        var costs = Array.ConvertAll(new int[3], _ => LoadCost.Affine(slope));
        int[][][] strategies = [[[0, 1], [2]], [[0, 1, 2], [1]]];
        foreach (var game in (IFiniteGame[])
            [new CongestionGame(costs, strategies), new WeightedCongestionGame([1, 3], costs, strategies)])
        {
            var (cost, error) = (game.Cost(1), game.CostError(1, 0));
            Assert.InRange(error, 0, 1e-14 * cost);
            Assert.Equal(isExact && game is CongestionGame, error == 0);
        }
    }

    [Fact]
    public void A_dyadic_number_is_rounded_to_the_nearest_double_and_outward() => AnySeed.Satisfies(500, seed =>
    {
        var random = new RandomStream(seed, "test.nasty");
        var (a, b) = (ExactGame.Nasty(ref random), ExactGame.Nasty(ref random));
        var sum = (Dyadic)a + b;
        Assert.Equal(a + b, sum.Nearest);
        Assert.Equal(a, ((Dyadic)a).Nearest);
        Assert.Equal(Math.FusedMultiplyAdd(a, 3, b), (((Dyadic)a * 3L) + b).Nearest);
        Assert.True(sum.Floor <= sum && sum <= sum.Ceiling && sum.Ceiling <= Math.BitIncrement(sum.Floor));
        Assert.Equal((Dyadic)a < b, a < b);
        Assert.Equal((Dyadic)a == b, a == b);
    });

    private static void Confirm(ulong seed, (IFiniteGame Game, ExactGame Reference) drawn)
    {
        var (game, reference) = drawn;
        var random = new RandomStream(seed, "test.profile");
        for (var player = 0; player < game.PlayerCount; player++)
        {
            game.Move(player, random.NextInt(game.StrategyCount(player)));
        }
        reference.ConfirmsErrors();
        reference.Confirms(Certificates.Issue(game, 0, StopReason.StepLimit));
        var schedules = game is PlayerSpecificGame ? 2 : 5;
        var result = ResponseDynamics.Run(game, new DynamicsOptions
        {
            Schedule = (MoveSchedule)(seed % (ulong)schedules),
            Response = seed % 2 == 0 ? ResponseRule.Best : ResponseRule.Better,
            MaxSteps = 10_000,
            Seed = seed,
        });
        reference.Confirms(result.Certificate);
        if (game is CongestionGame or SingletonGame or AffineWeightedGame)
        {
            Assert.Equal(StopReason.Equilibrium, result.Certificate.StopReason);
        }
    }

    private static int[][][] Strategies(ref RandomStream random, int largest)
    {
        var strategies = new int[Players][][];
        for (var player = 0; player < Players; player++)
        {
            strategies[player] = new int[1 + random.NextInt(3)][];
            for (var strategy = 0; strategy < strategies[player].Length; strategy++)
            {
                var all = Enumerable.Range(0, Resources).ToArray();
                random.Shuffle<int>(all);
                strategies[player][strategy] = all[..(1 + random.NextInt(largest))];
            }
        }
        return strategies;
    }

    private static double[][] Coefficients(ref RandomStream random, int most, bool mayBeNegative = true)
    {
        var coefficients = new double[Resources][];
        for (var resource = 0; resource < Resources; resource++)
        {
            coefficients[resource] = new double[1 + random.NextInt(most)];
            foreach (ref var coefficient in coefficients[resource].AsSpan())
            {
                coefficient = ExactGame.Nasty(ref random, mayBeNegative);
            }
        }
        return coefficients;
    }

    private static (CongestionGame Game, ExactGame Reference) Congestion(ulong seed)
    {
        var random = new RandomStream(seed, "test.nasty");
        var (coefficients, strategies) = (Coefficients(ref random, 3), Strategies(ref random, 3));
        var game = new CongestionGame(Array.ConvertAll(coefficients, LoadCostOf), strategies);
        return (game, new ExactGame(game, (profile, player) => strategies[player][profile[player]]
            .Aggregate(BigInteger.Zero, (sum, resource) => sum + ExactGame.Polynomial(
                coefficients[resource], Load(strategies, profile, resource, _ => 1)))));
    }

    private static (SingletonGame Game, ExactGame Reference) Singleton(ulong seed)
    {
        var random = new RandomStream(seed, "test.nasty");
        var (coefficients, strategies) = (Coefficients(ref random, 3), new int[Players][][]);
        for (var player = 0; player < Players; player++)
        {
            var all = Enumerable.Range(0, Resources).ToArray();
            random.Shuffle<int>(all);
            strategies[player] = Array.ConvertAll(all[..(1 + random.NextInt(3))], resource => new[] { resource });
        }
        var offsets = new int[Players + 1];
        for (var player = 0; player < Players; player++)
        {
            offsets[player + 1] = offsets[player] + strategies[player].Length;
        }
        int[] allowed = [.. strategies.SelectMany(sets => sets.Select(set => set[0]))];
        var game = new SingletonGame(Array.ConvertAll(coefficients, LoadCostOf), offsets, allowed);
        return (game, new ExactGame(game, (profile, player) => strategies[player][profile[player]][0] is var resource
            ? ExactGame.Polynomial(coefficients[resource], Load(strategies, profile, resource, _ => 1)) : 0));
    }

    private static (WeightedCongestionGame Game, ExactGame Reference) Weighted(ulong seed)
    {
        var random = new RandomStream(seed, "test.nasty");
        var (coefficients, strategies) = (Coefficients(ref random, 3), Strategies(ref random, 3));
        var weights = new long[Players];
        foreach (ref var weight in weights.AsSpan())
        {
            weight = 1 + random.NextInt(9);
        }
        var game = new WeightedCongestionGame(weights, Array.ConvertAll(coefficients, LoadCostOf), strategies);
        return (game, new ExactGame(game, (profile, player) => weights[player] * strategies[player][profile[player]]
            .Aggregate(BigInteger.Zero, (sum, resource) => sum + ExactGame.Polynomial(
                coefficients[resource], Load(strategies, profile, resource, other => weights[other])))));
    }

    private static (AffineWeightedGame Game, ExactGame Reference) AffineWeighted(ulong seed)
    {
        var random = new RandomStream(seed, "test.nasty");
        var strategies = Strategies(ref random, 2);
        var (weights, fixedCosts) = (new long[Players], new double[Players][]);
        var (slopes, constants) = (new double[Resources], new double[Resources]);
        for (var i = 0; i < Resources; i++)
        {
            slopes[i] = ExactGame.Nasty(ref random, mayBeNegative: false);
            constants[i] = ExactGame.Nasty(ref random, mayBeNegative: false);
        }
        for (var player = 0; player < Players; player++)
        {
            weights[player] = 1 + random.NextInt(9);
            fixedCosts[player] = new double[strategies[player].Length];
            foreach (ref var cost in fixedCosts[player].AsSpan())
            {
                cost = ExactGame.Nasty(ref random, mayBeNegative: false);
            }
        }
        // Weights in twos, so that the reference needs no fractions.
        var game = new AffineWeightedGame(weights, slopes, constants, strategies, fixedCosts, unit: 2);
        return (game, new ExactGame(game, (profile, player) => ExactGame.Units(fixedCosts[player][profile[player]])
            + (2 * weights[player] * strategies[player][profile[player]].Aggregate(BigInteger.Zero, (sum, resource) =>
                sum + ExactGame.Polynomial(
                    [constants[resource], slopes[resource]],
                    2 * Load(strategies, profile, resource, other => weights[other]))))));
    }

    private static (PlayerSpecificGame Game, ExactGame Reference) PlayerSpecific(
        ulong seed, out AffinePlayerSpecificCosts costs)
    {
        var random = new RandomStream(seed, "test.nasty");
        var (slopes, offsets) = (new float[Players * Resources], new float[Players * Resources]);
        for (var i = 0; i < slopes.Length; i++)
        {
            (slopes[i], offsets[i]) = (Small(ref random), Small(ref random));
        }
        costs = new AffinePlayerSpecificCosts(slopes, offsets, Resources);
        var game = new PlayerSpecificGame(costs);
        return (game, new ExactGame(game, (profile, player) => (player * Resources) + profile[player] is var i
            ? ExactGame.Polynomial([offsets[i], slopes[i]], profile.Count(other => other == profile[player])) : 0));
    }

    private static float Small(ref RandomStream random) => random.NextInt(6) switch
    {
        0 => 0,
        1 => 1e-30f,
        2 => 1e30f,
        3 => 0.1f,
        4 => 16_777_216 + (2 * random.NextInt(2)),
        _ => random.NextInt(4),
    };

    private static LoadCost LoadCostOf(double[] coefficients) => LoadCost.Polynomial(coefficients);

    private static long Load(int[][][] strategies, int[] profile, int resource, Func<int, long> weight) =>
        Enumerable.Range(0, Players).Where(player => strategies[player][profile[player]].Contains(resource)).Sum(weight);
}
