using BenchmarkDotNet.Attributes;
using Orleans;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Benchmarks;

/// <summary>
/// Calls of the virtual cluster: a request and a reply each. Allocation per call at the time of writing: 440 bytes, of
/// which 72 are the grain's own result (checked in Tests/Simulation/ActivationTests).
/// </summary>
[MemoryDiagnoser]
public class ClusterBenchmarks
{
    private const int Calls = 100_000;

    /// <summary>Callers that wait for an answer at the same time.</summary>
    [Params(1, 1000)]
    public int Callers { get; set; }

    /// <summary>One-way latency in virtual seconds; without it messages bypass the heap of future events.</summary>
    [Params(0, 0.001)]
    public double LatencySeconds { get; set; }

    [Benchmark(OperationsPerInvoke = Calls)]
    public void Call()
    {
        using var cluster = new VirtualCluster(new VirtualClusterOptions
        {
            Grains = new GrainClasses().Add<TallyGrain>(),
            Network = new NetworkOptions { DefaultLink = new LinkProfile { LatencySeconds = LatencySeconds } },
            DegreeOfParallelism = 1,
        });
        cluster.Run(grains => Task.WhenAll(
            Enumerable.Range(0, Callers).Select(i => CallInTurn(grains.Get<ITally>($"tally/{i}"), Calls / Callers))));
    }

    private static async Task CallInTurn(ITally tally, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            await tally.Add(i);
        }
    }
}

/// <summary>The grain of the benchmark.</summary>
public interface ITally : IGrainWithStringKey
{
    Task<long> Add(int amount);
}

public sealed class TallyGrain : ITally
{
    private long _sum;

    public Task<long> Add(int amount) => Task.FromResult(_sum += amount);
}
