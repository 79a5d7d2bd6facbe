using OrleansEdge.Core;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Tests.ParameterServer;

/// <summary>Shards to test and updates to push to them.</summary>
internal static class Shards
{
    public static ParameterShardOptions Options(
        KeyRange range, string rule, int workers = 2, float learningRate = 0.1f) => new()
        {
            Range = range,
            Workers = workers,
            Rule = rule,
            LearningRate = learningRate,
        };

    public static ParameterShard Create(KeyRange range, string rule, int workers = 2, float learningRate = 0.1f) =>
        new(Options(range, rule, workers, learningRate), Values(range));

    public static float[] Values(KeyRange range)
    {
        var random = new RandomStream(1, "values");
        return [.. Enumerable.Range(0, range.Length).Select(_ => (float)random.NextNormal())];
    }

    public static float[] RandomGradient(int length, ref RandomStream random)
    {
        var gradient = new float[length];
        for (var i = 0; i < length; i++)
        {
            gradient[i] = (float)random.NextNormal();
        }
        return gradient;
    }

    public static byte[] Dense(params float[] gradient)
    {
        var bytes = new byte[DenseCodec.EncodedLength(gradient.Length)];
        DenseCodec.Encode(gradient, bytes);
        return bytes;
    }

    public static byte[] Sparse(KeyRange range, params (int Index, float Value)[] entries)
    {
        var update = new SparseUpdate();
        foreach (var (index, value) in entries)
        {
            update.Add(index, value);
        }
        return SparseUpdateCodec.Encode(range, update, ValuePrecision.Float32);
    }

    /// <summary>Pulls and pushes with no update of others between.</summary>
    public static PushOutcome PullAndPush(this ParameterShard shard, int worker, long sequence, byte[] dense) =>
        shard.Push(worker, sequence, shard.Pull(worker), UpdateFormat.DenseFloat32, dense);
}
