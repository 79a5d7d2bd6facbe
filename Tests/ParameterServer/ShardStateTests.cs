using System.Buffers.Binary;
using OrleansEdge.Core;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.ParameterServer.UpdateRules;

namespace OrleansEdge.Tests.ParameterServer;

public sealed class ShardStateTests
{
    private static readonly KeyRange Range = new(40, 140);

    public static TheoryData<string> Rules => [.. UpdateRule.Names];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_restored_shard_is_the_exported_one(string rule)
    {
        var shard = Trained(rule);
        var restored = ParameterShard.Import(Shards.Options(Range, rule, workers: 3), shard.Export());
        Assert.Equal(shard.Export(), restored.Export());
        Assert.Equal(shard.Values.ToArray(), restored.Values.ToArray());
        Assert.Equal(shard.Clock, restored.Clock);
        Assert.Equal((shard.IngressBytes, shard.EgressBytes), (restored.IngressBytes, restored.EgressBytes));
        Assert.Equal(shard.UpdatesByWorker.ToArray(), restored.UpdatesByWorker.ToArray());
        Assert.Equal(shard.Staleness.Histogram.ToArray(), restored.Staleness.Histogram.ToArray());
        Assert.Equal(
            (shard.Staleness.Mean, shard.Staleness.Max, shard.Staleness.Count),
            (restored.Staleness.Mean, restored.Staleness.Max, restored.Staleness.Count));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_restored_shard_goes_on_bit_for_bit(string rule)
    {
        var options = Shards.Options(Range, rule, workers: 3);
        var shard = Trained(rule);
        // Behind a restart ASGD steps with care (LearningRate.Resumed): it is compared with another restart.
        shard = rule == UpdateRule.Asgd ? ParameterShard.Import(options, shard.Export()) : shard;
        var restored = ParameterShard.Import(options, shard.Export());
        foreach (var each in new[] { shard, restored })
        {
            var random = new RandomStream(9, "more");
            for (var i = 1000; i < 1050; i++)
            {
                var worker = random.NextInt(3);
                Assert.Equal(each.Clock, each.Pull(worker));
                each.Push(worker, i, each.Clock, UpdateFormat.DenseFloat32, RandomUpdate(ref random));
            }
        }
        Assert.Equal(shard.Export(), restored.Export());
    }

    [Fact]
    public void A_restored_shard_knows_what_it_applied_and_no_pull()
    {
        var shard = Trained(UpdateRule.AdaComp);
        var pulledAt = shard.Pull(0);
        var restored = ParameterShard.Import(Shards.Options(Range, UpdateRule.AdaComp, workers: 3), shard.Export());
        var random = new RandomStream(1, "update");
        var update = RandomUpdate(ref random);
        const UpdateFormat Dense = UpdateFormat.DenseFloat32;
        Assert.Equal(PushVerdict.Duplicate, restored.Push(0, 1, 0, Dense, update).Verdict);
        Assert.Equal(PushVerdict.UnknownPull, restored.Push(0, 1000, pulledAt, Dense, update).Verdict);
        Assert.Equal(PushVerdict.Applied, restored.PullAndPush(0, 1000, update).Verdict);
    }

    [Fact]
    public void A_state_that_is_cut_off_or_too_long_is_refused()
    {
        var state = Trained(UpdateRule.Adagrad).Export();
        for (var length = 0; length < state.Length; length += length < 100 ? 1 : 97)
        {
            IsRefused(UpdateRule.Adagrad, state[..length], "shard state:");
        }
        IsRefused(UpdateRule.Adagrad, [.. state, 0], "damaged or cut off");
    }

    [Fact]
    public void A_state_with_any_bit_flipped_is_refused()
    {
        var state = Trained(UpdateRule.Adagrad).Export();
        for (var at = 0; at < state.Length; at += 7)
        {
            state[at] ^= (byte)(1 << (at % 8));
            IsRefused(UpdateRule.Adagrad, state, "shard state:");
            state[at] ^= (byte)(1 << (at % 8));
        }
    }

    [Fact]
    public void A_state_that_does_not_match_the_shard_is_refused()
    {
        var state = Trained(UpdateRule.Asgd).Export();
        IsRefused(UpdateRule.AdaComp, state, "update rule is 'asgd'; expected 'adacomp'");
        var options = Shards.Options(Range, UpdateRule.Asgd, workers: 3);
        IsRefused(options with { Range = new(40, 141) }, state, "end of the parameters is 140; expected 141");
        IsRefused(options with { Range = new(41, 140) }, state, "first parameter is 40; expected 41");
        IsRefused(options with { Workers = 4 }, state, "number of workers is 3; expected 4");
    }

    [Fact]
    public void A_state_of_another_kind_or_version_is_refused()
    {
        IsRefused(UpdateRule.Asgd, [], "within the magic number");
        IsRefused(UpdateRule.Asgd, new byte[1000], "magic number is 0");
        var state = Trained(UpdateRule.Asgd).Export();
        state[4] = 2;
        IsRefused(UpdateRule.Asgd, state, "version is 2; expected 1");
    }

    [Theory]
    [InlineData(UpdateRule.Asgd, 8, float.NaN, "number 99 is NaN")] // behind it: length of the rule's state, checksum
    [InlineData(UpdateRule.Adagrad, 4, float.PositiveInfinity, "number 99 is Infinity")]
    [InlineData(UpdateRule.Adagrad, 4, -1f, "Adagrad sum 99 is negative")]
    public void Numbers_that_cannot_be_are_refused_even_with_a_right_checksum(
        string rule, int bytesBehind, float value, string expected)
    {
        var state = Trained(rule).Export();
        BinaryPrimitives.WriteSingleLittleEndian(state.AsSpan(state.Length - bytesBehind - 4), value);
        var checksum = Crc32C.Of(state.AsSpan(0, state.Length - 4));
        BinaryPrimitives.WriteUInt32LittleEndian(state.AsSpan(state.Length - 4), checksum);
        IsRefused(rule, state, expected);
    }

    [Fact]
    public void The_checksum_is_the_standard_one() =>
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8)); // RFC 3720's check value

    private static ParameterShard Trained(string rule)
    {
        var shard = Shards.Create(Range, rule, workers: 3);
        var random = new RandomStream(5, "training");
        var late = shard.Pull(2);
        for (var i = 1; i <= 30; i++)
        {
            shard.PullAndPush(i % 2, i, RandomUpdate(ref random));
        }
        shard.Push(2, 7, late, UpdateFormat.DenseFloat32, RandomUpdate(ref random));
        return shard;
    }

    private static byte[] RandomUpdate(ref RandomStream random) =>
        Shards.Dense(Shards.RandomGradient(Range.Length, ref random));

    private static void IsRefused(string rule, byte[] state, string expected) =>
        IsRefused(Shards.Options(Range, rule, workers: 3), state, expected);

    private static void IsRefused(ParameterShardOptions options, byte[] state, string expected)
    {
        var refusal = Assert.Throws<OrleansEdgeException>(() => ParameterShard.Import(options, state));
        Assert.Equal(ExitCode.Data, refusal.ExitCode);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
