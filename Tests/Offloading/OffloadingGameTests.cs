using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Tests.Games;

namespace OrleansEdge.Tests.Offloading;

public sealed class OffloadingGameTests
{
    [Fact]
    public void The_exact_potential_falls_by_power_times_gain_with_every_accepted_move() =>
        Prop.ForAll<byte, byte, uint>((userBits, channelBits, seed) =>
        {
            var options = new OffloadingOptions
            {
                Users = 1 + (userBits % 40),
                Channels = 1 + (channelBits % 6),
                InputBits = 2.5e6,
            };
            var game = OffloadingGame.Draw(options, seed);
            var random = new RandomStream(seed, "test");
            game.Reset(OffloadingBaselines.Random(game, seed));
            for (var step = 0; step < 300; step++)
            {
                var user = random.NextInt(options.Users);
                var choice = game.State.BestResponse(user);
                if (choice == game.State.Choices[user])
                {
                    continue;
                }
                var (before, cost, overhead) = (game.State.Potential, game.State.Cost(user), game.Cost(user));
                game.Move(user, choice);
                var gain = (Int128)game.Interference.Powers[user] * (cost - game.State.Cost(user));
                Assert.True(gain > 0);
                Assert.Equal(before - gain, game.State.Potential);
                Assert.True(game.Cost(user) <= overhead * (1 + 1e-14));
            }
            Assert.Equal(game.Interference.Potential(game.State.Choices), game.State.Potential);
            Assert.Equal(game.Interference.Loads(game.State.Choices), game.State.Loads.Loads);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sweeps_and_the_papers_protocol_end_in_certified_equilibria_where_all_offloaders_benefit() =>
        Prop.ForAll<byte, byte, uint>((userBits, channelBits, seed) =>
        {
            var options = new OffloadingOptions { Users = 1 + (userBits % 60), Channels = 1 + (channelBits % 6) };
            foreach (var start in new Func<OffloadingGame, int[]>[]
            {
                OffloadingBaselines.AllLocal, game => OffloadingBaselines.AllCloud(game, seed),
            })
            {
                var game = OffloadingGame.Draw(options, seed);
                game.Reset(start(game));
                AssertEquilibrium(game, OffloadingSweeps.Run(game));
                game.Reset(start(game));
                AssertEquilibrium(game, OffloadingProtocol.Run(game, seed));
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_specialised_protocol_plays_exactly_as_the_general_dynamics(ulong seed)
    {
        var game = OffloadingGame.Draw(OffloadingOptions.PowerControlled(120), seed);
        var special = OffloadingProtocol.Run(game, seed);
        game.Reset(OffloadingBaselines.AllLocal(game));
        var general = ResponseDynamics.Run(
            game, new DynamicsOptions { Schedule = MoveSchedule.OneWinnerPerSlot, Seed = seed });
        Assert.Equal(general.Profile, special.Profile);
        Assert.Equal(general.Requests, special.Requests);
        Assert.Equal(
            (general.Certificate.Slots, general.Certificate.Messages, general.Certificate.ProfileHash),
            (special.Certificate.Slots, special.Certificate.Messages, special.Certificate.ProfileHash));
        Assert.True(special.IsWithinBound);
    }

    [Theory]
    [InlineData(MoveSchedule.RoundRobin)]
    [InlineData(MoveSchedule.Random)]
    [InlineData(MoveSchedule.LargestGain)]
    [InlineData(MoveSchedule.IndependentSets)]
    public void Every_general_schedule_reaches_an_equilibrium(MoveSchedule schedule)
    {
        var game = OffloadingGame.Draw(new OffloadingOptions { Users = 60, InputBits = 2.5e6 }, 3);
        var result = ResponseDynamics.Run(game, new DynamicsOptions { Schedule = schedule, TraceEvery = 1 });
        Assert.True(result.Certificate.IsEquilibrium);
        Assert.All(result.Trace.Zip(result.Trace.Skip(1)), pair => Assert.True(pair.Second <= pair.First));
    }

    [Fact]
    public void The_tree_always_knows_the_least_loaded_channel() =>
        Prop.ForAll<byte, uint>((channelBits, seed) =>
        {
            var channels = 1 + (channelBits % 37);
            var (loads, random) = (new long[channels], new RandomStream(seed, "tree"));
            var tree = new LoadTree(loads);
            for (var step = 0; step < 100; step++)
            {
                var channel = random.NextInt(channels);
                var amount = random.NextInt(20) - 10;
                loads[channel] += amount;
                tree.Add(channel, amount);
                Assert.Equal(Array.IndexOf(loads, loads.Min()), tree.LeastLoaded);
                Assert.Equal(loads.Min(), tree.LeastLoad);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Certificates_hold_for_received_powers_of_very_different_size() => AnySeed.Satisfies(300, seed =>
    {
        const double Noise = 1e-13;
        var random = new RandomStream(seed, "test.nasty");
        var drawn = new OffloadingOptions { Users = 2 + random.NextInt(5), Channels = 1 + random.NextInt(4) };
        var users = drawn.DrawUsers(seed);
        foreach (ref var user in users.AsSpan())
        {
            user = user with
            {
                ReceivedWatts = random.NextInt(4) switch
                {
                    0 => 1e9,
                    1 => 0.1,
                    2 => 1e-9 * (1e-3 + random.NextDouble()),
                    _ => 1e-13,
                },
            };
        }
        var game = new OffloadingGame(
            users, new InterferenceUplink(users, drawn.BandwidthHertz, Noise), drawn.Channels);
        double Overhead(int user, int choice)
        {
            const int Shift = 800;
            var others = Enumerable.Range(0, users.Length)
                .Where(other => other != user && game.Strategy(other) == choice)
                .Aggregate(BigInteger.Zero, (sum, other) => sum + ExactGame.Units(users[other].ReceivedWatts));
            var ratio = users[user].ReceivedWatts / (Noise + Math.ScaleB((double)(others >> Shift), Shift - 1074));
            return choice == 0 ? users[user].LocalOverhead : users[user].CloudOverhead(
                drawn.BandwidthHertz * (ratio < 1e-9 ? ratio * (1 - (ratio / 2)) / Math.Log(2) : Math.Log2(1 + ratio)));
        }
        void Confirm(EquilibriumCertificate certificate)
        {
            var (most, size) = (0.0, 0.0);
            for (var user = 0; user < users.Length; user++)
            {
                var now = Overhead(user, game.Strategy(user));
                for (var choice = 0; choice <= game.Channels; choice++)
                {
                    var overhead = Overhead(user, choice);
                    Assert.InRange(Math.Abs(game.DeviationCost(user, choice) - overhead), 0,
                        game.CostError(user, choice) + (1e-6 * overhead));
                    (most, size) = (Math.Max(most, now - overhead), Math.Max(size, now));
                }
            }
            Assert.InRange(certificate.MaxRegret, most - (1e-6 * size), most + (1e-6 * size));
            Assert.True(!certificate.IsEquilibrium || most <= certificate.Tolerance + (1e-6 * size));
        }
        game.Reset(OffloadingBaselines.Random(game, seed));
        Confirm(game.Certify(StopReason.StepLimit));
        var result = OffloadingProtocol.Run(game, seed);
        Assert.Equal(StopReason.Equilibrium, result.Certificate.StopReason);
        Confirm(result.Certificate);
    });

    [Fact]
    public void Powers_that_rounding_makes_equal_are_not_equal_in_the_certificate()
    {
        var drawn = new OffloadingOptions { Users = 3 };
        var users = drawn.DrawUsers(1);
        foreach (var (user, watts) in new[] { 1e9, 1e-12, 1e-12 }.Index())
        {
            users[user] = users[user] with { ReceivedWatts = watts };
        }
        var game = new OffloadingGame(users, new InterferenceUplink(users, drawn.BandwidthHertz, 1e-13), 2);
        Assert.Equal((1L, 1L), (game.Interference.Powers[1], game.Interference.Powers[2]));
        game.Reset([1, 2, 2]);
        var certificate = game.Certify(StopReason.StepLimit);
        Assert.True(certificate.MaxRegret > 0 && certificate.Tolerance <= certificate.MaxRegret);
    }

    [Fact]
    public void A_profile_that_is_no_equilibrium_has_positive_regret()
    {
        var game = OffloadingGame.Draw(new OffloadingOptions(), 1);
        var certificate = game.Certify(StopReason.StepLimit);
        Assert.False(certificate.IsEquilibrium);
        Assert.True(certificate.MaxRegret > 0.1 && certificate.PositiveRegretCount > 0);
    }

    [Fact]
    public void The_same_seed_gives_the_same_hash_and_another_seed_another()
    {
        var hashes = new ulong[] { 5, 5, 6 }.Select(seed =>
            OffloadingProtocol.Run(OffloadingGame.Draw(new OffloadingOptions(), seed), seed).Certificate.ProfileHash);
        Assert.Equal([true, false], hashes.Zip(hashes.Skip(1)).Select(pair => pair.First == pair.Second));
    }

    [Fact]
    public void A_slot_limit_stops_the_protocol_without_a_claim()
    {
        var game = OffloadingGame.Draw(OffloadingOptions.PowerControlled(40), 1);
        var result = OffloadingProtocol.Run(game, 1, maxSlots: 3);
        Assert.Equal(
            (StopReason.StepLimit, 3L, false),
            (result.Certificate.StopReason, result.Certificate.Slots, result.Certificate.IsEquilibrium));
    }

    [Fact]
    public void A_contention_channel_is_shared_until_the_rate_breaks_even()
    {
        var options = new OffloadingOptions { Users = 40, EnergyWeights = [0], LocalCyclesPerSecond = [1e9] };
        var users = options.DrawUsers(1);
        var weights = Enumerable.Repeat(1.0, 40).ToArray();
        var solo = Enumerable.Repeat(users[0].BreakEvenBitsPerSecond * 6.5, 40).ToArray();
        var game = new OffloadingGame(users, new ContentionUplink(users, solo, weights), 4);
        AssertEquilibrium(game, OffloadingSweeps.Run(game));
        var outcome = OffloadingOutcome.Of(game);
        Assert.Equal((24, 6), (outcome.Offloaders, outcome.LargestChannel));
    }

    private static void AssertEquilibrium(OffloadingGame game, DynamicsResult result)
    {
        Assert.True(result.Certificate.IsEquilibrium);
        Assert.Equal(StopReason.Equilibrium, result.Certificate.StopReason);
        Assert.Equal((0.0, 0L), (result.Certificate.MaxRegret, result.Certificate.PositiveRegretCount));
        Assert.True(result.Certificate.PotentialEnd <= result.Certificate.PotentialStart);
        var outcome = OffloadingOutcome.Of(game);
        Assert.Equal(outcome.Offloaders, outcome.BeneficialUsers);
    }
}
