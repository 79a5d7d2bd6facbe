using FsCheck;
using FsCheck.Fluent;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.PowerControl;

namespace OrleansEdge.Tests.Offloading;

public sealed class PowerControlTests
{
    [Fact]
    public void With_a_logarithm_of_sinr_everyone_sends_at_one_over_the_price()
    {
        foreach (var (price, expected) in new[] { (2.0, 0.5), (0.1, 1.0) })
        {
            var game = new PowerControlOptions { Utility = PowerUtility.LogSinr, PricePerWatt = price }.Draw(1);
            var result = Run(game);
            Assert.All(result.Watts, watts => Assert.Equal(expected, watts));
            Assert.True(result.Certificate.IsEquilibrium);
        }
    }

    [Theory]
    [InlineData(PowerUtility.LogSinr, true)]
    [InlineData(PowerUtility.LogSinr, false)]
    [InlineData(PowerUtility.Rate, true)]
    public void Exact_potentials_change_by_the_change_of_utility(PowerUtility utility, bool singleReceiver) =>
        Prop.ForAll<byte, uint>((userBits, seed) =>
        {
            var game = Draw(utility, singleReceiver, 1 + (userBits % 8), seed);
            Assert.Equal(PotentialKind.Exact, game.PotentialKind);
            foreach (var (user, before, after) in Deviations(game, seed))
            {
                var gain = game.Utility(user, after) - game.Utility(user, before);
                Assert.Equal(gain, game.Potential(after) - game.Potential(before), 1e-9 * (1 + Math.Abs(gain)));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_cognitive_radio_potential_rises_exactly_when_the_utility_does() =>
        Prop.ForAll<byte, uint>((userBits, seed) =>
        {
            var game = Draw(PowerUtility.Target, true, 1 + (userBits % 8), seed);
            Assert.Equal(PotentialKind.Ordinal, game.PotentialKind);
            foreach (var (user, before, after) in Deviations(game, seed))
            {
                var gain = game.Utility(user, after) - game.Utility(user, before);
                var rise = game.Potential(after) - game.Potential(before);
                Assert.True(Math.Abs(gain) < 1e-9 || Math.Sign(gain) == Math.Sign(rise));
            }
        }).QuickCheckThrowOnFailure();

    /// <summary>Regret counts as none relative to this: were it too small, an equilibrium would be called none.</summary>
    [Theory]
    [InlineData(PowerUtility.LogSinr)]
    [InlineData(PowerUtility.Rate)]
    [InlineData(PowerUtility.Target)]
    public void The_scale_of_a_utility_is_at_least_its_size(PowerUtility utility)
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var game = new PowerControlOptions { Utility = utility, PricePerWatt = 40 }.Draw(seed);
            var watts = Enumerable.Range(1, game.Network.Users).Select(user => 0.1 * user).ToArray();
            for (var user = 0; user < watts.Length; user++)
            {
                Assert.True(game.UtilityScale(user, watts) >= Math.Abs(game.Utility(user, watts)) * (1 - 1e-12));
            }
        }
    }

    [Fact]
    public void A_spectral_radius_is_what_is_known_when_it_is_stopped()
    {
        var network = new PowerNetwork([1, 0.5, 0.5, 1], 1, 1, 5);
        Assert.Equal(0.5, network.SpectralRadius([1, 1]), 1e-12);
        Assert.Equal(0, network.SpectralRadius([1, 1], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void The_slides_potential_without_the_noise_is_wrong_for_a_noise_that_is_not_1()
    {
        // One user, target 1, gain 1, K = 1, noise 2: the best power is 2, the printed potential -x^2 + 2 x peaks at 1.
        var game = new TargetPowerGame(new PowerNetwork([1], 2, 1, 5), [1]);
        Assert.Equal(2, game.BestResponse(0, [0]));
        Assert.True(game.Potential([2]) > game.Potential([1]));
        static double Printed(double x) => -(x * x) + (2 * x);
        Assert.True(Printed(2) < Printed(1));
    }

    [Fact]
    public void Target_tracking_ends_in_the_least_powers_that_meet_the_targets()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var game = (TargetPowerGame)new PowerControlOptions
            {
                SingleReceiver = false,
                Users = 12,
                TargetSinr = 4,
                RadiusMeters = 300,
                MostWatts = 10,
            }.Draw(seed);
            Assert.True(game.Network.SpectralRadius(game.Targets) < 1);
            var (one, all) = (Run(game), Run(game, simultaneous: true));
            var expected = LeastPowers(game);
            for (var user = 0; user < 12; user++)
            {
                Assert.Equal(4, game.Network.Sinr(user, one.Watts), 1e-9);
                Assert.InRange(one.Watts[user] / expected[user], 1 - 1e-9, 1 + 1e-9);
                Assert.InRange(all.Watts[user] / expected[user], 1 - 1e-9, 1 + 1e-9);
            }
            Assert.True(one.Certificate.IsEquilibrium && all.Certificate.IsEquilibrium);
            Assert.Equal(StopReason.GapReached, one.Certificate.StopReason);
            Assert.True(one.Trace.Length <= all.Trace.Length);
        }
    }

    [Fact]
    public void Targets_that_no_powers_can_meet_end_at_the_largest_power()
    {
        // Two users who hear each other as well as their own: radius = target > 1.
        var network = new PowerNetwork([1, 1, 1, 1], 1e-3, 1, 1);
        var game = new TargetPowerGame(network, [2, 2]);
        Assert.Equal(2, network.SpectralRadius([2, 2]), 1e-12);
        var result = Run(game);
        Assert.Equal([1.0, 1.0], result.Watts);
        Assert.True(network.Sinr(0, result.Watts) < 2);
        Assert.True(result.Certificate.IsEquilibrium);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Water_filling_reaches_an_equilibrium(bool singleReceiver)
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var game = Draw(PowerUtility.Rate, singleReceiver, 8, seed);
            var result = Run(game);
            Assert.True(result.Certificate.IsEquilibrium);
            Assert.Equal(singleReceiver, result.Certificate.PotentialEnd is not null);
            Assert.True(!(result.Certificate.PotentialEnd > result.Certificate.PotentialStart));
            var full = PowerDynamics.Certify(game, Full(game), 1e-9, StopReason.StepLimit);
            Assert.True(full.MaxRegret > result.Certificate.MaxRegret);
        }
    }

    [Theory]
    [InlineData(PowerUtility.LogSinr)]
    [InlineData(PowerUtility.Rate)]
    [InlineData(PowerUtility.Target)]
    public void Power_levels_make_a_finite_game_whose_dynamics_end(PowerUtility utility)
    {
        var levels = PowerLevelGame.Create(Draw(utility, true, 6, 3), 20);
        Assert.IsAssignableFrom<IPotentialGame>(levels);
        var result = ResponseDynamics.Run(levels, new DynamicsOptions { TraceEvery = 1 });
        Assert.True(result.Certificate.IsEquilibrium);
        Assert.All(result.Trace.Zip(result.Trace.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        var without = PowerLevelGame.Create(Draw(PowerUtility.Rate, false, 6, 3), 20);
        Assert.False(without is IPotentialGame);
    }

    [Fact]
    public void Wrong_networks_and_options_are_refused()
    {
        Refused(ExitCode.Data, () => _ = new PowerNetwork([1, 0, double.NaN, 1], 1, 1, 1),
            "gain NaN from user 0 to receiver 1");
        Refused(ExitCode.Data, () => _ = new PowerNetwork([0], 1, 1, 1), "gain 0 from user 0 to receiver 0");
        Refused(ExitCode.Data, () => _ = new PowerNetwork([1], -1, 1, 1), "noise -1");
        Refused(ExitCode.Data, () => PowerDynamics.Run(Draw(PowerUtility.Rate, true, 1, 1), [-1]),
            "1 powers, number 0 wrong");
        Refused(ExitCode.Usage, () => new PowerControlOptions { PricePerWatt = 0 }.Draw(1), "PricePerWatt 0");
    }

    private static void Refused(ExitCode code, Action action, string expected)
    {
        var error = Assert.Throws<OrleansEdgeException>(action);
        Assert.Equal(code, error.ExitCode);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    private static PowerGame Draw(PowerUtility utility, bool singleReceiver, int users, ulong seed) =>
        new PowerControlOptions
        {
            Utility = utility,
            SingleReceiver = singleReceiver,
            Users = users,
            ProcessingGain = utility == PowerUtility.Rate ? 1 : 64,
            RadiusMeters = 200,
        }.Draw(seed);

    private static double[] Full(PowerGame game) =>
        [.. Enumerable.Repeat(game.Network.MostWatts, game.Network.Users)];

    private static PowerResult Run(PowerGame game, bool simultaneous = false) =>
        PowerDynamics.Run(game, Full(game), simultaneous);

    private static IEnumerable<(int User, double[] Before, double[] After)> Deviations(PowerGame game, ulong seed)
    {
        var random = new RandomStream(seed, "deviations");
        for (var i = 0; i < 20; i++)
        {
            double[] before =
                [.. Enumerable.Range(0, game.Network.Users).Select(_ => 0.01 + (0.99 * random.NextDouble()))];
            var (user, after) = (random.NextInt(before.Length), (double[])before.Clone());
            after[user] = 0.01 + (0.99 * random.NextDouble());
            yield return (user, before, after);
        }
    }

    // Solves (I - F) p = u, F = target h_ij / (G h_ii), u = target noise / (G h_ii), by Gauss and Seidel from below.
    private static double[] LeastPowers(TargetPowerGame game)
    {
        var watts = new double[game.Network.Users];
        for (var sweep = 0; sweep < 10_000; sweep++)
        {
            for (var user = 0; user < watts.Length; user++)
            {
                var sum = game.Network.NoiseWatts;
                for (var other = 0; other < watts.Length; other++)
                {
                    sum += other == user ? 0 : game.Network.Gain(user, other) * watts[other];
                }
                watts[user] = game.Targets[user] * sum / (game.Network.ProcessingGain * game.Network.Gain(user, user));
            }
        }
        return watts;
    }
}
