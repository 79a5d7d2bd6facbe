using OrleansEdge.Core;
using OrleansEdge.Core.Measuring;

namespace OrleansEdge.Tests.Measuring;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Nothing_measured_is_nothing() => Assert.Equal(0, new LatencyHistogram().Microseconds(0.5));

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    [InlineData(3_600_000_000)]
    public void One_duration_is_every_percentile(long microseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMicroseconds(microseconds));
        Assert.Equal(1, histogram.Count);
        Assert.InRange(histogram.Microseconds(0) / microseconds, 0.985, 1.016);
        Assert.Equal(histogram.Microseconds(0), histogram.Microseconds(1));
    }

    [Fact]
    public void Percentiles_are_those_of_the_sorted_durations_to_a_sixtieth() => AnySeed.Satisfies(100, seed =>
    {
        var random = new RandomStream(seed, "test");
        var ticks = Enumerable.Range(0, 500).Select(_ => 1 + (long)random.NextExponential(100_000)).Order().ToArray();
        var histogram = new LatencyHistogram();
        foreach (var duration in ticks)
        {
            histogram.Add(new TimeSpan(duration));
        }
        foreach (var share in (double[])[0.01, 0.5, 0.9, 0.99, 1])
        {
            var exact = ticks[(int)Math.Ceiling(share * ticks.Length) - 1] / 10.0;
            Assert.InRange(histogram.Microseconds(share), exact * 59 / 60, exact * 61 / 60);
        }
    });

    [Fact]
    public void Adding_does_not_allocate()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, Allocations.Of(() => histogram.Add(TimeSpan.FromMilliseconds(3))));
    }
}
