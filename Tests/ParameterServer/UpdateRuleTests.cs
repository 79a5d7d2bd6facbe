using OrleansEdge.Core;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.ParameterServer.UpdateRules;

namespace OrleansEdge.Tests.ParameterServer;

public sealed class UpdateRuleTests
{
    public static TheoryData<string> Rules => [.. UpdateRule.Names];

    [Fact]
    public void Asgd_divides_the_rate_by_the_staleness_of_the_update()
    {
        var shard = new ParameterShard(Shards.Options(new(0, 1), UpdateRule.Asgd, 2, learningRate: 1), [0]);
        var late = shard.Pull(1);
        for (var i = 1; i <= 4; i++)
        {
            shard.PullAndPush(0, i, Shards.Dense(0));
        }
        shard.Push(1, 1, late, UpdateFormat.DenseFloat32, Shards.Dense(-1));
        Assert.Equal(0.25f, shard.Values[0]);
    }

    [Fact]
    public void Sgd_does_not()
    {
        var shard = new ParameterShard(Shards.Options(new(0, 1), UpdateRule.Sgd, 2, learningRate: 1), [0]);
        var late = shard.Pull(1);
        shard.PullAndPush(0, 1, Shards.Dense(0));
        shard.PullAndPush(0, 2, Shards.Dense(0));
        shard.Push(1, 1, late, UpdateFormat.DenseFloat32, Shards.Dense(-1));
        Assert.Equal(1f, shard.Values[0]);
    }

    [Fact]
    public void Adagrad_divides_by_the_root_of_the_sum_of_squares()
    {
        var shard = new ParameterShard(Shards.Options(new(0, 3), UpdateRule.Adagrad, 1, learningRate: 0.5f), [0, 0, 0]);
        shard.PullAndPush(0, 1, Shards.Dense(3, -1, 0));
        Assert.Equal([-0.5f, 0.5f, 0f], Rounded(shard));
        shard.PullAndPush(0, 2, Shards.Dense(4, 0, 0));
        Assert.Equal([-0.9f, 0.5f, 0f], Rounded(shard)); // 0.5 * 4 / sqrt(9 + 16)
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_sparse_update_of_all_parameters_is_the_dense_one_bit_for_bit(string rule)
    {
        var range = new KeyRange(3, 200);
        var (dense, sparse) = (Shards.Create(range, rule), Shards.Create(range, rule));
        var random = new RandomStream(4, "gradients");
        for (var i = 1; i <= 40; i++)
        {
            // Every second update is computed from the pull before the last.
            var worker = i % 2;
            if (i < 3 || i % 4 == 0)
            {
                Assert.Equal(dense.Pull(0), sparse.Pull(0));
                Assert.Equal(dense.Pull(1), sparse.Pull(1));
            }
            var gradient = Shards.RandomGradient(range.Length, ref random);
            var pulledAt = i < 3 ? i - 1 : (i / 4 * 4) - (i < 4 ? -1 : 1);
            var entries = gradient.Select((value, k) => (range.Start + k, value)).ToArray();
            var first = dense.Push(worker, i, pulledAt, UpdateFormat.DenseFloat32, Shards.Dense(gradient));
            var second = sparse.Push(worker, i, pulledAt, UpdateFormat.Sparse, Shards.Sparse(range, entries));
            Assert.Equal(PushVerdict.Applied, first.Verdict);
            Assert.Equal(first, second);
            Assert.Equal(dense.Values.ToArray(), sparse.Values.ToArray());
        }
    }

    [Fact]
    public void An_unknown_rule_is_refused()
    {
        var options = Shards.Options(new(0, 1), UpdateRule.Sgd) with { Rule = "momentum" };
        var refusal = Assert.Throws<OrleansEdgeException>(() => UpdateRule.Create(options));
        Assert.Equal(
            "update rule 'momentum' is unknown; expected one of sgd, asgd, adacomp, adagrad", refusal.Message);
    }

    private static float[] Rounded(ParameterShard shard) =>
        [.. shard.Values.ToArray().Select(value => MathF.Round(value, 5))];
}
