using OrleansEdge.Simulation.Clock;

namespace OrleansEdge.Tests.Simulation;

public sealed class VirtualTimeTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1.5, 1_500_000_000)]
    [InlineData(1e-10, 1)]
    [InlineData(1e300, long.MaxValue)]
    [InlineData(double.PositiveInfinity, long.MaxValue)]
    public void Seconds_are_rounded_up_to_nanoseconds(double seconds, long nanoseconds) =>
        Assert.Equal(nanoseconds, VirtualTime.FromSeconds(seconds));

    [Fact]
    public void Spans_become_nanoseconds_and_the_longest_never_end()
    {
        Assert.Equal(100, VirtualTime.FromTimeSpan(new TimeSpan(1)));
        Assert.Equal(60_000_000_000, VirtualTime.FromTimeSpan(TimeSpan.FromMinutes(1)));
        Assert.Equal(VirtualTime.Never, VirtualTime.FromTimeSpan(TimeSpan.MaxValue));
        Assert.Equal(new TimeSpan(1), VirtualTime.ToTimeSpan(199));
        Assert.Equal(0.25, VirtualTime.ToSeconds(250_000_000));
    }

    [Fact]
    public void Nothing_comes_after_never()
    {
        Assert.Equal(12, VirtualTime.After(5, 7));
        Assert.Equal(VirtualTime.Never, VirtualTime.After(5, VirtualTime.Never));
        Assert.Equal(VirtualTime.Never, VirtualTime.After(VirtualTime.Never, 1));
        Assert.Equal(VirtualTime.Never - 1, VirtualTime.After(1, VirtualTime.Never - 2));
    }
}
