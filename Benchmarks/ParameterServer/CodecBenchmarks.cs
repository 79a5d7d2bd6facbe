using BenchmarkDotNet.Attributes;
using OrleansEdge.Core.Compression;

namespace OrleansEdge.Benchmarks.ParameterServer;

/// <summary>Coding an update of 2,116 entries; expected allocation: none.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private readonly SparseUpdate _decoded = new();
    private SparseUpdate _update = new();
    private byte[] _encoded = [];
    private byte[] _bytes = [];

    [Params(ValuePrecision.Float32, ValuePrecision.BFloat16)]
    public ValuePrecision Precision { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _update = SkewedGradients.Select(SkewedGradients.Create(1), 0.01);
        _encoded = SparseUpdateCodec.Encode(SkewedGradients.Range, _update, Precision);
        _bytes = new byte[SparseUpdateCodec.MaxEncodedLength(_update.Count, SkewedGradients.Range)];
    }

    [Benchmark]
    public int Encode() => SparseUpdateCodec.Encode(SkewedGradients.Range, _update, Precision, _bytes);

    [Benchmark]
    public void Decode() => SparseUpdateCodec.Decode(_encoded, SkewedGradients.Range, _decoded);
}
