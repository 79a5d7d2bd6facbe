using OrleansEdge.Core;
using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Tests.ParameterServer;

/// <summary>Shards to test.</summary>
internal static class Shards
{
    public static ParameterShardOptions Options(KeyRange range, string rule, int workers, float learningRate = 0.1f) => new()
    {
        Range = range,
        Workers = workers,
        Rule = rule,
        LearningRate = learningRate,
    };

    public static ParameterShard Create(KeyRange range, string rule, int workers, float learningRate = 0.1f) =>
        new(Options(range, rule, workers, learningRate), Values(range));

    public static float[] Values(KeyRange range)
    {
        var random = new RandomStream(1, "values");
        var values = new float[range.Length];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.NextNormal();
        }
        return values;
    }
}
