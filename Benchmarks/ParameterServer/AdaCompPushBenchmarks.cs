using BenchmarkDotNet.Attributes;
using OrleansEdge.Core;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.ParameterServer.UpdateRules;

namespace OrleansEdge.Benchmarks.ParameterServer;

/// <summary>
/// An AdaComp push with its pull, beside the paper's own way to count staleness; expected allocation: none.
/// </summary>
[MemoryDiagnoser]
public class AdaCompPushBenchmarks
{
    private const int Updates = 64;

    private readonly byte[][] _encoded = new byte[Updates][];
    private readonly int[][] _indices = new int[Updates][];
    private RandomStream _random = new(1, "order");
    private long[] _pulledAt = [];
    private long[] _sequences = [];
    private ParameterShard? _shard;
    private long _clock;

    [Params(20, 200, 1000)]
    public int Workers { get; set; }

    [Params(0.001, 0.01)]
    public double Density { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        for (var i = 0; i < Updates; i++)
        {
            _encoded[i] = SkewedGradients.Encode((ulong)i, Density);
            var decoded = new SparseUpdate();
            SparseUpdateCodec.Decode(_encoded[i], SkewedGradients.Range, decoded);
            _indices[i] = decoded.Indices.ToArray();
        }
        var options = new ParameterShardOptions
        {
            Range = SkewedGradients.Range,
            Workers = Workers,
            Rule = UpdateRule.AdaComp,
            LearningRate = 1e-6f,
            ExpectedDensity = Density,
        };
        _shard = new ParameterShard(options, new float[SkewedGradients.Length]);
        _sequences = new long[Workers];
        _pulledAt = [.. Enumerable.Range(0, Workers).Select(_shard.Pull)];
        for (var i = 0; i < 10 * Workers; i++)
        {
            PushAndPull();
        }
    }

    /// <summary>Workers in random order, each with one pull outstanding: the mean staleness is their number.</summary>
    [Benchmark]
    public PushOutcome PushAndPull()
    {
        var worker = _random.NextInt(Workers);
        var update = _encoded[_clock++ % Updates];
        var outcome = _shard!.Push(
            worker, ++_sequences[worker], _pulledAt[worker], UpdateFormat.Sparse, update);
        _pulledAt[worker] = _shard.Pull(worker);
        return outcome;
    }

    /// <summary>The counts alone as in section IV.d: a search in each list of the updates since the pull.</summary>
    [Benchmark(Baseline = true, Description = "Search in lists")]
    public long SearchInLists()
    {
        var sum = 0L;
        foreach (var k in _indices[_clock++ % Updates])
        {
            for (var update = 0; update < Workers - 1; update++)
            {
                sum += Array.BinarySearch(_indices[update % Updates], k) >= 0 ? 1 : 0;
            }
        }
        return sum;
    }
}
