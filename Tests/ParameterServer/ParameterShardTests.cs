using OrleansEdge.Core;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.ParameterServer.UpdateRules;

namespace OrleansEdge.Tests.ParameterServer;

public sealed class ParameterShardTests
{
    private static readonly KeyRange Three = new(10, 13);

    [Fact]
    public void A_pull_gives_the_values_and_the_clock()
    {
        var shard = Shards.Create(Three, UpdateRule.Sgd);
        Assert.Equal(0, shard.Pull(1));
        var bytes = new byte[shard.ValuesLength];
        Assert.Equal(12, shard.CopyValues(bytes));
        Assert.Equal(Shards.Dense(Shards.Values(Three)), bytes);
    }

    [Fact]
    public void A_push_is_applied_once_however_often_it_arrives()
    {
        var shard = new ParameterShard(Shards.Options(Three, UpdateRule.Sgd), [1, 2, 3]);
        var pulledAt = shard.Pull(0);
        for (var i = 0; i < 3; i++)
        {
            var outcome = shard.Push(0, 1, pulledAt, UpdateFormat.DenseFloat32, Shards.Dense(1, 0, -1));
            Assert.Equal(new PushOutcome(i == 0 ? PushVerdict.Applied : PushVerdict.Duplicate, 1, 0), outcome);
        }
        Assert.Equal([0.9f, 2f, 3.1f], shard.Values.ToArray());
        Assert.Equal(1, shard.Clock);
        Assert.Equal([1, 0], shard.UpdatesByWorker.ToArray());
    }

    [Fact]
    public void An_update_that_overtook_another_makes_it_a_duplicate()
    {
        var shard = Shards.Create(Three, UpdateRule.Sgd);
        var pulledAt = shard.Pull(0);
        var update = Shards.Dense(1, 1, 1);
        Assert.Equal(PushVerdict.Applied, shard.Push(0, 5, pulledAt, UpdateFormat.DenseFloat32, update).Verdict);
        Assert.Equal(PushVerdict.Duplicate, shard.Push(0, 4, pulledAt, UpdateFormat.DenseFloat32, update).Verdict);
    }

