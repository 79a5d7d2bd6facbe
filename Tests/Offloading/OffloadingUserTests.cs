using OrleansEdge.Core;
using OrleansEdge.Core.Offloading;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Tests.Offloading;

public sealed class OffloadingUserTests
{
    private const double Bandwidth = 5e6;
    private const double Noise = 1e-13;

    [Fact]
    public void A_hasty_user_at_25_m_has_the_golden_values()
    {
        var user = User(25, timeWeight: 1, energyWeight: 0, clock: 1e9);
        var rate = Radio.ShannonBitsPerSecond(Bandwidth, user.ReceivedWatts, Noise);
        Near(2.56e-7, user.ReceivedWatts);
        Near(8.888888889, user.BreakEvenBitsPerSecond / Bandwidth);
        Near(5.410714662e-10, user.InterferenceThresholdWatts(Bandwidth, Noise));
        Near(106.438565e6, rate, 1e-8);
        Near(0.475803639, user.CloudOverhead(rate), 2e-9);
        Near(1, user.LocalOverhead);
    }

    [Fact]
    public void A_balanced_user_at_25_m_has_the_golden_values()
    {
        var user = User(25, timeWeight: 0.5, energyWeight: 0.5, clock: 0.5e9);
        var rate = Radio.ShannonBitsPerSecond(Bandwidth, user.ReceivedWatts, Noise);
        Near(2.256410256, user.BreakEvenBitsPerSecond / Bandwidth);
        Near(6.776041784e-8, user.InterferenceThresholdWatts(Bandwidth, Noise));
        Near(0.256692002, user.CloudOverhead(rate), 2e-9);
        Near(2, user.LocalOverhead);
    }

    [Fact]
    public void A_thrifty_user_at_50_m_has_the_golden_values()
    {
        var user = User(50, timeWeight: 0, energyWeight: 1, clock: 1e9);
        var rate = Radio.ShannonBitsPerSecond(Bandwidth, user.ReceivedWatts, Noise);
        Near(1.6e-8, user.ReceivedWatts);
        Near(0.4, user.BreakEvenBitsPerSecond / Bandwidth);
        Near(5.007690736e-8, user.InterferenceThresholdWatts(Bandwidth, Noise));
        Near(86.438607e6, rate, 1e-8);
        Near(0.046275618, user.CloudOverhead(rate), 2e-8);
        Near(2, user.LocalOverhead);
    }

    [Fact]
    public void A_user_whose_cloud_is_no_faster_than_its_own_cpu_never_offloads()
    {
        var user = User(25, timeWeight: 1, energyWeight: 0, clock: 1e10);
        Assert.Equal(double.NegativeInfinity, user.InterferenceThresholdWatts(Bandwidth, Noise));
        var game = new OffloadingGame([user], new InterferenceUplink([user], Bandwidth, Noise), 1);
        Assert.Equal(InterferenceGame.Never, game.Interference.Thresholds[0]);
        game.Reset([1]);
        Assert.Equal(0, game.BestResponse(0).Strategy);
        Assert.False(game.IsBeneficial(0));
    }

    [Fact]
    public void Minus_100_dBm_is_a_tenth_of_a_picowatt() => Near(1e-13, Radio.DbmToWatts(-100));

    [Theory]
    [InlineData(double.NaN, "InputBits NaN")]
    [InlineData(-1, "InputBits -1")]
    [InlineData(0, "InputBits 0")]
    public void A_wrong_quantity_names_the_user_and_the_value(double bits, string expected)
    {
        var users = new[] { User(25, 1, 0, 1e9), User(25, 1, 0, 1e9) with { InputBits = bits } };
        var error = Assert.Throws<OrleansEdgeException>(() =>
            new OffloadingGame(users, new InterferenceUplink(users, Bandwidth, Noise), 2));
        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith($"user 1: {expected}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_option_is_named_with_its_range()
    {
        var wrong = new OffloadingOptions[]
        {
            new() { Users = 0 }, new() { Channels = 0 }, new() { NoiseWatts = double.NaN }, new() { RadiusMeters = -1 },
            new() { NearestMeters = 60 }, new() { EnergyWeights = [0, 1.5] }, new() { LocalCyclesPerSecond = [] },
        };
        string[] names =
            ["Users", "Channels", "NoiseWatts", "RadiusMeters", "NearestMeters",
                "EnergyWeights", "LocalCyclesPerSecond"];
        Assert.All(wrong.Zip(names), pair =>
        {
            var error = Assert.Throws<OrleansEdgeException>(pair.First.Validate);
            Assert.Equal(ExitCode.Usage, error.ExitCode);
            Assert.StartsWith(pair.Second, error.Message, StringComparison.Ordinal);
        });
    }

    private static OffloadingUser User(double meters, double timeWeight, double energyWeight, double clock) => new(
        4e7, 1e9, clock, 1e10, 2e-9, 0.1, 0.1 * Radio.PathLossGain(meters, 4), 0, timeWeight, energyWeight);

    private static void Near(double expected, double actual, double relative = 1e-9) =>
        Assert.InRange(actual / expected, 1 - relative, 1 + relative);
}
