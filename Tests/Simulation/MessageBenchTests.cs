using OrleansEdge.Client.Benchmarking;
using OrleansEdge.Core;

namespace OrleansEdge.Tests.Simulation;

/// <summary>Tests that look at the heap of the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(WholeHeap), DisableParallelization = true)]
public sealed class WholeHeap;

[Collection(nameof(WholeHeap))]
public sealed class MessageBenchTests
{
    private static readonly MessageBenchOptions Small =
        new() { Callers = 7, Grains = 50, Calls = 20_000, IdleGrains = 2_000 };

    [Fact]
    public void A_call_is_two_messages_and_allocates_and_keeps_little()
    {
        var result = MessageBench.Run(Small, TestContext.Current.CancellationToken);
        Assert.Equal(result.CallsPerSecond * 2, result.MessagesPerSecond, result.MessagesPerSecond * 1e-9);
        Assert.InRange(result.AllocatedBytesPerCall, 100, 512);
        Assert.InRange(result.BytesPerIdleActivation, 100, 1024);
        Assert.InRange(result.NanosecondsPerCallP50, 1, result.NanosecondsPerCallP99);
    }

    [Fact]
    public void The_same_load_leaves_the_same_trace()
    {
        var overNetwork = Small with { LatencySeconds = 0.001 };
        Assert.Equal(Hash(Small), Hash(Small));
        Assert.Equal(Hash(overNetwork), Hash(overNetwork));
        Assert.NotEqual(Hash(Small), Hash(overNetwork));
    }

    [Fact]
    public void A_load_without_callers_is_refused()
    {
        var failure = Assert.Throws<OrleansEdgeException>(() => MessageBench.Run(
            Small with { Callers = 0 }, TestContext.Current.CancellationToken));
        Assert.Contains("Callers is 0", failure.Message);
    }

    private static string Hash(MessageBenchOptions options) =>
        MessageBench.Run(options, TestContext.Current.CancellationToken).TraceHash;
}
