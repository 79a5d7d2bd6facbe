using BenchmarkDotNet.Attributes;
using OrleansEdge.Core;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Benchmarks;

/// <summary>Loss and gradient of one batch, and prediction, on one thread.</summary>
[MemoryDiagnoser]
public class ModelBenchmarks
{
    private const int PredictedImages = 1000;
    private IModel _model = null!;
    private float[] _parameters = [];
    private float[] _gradient = [];
    private float[] _inputs = [];
    private float[] _logits = [];
    private int[] _labels = [];

    [Params("cnn", "cnn64", "mlp", "logreg")]
    public string Model { get; set; } = "";

    [Params(10)]
    public int BatchSize { get; set; }

    [Params(SimdPath.Vector512, SimdPath.Vector256)]
    public SimdPath Path { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _model = ModelCatalog.Create(Model, Path);
        var random = new RandomStream(1, "benchmark");
        _parameters = new float[_model.ParameterCount];
        _gradient = new float[_model.ParameterCount];
        _model.Initialize(_parameters, ref random);
        _inputs = new float[PredictedImages * _model.InputLength];
        foreach (ref var input in _inputs.AsSpan())
        {
            input = (float)random.NextNormal();
        }
        _labels = Enumerable.Range(0, BatchSize).Select(n => n % _model.ClassCount).ToArray();
        _logits = new float[PredictedImages * _model.ClassCount];
    }

    [Benchmark]
    [AllocationBudget(0)]
    public float LossAndGradient() => _model.LossAndGradient(
        _parameters, _inputs.AsSpan(0, BatchSize * _model.InputLength), _labels, _gradient);

    [Benchmark(OperationsPerInvoke = PredictedImages)]
    [AllocationBudget(0)]
    public void Predict() => _model.Predict(_parameters, _inputs, _logits);
}
