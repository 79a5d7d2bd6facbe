using BenchmarkDotNet.Attributes;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.ParameterServer.UpdateRules;

namespace OrleansEdge.Benchmarks.ParameterServer;

/// <summary>Dense pushes and pulls of 847 KB beside a plain copy; expected allocation: none.</summary>
[MemoryDiagnoser]
public class DensePushBenchmarks
{
    private byte[] _payload = [];
    private byte[] _target = [];
    private ParameterShard? _shard;
    private long _sequence;

    [Params(UpdateRule.Asgd, UpdateRule.Adagrad)]
    public string Rule { get; set; } = UpdateRule.Asgd;

    [GlobalSetup]
    public void SetUp()
    {
        var options = new ParameterShardOptions
        {
            Range = SkewedGradients.Range,
            Workers = 1,
            Rule = Rule,
            LearningRate = 1e-6f,
        };
        _shard = new ParameterShard(options, new float[SkewedGradients.Length]);
        _shard.Pull(0);
        _payload = new byte[_shard.ValuesLength];
        _target = new byte[_shard.ValuesLength];
        DenseCodec.Encode(SkewedGradients.Create(1), _payload);
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _payload.AsSpan().CopyTo(_target);

    [Benchmark]
    public PushOutcome Push() => _shard!.Push(0, ++_sequence, 0, UpdateFormat.DenseFloat32, _payload);

    [Benchmark]
    public int Pull() => _shard!.CopyValues(_target);
}
