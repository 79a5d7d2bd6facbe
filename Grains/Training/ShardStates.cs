using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>Shards from configurations, and models from shards.</summary>
public static class ShardStates
{
    /// <summary>The whole parameter vector of a job.</summary>
    /// <param name="shards">Exported state of each shard, in order.</param>
    /// <param name="clock">What the lowest clock of the shards must be; null for any.</param>
    /// <exception cref="Core.OrleansEdgeException">A state is damaged or of another job (65).</exception>
    public static float[] Parameters(TrainingJob job, IReadOnlyList<Payload> shards, long? clock = null)
    {
        var lowest = long.MaxValue;
        var parameters = new float[shards.Sum(shard => shard.ElementCount)];
        foreach (var shard in Open(job, shards))
        {
            shard.Values.CopyTo(parameters.AsSpan(shard.Range.Start));
            lowest = Math.Min(lowest, shard.Clock);
        }
        if (clock is { } expected && lowest != expected)
        {
            throw Core.OrleansEdgeException.WrongData($"the shards are at update {lowest}; expected {expected}");
        }
        return parameters;
    }

    /// <summary>A job's shards as they were exported, with their own counts.</summary>
    /// <param name="shards">Exported state of each shard, in order.</param>
    /// <exception cref="Core.OrleansEdgeException">A state is damaged or of another job (65).</exception>
    public static IEnumerable<ParameterShard> Open(TrainingJob job, IReadOnlyList<Payload> shards)
    {
        var start = 0;
        foreach (var state in shards)
        {
            var options = Options(
                start, state.ElementCount, job.Workers, TrainingAlgorithms.RuleOf(job.Algorithm),
                RateOf(job.LearningRate, job.FinalRate), job.Compression);
            yield return ParameterShard.Import(options, state.Bytes.Span);
            start += state.ElementCount;
        }
    }

    /// <summary>A shard from its configuration and initial values or an exported state.</summary>
    internal static ParameterShard Open(ShardConfiguration configuration, Payload state)
    {
        var options = Options(
            configuration.Start, state.ElementCount, configuration.Workers, configuration.Rule,
            RateOf(configuration.LearningRate, configuration.FinalRate), configuration.ExpectedDensity);
        if (state.Format == PayloadFormat.ShardState)
        {
            return ParameterShard.Import(options, state.Bytes.Span);
        }
        var values = new float[state.ElementCount];
        DenseCodec.Decode(state.Bytes.Span, values);
        return new ParameterShard(options, values);
    }

    /// <summary>The learning rate by the clock.</summary>
    internal static LearningRate RateOf(float initial, FinalRate? final) =>
        final is { } end ? new LearningRate(initial, end.Rate, end.AtClock) : initial;

    internal static Payload Export(ParameterShard shard) =>
        new(PayloadFormat.ShardState, shard.Range.Length, shard.Export());

    internal static PushOutcome Push(ParameterShard shard, PushRequest request) => shard.Push(
        request.Worker, request.Sequence, request.PulledAt,
        request.Update.Format == PayloadFormat.Sparse ? UpdateFormat.Sparse : UpdateFormat.DenseFloat32,
        request.Update.Bytes.Span);

    internal static ParameterShardOptions Options(
        int start, int length, int workers, string rule, LearningRate learningRate, double expectedDensity)
    {
        return new ParameterShardOptions
        {
            Range = new KeyRange(start, start + length),
            Workers = workers,
            Rule = rule,
            LearningRate = learningRate,
            ExpectedDensity = expectedDensity,
        };
    }
}
