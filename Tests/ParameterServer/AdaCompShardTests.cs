using FsCheck;
using FsCheck.Fluent;
using OrleansEdge.Core;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.ParameterServer.UpdateRules;

namespace OrleansEdge.Tests.ParameterServer;

public sealed class AdaCompShardTests
{
    private const float LearningRate = 0.1f;

    [Fact]
    public void Agrees_with_the_paper_s_algorithm_on_any_schedule() =>
        Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), seed => RunSchedule((ulong)seed))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

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
