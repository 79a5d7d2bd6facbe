using BenchmarkDotNet.Attributes;
using OrleansEdge.Core.Compression;

namespace OrleansEdge.Benchmarks.ParameterServer;

/// <summary>Selecting the largest entries of 211,690; expected allocation: none.</summary>
[MemoryDiagnoser]
public class SelectionBenchmarks
{
    private readonly SparseUpdate _selection = new();
    private float[] _gradient = [];
    private GradientSelector? _selector;

    [Params(0.001, 0.01, 0.1)]
    public double Density { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _gradient = SkewedGradients.Create(1);
        _selector = new GradientSelector([new("all", 0, [_gradient.Length])], Density);
    }

    [Benchmark]
    public void Select() => _selector!.Select(_gradient, _selection);

    [Benchmark(Baseline = true, Description = "Sort all")]
    public float[] Sort()
    {
        var magnitudes = Array.ConvertAll(_gradient, Math.Abs);
        Array.Sort(magnitudes);
        return magnitudes;
    }
}
