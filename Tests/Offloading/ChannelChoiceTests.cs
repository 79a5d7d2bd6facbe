using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.ChannelChoice;
using OrleansEdge.Tests.Games;

namespace OrleansEdge.Tests.Offloading;

public sealed class ChannelChoiceTests
{
    [Fact]
    public void The_exact_potential_changes_by_the_movers_change_of_cost() =>
        Prop.ForAll<byte, byte, uint>((userBits, channelBits, seed) =>
        {
            var options = new ChannelChoiceOptions { Users = 1 + (userBits % 20), Channels = 1 + (channelBits % 5) };
            var game = options.Draw(seed);
            var random = new RandomStream(seed, "moves");
            for (var step = 0; step < 50; step++)
            {
                var (user, channel) = (random.NextInt(game.PlayerCount), random.NextInt(game.Channels));
                var (potential, cost) = (game.Potential, game.Cost(user));
                Assert.Equal(game.DeviationCost(user, game.Strategy(user)), cost);
                game.Move(user, channel);
                Assert.Equal(game.Cost(user) - cost, game.Potential - potential);
                Assert.Equal(ChannelChoiceBaselines.PotentialOf(game, game.Choices), game.ExactPotential);
                var costs = Enumerable.Range(0, game.PlayerCount).Sum(game.Cost);
                Assert.Equal(2 * game.Potential, costs, 1e-9 * game.Potential);
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(MoveSchedule.RoundRobin)]
    [InlineData(MoveSchedule.OneWinnerPerSlot)]
    [InlineData(MoveSchedule.IndependentSets)]
    public void Every_schedule_reaches_an_equilibrium_below_the_random_baseline(MoveSchedule schedule)
    {
        var game = new ChannelChoiceOptions { Users = 80 }.Draw(5);
        var random = ChannelChoiceBaselines.PotentialOf(game, ChannelChoiceBaselines.Random(game, 5));
        var result = ResponseDynamics.Run(game, new DynamicsOptions { Schedule = schedule, TraceEvery = 1 });
        Assert.True(result.Certificate.IsEquilibrium && result.IsWithinBound == true);
        Assert.All(result.Trace.Zip(result.Trace.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        Assert.True(game.ExactPotential < random / 5);
    }

    [Fact]
    public void Branch_and_bound_agrees_with_enumeration_and_the_optimum_is_an_equilibrium()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var game = new ChannelChoiceOptions { Users = 8, Channels = 3 }.Draw(seed);
            var optimum = ChannelChoiceBaselines.Exact(game);
            var least = long.MaxValue;
            for (var code = 0; code < 6561; code++)
            {
                int[] channels = [.. Enumerable.Range(0, 8).Select(user => code / (int)Math.Pow(3, user) % 3)];
                least = Math.Min(least, ChannelChoiceBaselines.PotentialOf(game, channels));
            }
            Assert.True(optimum.IsProven);
            Assert.Equal(least, optimum.Potential);
            Assert.Equal(optimum.Potential, ChannelChoiceBaselines.PotentialOf(game, optimum.Channels));
            for (var user = 0; user < 8; user++)
            {
                game.Move(user, optimum.Channels[user]);
            }
            Assert.True(Certificates.Issue(game, 0, StopReason.Equilibrium).IsEquilibrium);
            var greedy = ChannelChoiceBaselines.PotentialOf(game, ChannelChoiceBaselines.Greedy(game));
            Assert.True(greedy >= optimum.Potential);
        }
    }

    [Fact]
    public void Enough_channels_leave_no_interference()
    {
        var game = new ChannelChoiceOptions { Users = 10, Channels = 10 }.Draw(1);
        ResponseDynamics.Run(game, new DynamicsOptions());
        Assert.Equal(0, game.ExactPotential);
    }

    [Fact]
    public void Whatever_is_certified_of_gains_of_very_different_size_is_an_equilibrium_in_exact_arithmetic() =>
        AnySeed.Satisfies(400, seed =>
        {
            var random = new RandomStream(seed, "test.nasty");
            var (users, channels) = (2 + random.NextInt(5), 1 + random.NextInt(4));
            var (gains, watts) = (new double[users * users], new double[users]);
            foreach (ref var gain in gains.AsSpan())
            {
                gain = random.NextInt(3) switch
                {
                    0 => 1e9,
                    1 => 1e-8 * random.NextDouble(),
                    _ => ExactGame.Nasty(ref random, mayBeNegative: false),
                };
            }
            foreach (ref var power in watts.AsSpan())
            {
                power = random.NextInt(4);
            }
            var game = new ChannelChoiceGame(gains, watts, channels);
            BigInteger Product(int receiver, int sender) =>
                new BigInteger(watts[sender]) * ExactGame.Units(gains[(receiver * users) + sender]);
            var reference = new ExactGame(game, (profile, user) => Enumerable.Range(0, users)
                .Where(other => other != user && profile[other] == profile[user])
                .Aggregate(BigInteger.Zero, (sum, other) => sum + Product(user, other) + Product(other, user)));
            for (var user = 0; user < users; user++)
            {
                game.Move(user, random.NextInt(channels));
            }
            reference.ConfirmsErrors();
            reference.Confirms(Certificates.Issue(game, 0, StopReason.StepLimit));
            var result = ResponseDynamics.Run(game, new DynamicsOptions { Schedule = (MoveSchedule)(seed % 5) });
            Assert.Equal(StopReason.Equilibrium, result.Certificate.StopReason);
            Assert.True(result.IsWithinBound is null or true);
            reference.Confirms(result.Certificate);
        });

    [Fact]
    public void Interference_of_a_few_is_not_lost_beside_that_of_others()
    {
        double[] gains = [1, 1e9, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1e-8, 0, 0, 1e-8, 1];
        var game = new ChannelChoiceGame(gains, [0.1, 0.1, 0.1, 0.1], 3);
        game.Move(0, 1);
        game.Move(1, 2);
        var certificate = Certificates.Issue(game, 0, StopReason.StepLimit);
        Assert.Equal((2L, false), (certificate.PositiveRegretCount, certificate.IsEquilibrium));
        Assert.Equal(2e-9, certificate.MaxRegret, 1e-15);
        Assert.Equal(4e-9, SocialCost.Of(game), 1e-15);
        Assert.Equal(2e-9, game.Potential, 1e-15);
    }

    [Theory]
    [InlineData(1, double.NaN, "gains[0][1] is NaN")]
    [InlineData(2, -0.5, "gains[1][0] is -0.5; expected a number of at least 0")]
    [InlineData(3, -4, "gains[1][1] is -4")]
    [InlineData(1, double.PositiveInfinity, "users 0 and 1: interference")]
    public void Wrong_gains_are_refused(int place, double gain, string expected)
    {
        double[] gains = [1, 1, 1, 1];
        gains[place] = gain;
        var error = Assert.Throws<OrleansEdgeException>(() => new ChannelChoiceGame(gains, [1, 1], 2));
        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }
}
