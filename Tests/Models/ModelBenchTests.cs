using OrleansEdge.Client.Benchmarking;
using OrleansEdge.Core;
using OrleansEdge.Core.Models;

namespace OrleansEdge.Tests.Models;

public sealed class ModelBenchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Rates_follow_from_the_clock(int threads)
    {
        // A step reads the clock before and after, and once more for the end: one tick of work in three.
        var result = ModelBench.Run("logreg", 10, threads, TimeSpan.FromSeconds(1), new TickingClock());
        Assert.Equal(("logreg", 10, threads), (result.Model, result.BatchSize, result.Threads));
        Assert.InRange(result.MillisecondsPerStep, result.MillisecondsPerStepP10, result.MillisecondsPerStepP90);
        Assert.Equal(
            result.ImagesPerSecond * ModelCatalog.Create("logreg").FloatingPointOperationsPerExample * 1e-9,
            result.GigaflopsPerSecond, 1e-9);
        if (threads == 1)
        {
            Assert.Equal(1, result.MillisecondsPerStep, 1e-9);
            Assert.Equal(10_000, result.ImagesPerSecond, 1e-6);
        }
    }

    [Theory]
    [InlineData("logreg", 0, 1)]
    [InlineData("logreg", 10, 0)]
    [InlineData("nothing", 10, 1)]
    public void Wrong_options_are_usage_errors(string model, int batch, int threads)
    {
        var error = Assert.Throws<OrleansEdgeException>(
            () => ModelBench.Run(model, batch, threads, TimeSpan.FromSeconds(1), new TickingClock()));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    /// <summary>Moves on by a millisecond each time it is read.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private long _milliseconds;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Interlocked.Increment(ref _milliseconds);
    }
}
