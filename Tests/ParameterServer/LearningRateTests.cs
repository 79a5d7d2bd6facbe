using OrleansEdge.Core;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.ParameterServer.UpdateRules;

namespace OrleansEdge.Tests.ParameterServer;

public sealed class LearningRateTests
{
    private static readonly KeyRange Range = new(20, 90);

    /// <summary>All but the one whose first steps after a restart are smaller.</summary>
    public static TheoryData<string, UpdateFormat> RulesWithoutAWave =>
        [.. Rules.Where(row => row.Data.Item1 != UpdateRule.Asgd)];

    public static TheoryData<string, UpdateFormat> Rules => new(
        from rule in UpdateRule.Names
        from format in (UpdateFormat[])[UpdateFormat.DenseFloat32, UpdateFormat.Sparse]
        select (rule, format));

    [Fact]
    public void A_line_has_its_values()
    {
        var rate = new LearningRate(0.5f, 0.25f, 8);
        Assert.Equal([0.5f, 0.46875f, 0.4375f, 0.375f, 0.28125f], ((long[])[0, 1, 2, 4, 7]).Select(rate.At));
        Assert.Equal([0.25f, 0.25f, 0.25f], ((long[])[8, 9, long.MaxValue]).Select(rate.At));
        Assert.Equal(0.1f, new LearningRate(0.1f, 0, 3).At(0));
        Assert.Equal(0f, new LearningRate(0.1f, 0, 3).At(3));
    }

    [Fact]
    public void It_never_rises_and_never_leaves_its_ends() => AnySeed.Satisfies(200, seed =>
    {
        var random = new RandomStream(seed, "rate");
        var initial = (float)Math.Exp(30 * (random.NextDouble() - 0.5));
        var final = random.NextInt(3) == 0 ? 0 : (float)(initial * random.NextDouble());
        var rate = new LearningRate(initial, final, 1 + random.NextInt(1_000_000));
        Assert.True(rate.IsValid);
        Assert.Equal(initial, rate.At(0));
        var before = initial;
        for (var step = 1; step <= 100; step++)
        {
            var now = rate.At(rate.FinalAt * step / 100);
            Assert.InRange(now, final, before);
            before = now;
        }
        Assert.Equal(final, before);
    });

    /// <summary>The first update of each of four workers counts as if four others had come between.</summary>
    [Fact]
    public void Where_a_shard_is_resumed_the_first_updates_count_as_stale_as_with_all_at_work()
    {
        var rate = ((LearningRate)1f).Resumed(clock: 10, workers: 4, density: 1);
        Assert.Equal([1f / 4, 1f / 5, 2f / 6, 3f / 7, 1f, 1f], ((long[])[10, 11, 12, 13, 14, 15]).Select(rate.At));
        var sparse = ((LearningRate)1f).Resumed(clock: 10, workers: 200, density: 0.01);
        Assert.Equal([0.5f, 1f], ((long[])[10, 210]).Select(sparse.At)); // a parameter is touched twice by 200 updates
        Assert.Equal(1f, ((LearningRate)1f).Resumed(clock: 10, workers: 1, density: 1).At(10));
        Assert.Equal(1f, ((LearningRate)1f).Resumed(clock: 0, workers: 4, density: 1).At(0));
    }

    [Fact]
    public void A_number_alone_stays()
    {
        LearningRate rate = 0.1f;
        Assert.Equal([0.1f, 0.1f, 0.1f], ((long[])[0, 1, long.MaxValue]).Select(rate.At));
        Assert.Equal("0.1", rate.ToString());
        Assert.Equal("0.1 falling to 0 at update 50", new LearningRate(0.1f, 0, 50).ToString());
    }

