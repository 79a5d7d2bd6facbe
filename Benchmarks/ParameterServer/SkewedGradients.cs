using OrleansEdge.Core;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Benchmarks.ParameterServer;

/// <summary>Gradients of the size of the AdaComp paper's network whose large entries overlap as real ones do.</summary>
internal static class SkewedGradients
{
    /// <summary>Parameters of the paper's network.</summary>
    public const int Length = 211_690;

    public static KeyRange Range { get; } = new(0, Length);

    /// <summary>Normal entries; a tenth of the places is ten times as large as the rest.</summary>
    public static float[] Create(ulong seed)
    {
        var random = new RandomStream(seed, "skewed-gradient");
        var gradient = new float[Length];
        for (var i = 0; i < Length; i++)
        {
            var scale = i / 64 % 10 == 0 ? 1e-2 : 1e-3;
            gradient[i] = (float)(scale * random.NextNormal());
        }
        return gradient;
    }

    /// <summary>The update that a worker pushes.</summary>
    public static SparseUpdate Select(float[] gradient, double density)
    {
        var update = new SparseUpdate();
        new GradientSelector([new("all", 0, [Length])], density).Select(gradient, update);
        return update;
    }

    public static byte[] Encode(ulong seed, double density) =>
        SparseUpdateCodec.Encode(Range, Select(Create(seed), density), ValuePrecision.Float32);
}
