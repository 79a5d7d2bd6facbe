using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Tests.Offloading;

/// <summary>Numbers of games.md, 2.1 and findings 1, 5 and 7, over many seeds.</summary>
public sealed class OffloadingFiguresTests
{
    [Theory]
    [InlineData(15, 4e7, 5.90, 17.18, 25.60, 13.4)]
    [InlineData(30, 4e7, 6.06, 42.45, 51.12, 20.2)]
    [InlineData(50, 4e7, 6.07, 76.64, 85.37, 25.0)]
    [InlineData(15, 5e6, 8.89, 13.35, 25.60, 20.5)]
    [InlineData(30, 5e6, 10.18, 38.17, 51.12, 36.3)]
    [InlineData(50, 5e6, 10.39, 72.34, 85.37, 48.2)]
    public void The_printed_parameters_give_the_independent_replication(
        int users, double bits, double beneficial, double overhead, double local, double slots)
    {
        var mean = Average(new OffloadingOptions { Users = users, InputBits = bits }, seeds: 1000);
        Within(beneficial, mean.Beneficial, 0.04);
        Within(overhead, mean.Overhead, 0.02);
        Within(local, mean.Local, 0.01);
        Within(slots, mean.Slots - 1, 0.04);
    }

    [Theory]
    [InlineData(15, 15.0, 7.7, 15)]
    [InlineData(30, 23.2, 22.7, 31)]
    [InlineData(50, 33.4, 48, 48)]
    public void Equal_received_powers_give_the_independent_replication(
        int users, double offloaders, double overhead, double slots)
    {
        var options = OffloadingOptions.PowerControlled(users) with { Channels = 5 };
        var mean = Average(options, seeds: 500);
        Within(offloaders, mean.Beneficial, 0.02);
        Within(overhead, mean.Overhead, 0.02);
        Within(slots, mean.Slots - 1, 0.03);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(4000)]
    public void One_winner_per_slot_takes_0_83_N_slots_and_0_355_N_squared_requests(int users)
    {
        var game = OffloadingGame.Draw(OffloadingOptions.PowerControlled(users), 1);
        var result = OffloadingProtocol.Run(game, 1);
        Assert.True(result.Certificate.IsEquilibrium);
        Within(0.83, result.Certificate.Slots / (double)users, 0.2);
        Within(0.355, result.Requests / ((double)users * users), 0.2);
    }

    [Fact]
    public void A_million_users_find_an_equilibrium_that_is_certified()
    {
        var game = OffloadingGame.Draw(new OffloadingOptions { Users = 1_000_000, Channels = 100 }, 1);
        var result = OffloadingSweeps.Run(game);
        Assert.True(result.Certificate.IsEquilibrium);
        Assert.Equal(1_000_000, result.Certificate.PlayerCount);
        Assert.InRange(result.Certificate.Slots, 2, 20);
    }

    private static (double Beneficial, double Overhead, double Local, double Slots) Average(
        OffloadingOptions options, int seeds)
    {
        var (beneficial, overhead, local, slots) = (0.0, 0.0, 0.0, 0.0);
        for (var seed = 0; seed < seeds; seed++)
        {
            var game = OffloadingGame.Draw(options, (ulong)seed);
            local += OffloadingOutcome.Of(game).TotalOverhead;
            slots += OffloadingProtocol.Run(game, (ulong)seed).Certificate.Slots;
            var outcome = OffloadingOutcome.Of(game);
            beneficial += outcome.BeneficialUsers;
            overhead += outcome.TotalOverhead;
        }
        return (beneficial / seeds, overhead / seeds, local / seeds, slots / seeds);
    }

    private static void Within(double expected, double actual, double share) =>
        Assert.InRange(actual, expected * (1 - share), expected * (1 + share));
}