    [Theory]
    [InlineData(0.1f, 0.2f, 10, "0.1 falling to 0.2 at update 10")]
    [InlineData(0.1f, -0.01f, 10, "falling to -0.01")]
    [InlineData(0.1f, float.NaN, 10, "falling to NaN")]
    [InlineData(0.1f, 0f, 0, "at update 0")]
    [InlineData(float.PositiveInfinity, 0f, 5, "Infinity falling")]
    public void A_shard_takes_no_other_line(float initial, float final, long finalAt, string expected)
    {
        var options = Shards.Options(Range, UpdateRule.Sgd) with { LearningRate = new(initial, final, finalAt) };
        var refusal = Assert.Throws<OrleansEdgeException>(options.Validate);
        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Each_update_has_the_rate_of_its_clock(string rule, UpdateFormat format)
    {
        var falling = Shards.Options(Range, rule) with { LearningRate = new(0.2f, 0.01f, 15) };
        var shard = new ParameterShard(falling, Shards.Values(Range));
        var random = new RandomStream(3, "updates");
        for (var i = 1; i <= 20; i++)
        {
            // The same update at a rate that stays, and with nothing else outstanding.
            var constant = falling with { LearningRate = falling.LearningRate.At(shard.Clock) };
            shard = ParameterShard.Import(falling, shard.Export());
            var expected = ParameterShard.Import(constant, shard.Export());
            var update = RandomUpdate(format, ref random);
            foreach (var each in new[] { shard, expected })
            {
                each.Push(i % 2, i, each.Pull(i % 2), format, update);
            }
            Assert.Equal(expected.Export(), shard.Export());
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rate_of_0_changes_no_value(string rule, UpdateFormat format)
    {
        var options = Shards.Options(Range, rule) with { LearningRate = new(0.2f, 0, 1) };
        var shard = new ParameterShard(options, Shards.Values(Range));
        var random = new RandomStream(5, "updates");
        shard.Push(0, 1, shard.Pull(0), format, RandomUpdate(format, ref random));
        var values = shard.Values.ToArray();
        Assert.NotEqual(Shards.Values(Range), values);
        for (var i = 2; i <= 10; i++)
        {
            shard.Push(0, i, shard.Pull(0), format, RandomUpdate(format, ref random));
            Assert.Equal(values, shard.Values.ToArray());
        }
        Assert.Equal(10, shard.Clock);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_line_without_a_slope_is_a_rate_that_stays_bit_for_bit(string rule, UpdateFormat format) =>
        AnySeed.Satisfies(10, seed =>
        {
            var options = Shards.Options(Range, rule);
            var line = options with { LearningRate = new(0.1f, 0.1f, 1 + (long)(seed % 50)) };
            Assert.Equal(AfterSome(options, format, seed).Export(), AfterSome(line, format, seed).Export());
        });

    [Theory]
    [MemberData(nameof(RulesWithoutAWave))]
    public void A_restored_shard_goes_on_at_the_rate_of_its_clock(string rule, UpdateFormat format)
    {
        var options = Shards.Options(Range, rule) with { LearningRate = new(0.3f, 0, 60) };
        var shard = AfterSome(options, format, seed: 2);
        var restored = ParameterShard.Import(options, shard.Export());
        foreach (var each in new[] { shard, restored })
        {
            var random = new RandomStream(7, "more");
            for (var i = 100; i < 120; i++)
            {
                each.Push(0, i, each.Pull(0), format, RandomUpdate(format, ref random));
            }
        }
        Assert.Equal(shard.Export(), restored.Export());
    }

    [Fact]
    public void A_restored_shard_steps_as_if_its_workers_had_gone_on_until_each_has_pulled_again()
    {
        var options = Shards.Options(new KeyRange(0, 1), UpdateRule.Asgd) with { Workers = 4, LearningRate = 1f };
        var shard = new ParameterShard(options, [0]);
        var one = new byte[] { 0, 0, 128, 63 };
        Assert.Equal([-1f, -2f], Steps(shard, 2));
        var restored = ParameterShard.Import(options, shard.Export());
        float[] expected = [-2 - (1f / 4), -2 - (1f / 4) - (1f / 5)];
        Assert.Equal(expected, Steps(restored, 2));
        Steps(restored, 2);
        var before = restored.Values[0];
        Assert.Equal(before - 1, Steps(restored, 1)[0], 6);

        float[] Steps(ParameterShard shard, int count) => [.. Enumerable.Range(0, count).Select(_ =>
        {
            shard.Push(0, shard.LastSequence(0) + 1, shard.Pull(0), UpdateFormat.DenseFloat32, one);
            return shard.Values[0];
        })];
    }

    /// <summary>Forty updates by two workers, some of them stale.</summary>
    private static ParameterShard AfterSome(ParameterShardOptions options, UpdateFormat format, ulong seed)
    {
        var shard = new ParameterShard(options, Shards.Values(Range));
        var random = new RandomStream(seed, "updates");
        long[] pulledAt = [shard.Pull(0), shard.Pull(1)];
        for (var i = 1; i <= 40; i++)
        {
            var worker = random.NextInt(2);
            shard.Push(worker, i, pulledAt[worker], format, RandomUpdate(format, ref random));
            pulledAt[worker] = shard.Pull(worker);
        }
        return shard;
    }

    private static byte[] RandomUpdate(UpdateFormat format, ref RandomStream random)
    {
        var gradient = Shards.RandomGradient(Range.Length, ref random);
        if (format == UpdateFormat.DenseFloat32)
        {
            return Shards.Dense(gradient);
        }
        var entries = gradient.Index().Where(entry => entry.Index % 3 > 0);
        return Shards.Sparse(Range, [.. entries.Select(entry => (Range.Start + entry.Index, entry.Item))]);
    }
}
