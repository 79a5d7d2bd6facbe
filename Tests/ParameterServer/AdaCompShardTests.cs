using OrleansEdge.Core;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.ParameterServer.UpdateRules;

namespace OrleansEdge.Tests.ParameterServer;

public sealed class AdaCompShardTests
{
    private const float LearningRate = 0.1f;

    [Fact]
    public void Agrees_with_the_paper_s_algorithm_on_any_schedule() => AnySeed.Satisfies(60, RunSchedule);

    [Fact]
    public void Counts_exactly_for_a_worker_that_is_20_000_updates_late()
    {
        var range = new KeyRange(0, 40);
        var shard = Shards.Create(range, UpdateRule.AdaComp, workers: 3, learningRate: 1);
        var random = new RandomStream(2, "late");
        var late = shard.Pull(2);
        var touches = new int[range.Length];
        for (var i = 1; i <= 20_000; i++)
        {
            var k = Math.Min(random.NextInt(range.Length), random.NextInt(range.Length));
            shard.Push(i % 2, i, shard.Pull(i % 2), UpdateFormat.Sparse, Shards.Sparse(range, (k, 1e-3f)));
            touches[k]++;
        }
        var before = shard.Values.ToArray();
        shard.Push(2, 1, late, UpdateFormat.DenseFloat32, Shards.Dense([.. Enumerable.Repeat(1f, range.Length)]));
        for (var k = 0; k < range.Length; k++)
        {
            Assert.Equal(before[k] - (1f / Math.Max(1, touches[k])), shard.Values[k], 1e-6f);
        }
    }

    [Fact]
    public void Memory_is_bounded_by_the_outstanding_pulls_and_given_back_for_workers_that_never_return()
    {
        var range = new KeyRange(0, 160);
        var shard = Shards.Create(range, UpdateRule.AdaComp, workers: 11);
        var window = sizeof(uint) * range.Length;
        var update = Shards.Sparse(range, (0, 1e-6f), (159, 1e-6f));
        long pulledAt = 0;
        for (var i = 1; i <= 70_000; i++)
        {
            if (i % 100 == 0 && i <= 1000)
            {
                pulledAt = shard.Pull(i / 100); // and is never heard of again
            }
            shard.Push(0, i, shard.Pull(0), UpdateFormat.Sparse, update);
            Assert.InRange(shard.RuleMemoryBytes, window, 13 * window);
        }
        Assert.Equal(PushVerdict.UnknownPull, shard.Push(10, 1, pulledAt, UpdateFormat.Sparse, update).Verdict);
        Assert.Equal(PushVerdict.UnknownPull, shard.Push(10, 1, pulledAt, UpdateFormat.Sparse, update).Verdict);
        Assert.Equal(PushVerdict.Applied, shard.Push(10, 1, shard.Pull(10), UpdateFormat.Sparse, update).Verdict);
    }

    private static void RunSchedule(ulong seed)
    {
        var random = new RandomStream(seed, "schedule");
        var range = new KeyRange(0, 1 + random.NextInt(200));
        var workers = 1 + random.NextInt(12);
        var shard = Shards.Create(range, UpdateRule.AdaComp, workers, LearningRate);
        var naive = new NaiveAdaComp(shard.Values.ToArray(), LearningRate);
        var pulledAt = new long[workers];
        var sequences = new long[workers];
        Array.Fill(pulledAt, -1);
        for (var step = 0; step < 600; step++)
        {
            // A few workers do nearly all the work; the others are late by hundreds of updates.
            var worker = random.NextInt(8) == 0 ? random.NextInt(workers) : random.NextInt(Math.Min(3, workers));
            if (pulledAt[worker] < 0 || random.NextInt(10) == 0)
            {
                pulledAt[worker] = shard.Pull(worker);
                continue;
            }
            var update = RandomUpdate(range, ref random);
            var dense = random.NextInt(5) == 0;
            var outcome = Push(shard, range, worker, ++sequences[worker], pulledAt[worker], update, dense);
            Assert.Equal(PushVerdict.Applied, outcome.Verdict);
            naive.Push(pulledAt[worker], update);
            Assert.Equal(naive.Values, shard.Values.ToArray());
            pulledAt[worker] = random.NextInt(4) == 0 ? pulledAt[worker] : -1;
        }
    }

    private static PushOutcome Push(
        ParameterShard shard, KeyRange range, int worker, long sequence, long pulledAt, SparseUpdate update, bool dense)
    {
        if (!dense)
        {
            var sparse = SparseUpdateCodec.Encode(range, update, ValuePrecision.Float32);
            return shard.Push(worker, sequence, pulledAt, UpdateFormat.Sparse, sparse);
        }
        var gradient = new float[range.Length];
        for (var i = 0; i < update.Count; i++)
        {
            gradient[update.Indices[i]] = update.Values[i];
        }
        var bytes = new byte[DenseCodec.EncodedLength(gradient.Length)];
        DenseCodec.Encode(gradient, bytes);
        return shard.Push(worker, sequence, pulledAt, UpdateFormat.DenseFloat32, bytes);
    }

    private static SparseUpdate RandomUpdate(KeyRange range, ref RandomStream random)
    {
        var density = random.NextDouble() * random.NextDouble();
        var update = new SparseUpdate();
        for (var k = 0; k < range.Length; k++)
        {
            if (random.NextDouble() < density)
            {
                update.Add(k, random.NextInt(10) == 0 ? 0 : (float)random.NextNormal());
            }
        }
        return update;
    }
}