    [Fact]
    public void Staleness_counts_the_updates_between_pull_and_push()
    {
        var shard = Shards.Create(Three, UpdateRule.Asgd, workers: 3);
        var late = shard.Pull(2);
        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(0, shard.PullAndPush(0, i, Shards.Dense(1, 1, 1)).Staleness);
        }
        Assert.Equal(4, shard.Push(2, 1, late, UpdateFormat.DenseFloat32, Shards.Dense(1, 1, 1)).Staleness);
        Assert.Equal((4 / 5.0, 4L), (shard.Staleness.Mean, shard.Staleness.Max));
        Assert.Equal((4L, 1L), (shard.Staleness.Histogram[0], shard.Staleness.Histogram[4]));
        Assert.Equal([4, 0, 1], shard.UpdatesByWorker.ToArray());
    }

    [Fact]
    public void The_last_bin_of_the_histogram_counts_the_rest()
    {
        var shard = Shards.Create(Three, UpdateRule.Asgd, workers: 3);
        var (first, second) = (shard.Pull(1), shard.Pull(2));
        for (var i = 1; i <= 1023; i++)
        {
            shard.PullAndPush(0, i, Shards.Dense(0, 0, 0));
        }
        shard.Push(1, 1, first, UpdateFormat.DenseFloat32, Shards.Dense(0, 0, 0));
        shard.Push(2, 1, second, UpdateFormat.DenseFloat32, Shards.Dense(0, 0, 0));
        Assert.Equal(1025, shard.Staleness.Histogram.Length);
        Assert.Equal((1L, 1L), (shard.Staleness.Histogram[1023], shard.Staleness.Histogram[1024]));
    }

    [Fact]
    public void Counts_the_bytes_of_every_pull_and_push()
    {
        var shard = Shards.Create(Three, UpdateRule.AdaComp);
        var sparse = Shards.Sparse(Three, (11, 1f));
        var pulledAt = shard.Pull(0);
        shard.Push(0, 1, pulledAt, UpdateFormat.Sparse, sparse);
        shard.Push(0, 1, pulledAt, UpdateFormat.Sparse, sparse);
        shard.Push(1, 1, pulledAt, UpdateFormat.DenseFloat32, Shards.Dense(1, 1, 1)); // never pulled
        shard.Pull(1);
        Assert.Equal((2L * sparse.Length) + 12, shard.IngressBytes);
        Assert.Equal(24, shard.EgressBytes);
    }

    [Fact]
    public void A_worker_may_push_several_times_against_one_pull()
    {
        var shard = Shards.Create(Three, UpdateRule.Adagrad);
        var pulledAt = shard.Pull(0);
        for (var i = 1; i <= 5; i++)
        {
            var outcome = shard.Push(0, i, pulledAt, UpdateFormat.DenseFloat32, Shards.Dense(1, 1, 1));
            Assert.Equal(new PushOutcome(PushVerdict.Applied, i, i - 1), outcome);
        }
    }

    [Fact]
    public void A_pull_asked_for_again_leaves_the_first_answer_good()
    {
        var shard = Shards.Create(Three, UpdateRule.AdaComp);
        var first = shard.Pull(0);
        shard.PullAndPush(1, 1, Shards.Dense(1, 1, 1));
        var second = shard.Pull(0);
        Assert.NotEqual(first, second);
        var update = Shards.Dense(1, 1, 1);
        Assert.Equal(PushVerdict.Applied, shard.Push(0, 1, first, UpdateFormat.DenseFloat32, update).Verdict);
        Assert.Equal(PushVerdict.Applied, shard.Push(0, 2, second, UpdateFormat.DenseFloat32, update).Verdict);
        Assert.Equal(PushVerdict.UnknownPull, shard.Push(0, 3, first, UpdateFormat.DenseFloat32, update).Verdict);
    }

    [Fact]
    public void Of_many_pulls_without_a_push_the_last_four_stay_good()
    {
        var shard = Shards.Create(Three, UpdateRule.AdaComp);
        var pulls = new List<long>();
        for (var i = 1; i <= 6; i++)
        {
            pulls.Add(shard.Pull(0));
            shard.PullAndPush(1, i, Shards.Dense(1, 1, 1));
        }
        var update = Shards.Dense(1, 1, 1);
        Assert.Equal(PushVerdict.UnknownPull, shard.Push(0, 1, pulls[1], UpdateFormat.DenseFloat32, update).Verdict);
        Assert.Equal(PushVerdict.Applied, shard.Push(0, 1, pulls[2], UpdateFormat.DenseFloat32, update).Verdict);
    }

    [Fact]
    public void A_new_pull_ends_one_that_was_pushed_against()
    {
        var shard = Shards.Create(Three, UpdateRule.AdaComp);
        var first = shard.Pull(0);
        var update = Shards.Dense(1, 1, 1);
        shard.Push(0, 1, first, UpdateFormat.DenseFloat32, update);
        shard.Pull(0);
        Assert.Equal(PushVerdict.UnknownPull, shard.Push(0, 2, first, UpdateFormat.DenseFloat32, update).Verdict);
    }

    [Theory]
    [InlineData(UpdateRule.Sgd)]
    [InlineData(UpdateRule.Asgd)]
    [InlineData(UpdateRule.AdaComp)]
    [InlineData(UpdateRule.Adagrad)]
    public void Pulls_and_pushes_allocate_nothing_once_warm(string rule)
    {
        var range = new KeyRange(0, 5000);
        var shard = Shards.Create(range, rule, workers: 20);
        var random = new RandomStream(1, "allocation");
        var dense = Shards.Dense(Shards.RandomGradient(range.Length, ref random));
        var sparse = Shards.Sparse(range, [.. Enumerable.Range(0, 50).Select(i => (i * 100, 1e-3f))]);
        var sequence = 0L;
        void Round()
        {
            sequence++;
            for (var worker = 0; worker < 20; worker++)
            {
                var format = worker == 0 ? UpdateFormat.DenseFloat32 : UpdateFormat.Sparse;
                shard.Push(worker, sequence, shard.Pull(worker), format, worker == 0 ? dense : sparse);
                shard.Pull((worker + 7) % 20);
            }
        }
        Assert.Equal(0, Allocations.Of(Round));
    }
}
