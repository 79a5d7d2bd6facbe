using OrleansEdge.Core;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.ParameterServer.UpdateRules;

namespace OrleansEdge.Tests.ParameterServer;

public sealed class RefusedPushTests
{
    private static readonly KeyRange Range = new(100, 150);

    public static TheoryData<string> Rules => [.. UpdateRule.Names];

    [Theory]
    [MemberData(nameof(Rules))]
    public void NaN_and_infinity_change_nothing(string rule)
    {
        foreach (var value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var gradient = new float[Range.Length];
            gradient[49] = value;
            Refuses(rule, shard => PushDense(shard, gradient), FormattableString.Invariant($"number 49 is {value}"));
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_step_to_infinity_changes_nothing(string rule)
    {
        var options = Shards.Options(Range, rule, learningRate: float.MaxValue);
        var gradient = new float[Range.Length];
        Array.Fill(gradient, 2f, 40, 5);
        var values = new float[Range.Length];
        Array.Fill(values, -float.MaxValue);
        Overflows(new ParameterShard(options, values), shard => PushDense(shard, gradient));
        var sparse = Shards.Sparse(Range, (100, 1e-6f), (149, 3e38f));
        Overflows(new ParameterShard(options, values), shard => PushSparse(shard, sparse));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void An_update_of_another_length_or_range_changes_nothing(string rule)
    {
        Refuses(rule, shard => PushDense(shard, new float[49]), "196 bytes; expected 200");
        Refuses(rule, shard => PushSparse(shard, Shards.Sparse(new KeyRange(101, 151), (101, 1f))), "range [101, 151)");
        Refuses(rule, shard => PushSparse(shard, []), "cut off");
        Refuses(rule, shard => shard.Push(0, 2, 1, (UpdateFormat)7, []), "format is 7");
    }

    [Fact]
    public void A_push_out_of_place_changes_nothing()
    {
        var update = new float[Range.Length];
        Refuses(UpdateRule.Asgd, shard => PushDense(shard, update, pulledAt: 2), "expected a clock from 0 to 1");
        Refuses(UpdateRule.Asgd, shard => PushDense(shard, update, pulledAt: -1), "clock -1");
        Refuses(UpdateRule.Asgd, shard => PushDense(shard, update, worker: 2), "worker 2 is unknown");
        Refuses(UpdateRule.Asgd, shard => PushDense(shard, update, worker: -1), "worker -1 is unknown");
        Refuses(UpdateRule.Asgd, shard => PushDense(shard, update, sequence: 0), "sequence is 0");
        Refuses(UpdateRule.Asgd, shard => shard.Pull(2), "worker 2 is unknown");
    }

    [Fact]
    public void Options_and_initial_values_that_make_no_shard_are_refused()
    {
        var good = Shards.Options(Range, UpdateRule.Asgd);
        var values = Shards.Values(Range);
        MakesNoShard(ExitCode.Usage, "Workers is 0", good with { Workers = 0 }, values);
        MakesNoShard(ExitCode.Usage, "Range", good with { Range = new(5, 5) }, values);
        MakesNoShard(ExitCode.Usage, "Range", good with { Range = new(-1, 5) }, values);
        MakesNoShard(ExitCode.Usage, "one of sgd", good with { Rule = "adam" }, values);
        MakesNoShard(ExitCode.Usage, "LearningRate is -1", good with { LearningRate = -1 }, values);
        MakesNoShard(ExitCode.Usage, "LearningRate is NaN", good with { LearningRate = float.NaN }, values);
        MakesNoShard(ExitCode.Usage, "ExpectedDensity is 0", good with { ExpectedDensity = 0 }, values);
        MakesNoShard(ExitCode.Data, "49 initial values; expected 50", good, values[1..]);
        values[7] = float.NaN;
        MakesNoShard(ExitCode.Data, "number 7 is NaN", good, values);
    }

    private static void MakesNoShard(
        ExitCode exitCode, string expected, ParameterShardOptions options, float[] values) =>
        IsRefused(exitCode, expected, () => _ = new ParameterShard(options, values));

    private static PushOutcome PushDense(
        ParameterShard shard, float[] gradient, int worker = 0, long sequence = 2, long pulledAt = 1) =>
        shard.Push(worker, sequence, pulledAt, UpdateFormat.DenseFloat32, Shards.Dense(gradient));

    private static PushOutcome PushSparse(ParameterShard shard, byte[] update) =>
        shard.Push(0, 2, 1, UpdateFormat.Sparse, update);

    private static void Refuses(string rule, Action<ParameterShard> call, string expected) =>
        Refuses(Shards.Create(Range, rule), call, expected);

    // The shard has applied one update of zeros and worker 0 has pulled when the call comes.
    private static void Refuses(ParameterShard shard, Action<ParameterShard> call, string expected)
    {
        shard.PullAndPush(0, 1, Shards.Dense(new float[Range.Length]));
        shard.Pull(0);
        var before = shard.Export();
        IsRefused(ExitCode.Data, expected, () => call(shard));
        Assert.Equal(before, shard.Export());
        var outcome = shard.Push(0, 2, 1, UpdateFormat.DenseFloat32, Shards.Dense(new float[Range.Length]));
        Assert.Equal(PushVerdict.Applied, outcome.Verdict);
    }

    private static void Overflows(ParameterShard shard, Func<ParameterShard, PushOutcome> push)
    {
        shard.PullAndPush(0, 1, Shards.Dense(new float[Range.Length]));
        shard.Pull(0);
        var before = shard.Export();
        Assert.Equal(PushVerdict.Overflow, push(shard).Verdict);
        Assert.Equal(before, shard.Export());
        var outcome = shard.Push(0, 2, 1, UpdateFormat.DenseFloat32, Shards.Dense(new float[Range.Length]));
        Assert.Equal(PushVerdict.Applied, outcome.Verdict);
    }

    private static void IsRefused(ExitCode exitCode, string expected, Action call)
    {
        var refusal = Assert.Throws<OrleansEdgeException>(call);
        Assert.Equal(exitCode, refusal.ExitCode);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
