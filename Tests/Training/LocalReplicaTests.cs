using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.Training;

namespace OrleansEdge.Tests.Training;

public sealed class LocalReplicaTests
{
    [Fact]
    public void Between_two_fetches_a_worker_steps_at_each_shard_s_rate_at_the_clock_that_it_fetched()
    {
        var settings = new GradientSettings
        {
            Model = "logreg",
            BatchSize = 5,
            Shards = 2,
            LocalLearningRate = new LearningRate(0.5f, 0, 100),
        };
        var (keeps, plain) = (Replica(settings with { KeepsParameters = true }), Replica(settings));
        var parameters = new float[7_850];
        long[] clocks = [40, 90];

        var gradient = Numbers(keeps.Step(0, Fetched(keeps, parameters, clocks), push: true));
        for (var shard = 0; shard < 2; shard++)
        {
            var own = parameters.AsSpan(keeps.Ranges[shard].Start, keeps.Ranges[shard].Length);
            var rate = settings.LocalLearningRate.At(clocks[shard]);
            TensorPrimitives.MultiplyAdd(gradient.AsSpan(keeps.Ranges[shard].Start, own.Length), -rate, own, own);
        }
        var expected = Numbers(plain.Step(1, Fetched(plain, parameters, clocks), push: true));
        Assert.Equal(expected, Numbers(keeps.Step(1, [], push: true)));
    }

    private static LocalReplica Replica(GradientSettings settings)
    {
        var examples = new WorkerData(new DataCatalog([])).Open("synthetic:100x20", 0).Train;
        return new LocalReplica(
            new GradientWorkspaces(), examples, new BatchSampler([.. Enumerable.Range(0, 100)], 1, 0), settings);
    }

    private static FetchedShard[] Fetched(LocalReplica replica, float[] parameters, long[] clocks) =>
    [
        .. replica.Ranges.Select((range, i) => new FetchedShard(
            clocks[i], MemoryMarshal.AsBytes(parameters.AsSpan(range.Start, range.Length)).ToArray())),
    ];

    private static float[] Numbers(StepResult step) =>
        [.. step.Updates.SelectMany(update => MemoryMarshal.Cast<byte, float>(update.Span).ToArray())];
}
