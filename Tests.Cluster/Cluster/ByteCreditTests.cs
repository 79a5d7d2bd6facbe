using OrleansEdge.Core;
using OrleansEdge.Silo.Ports;

namespace OrleansEdge.Tests.Cluster;

public sealed class ByteCreditTests
{
    [Fact]
    public void Who_does_not_fit_waits_and_so_does_who_comes_after()
    {
        var credit = new ByteCredit(100);
        Assert.True(credit.Take(60).IsCompleted);
        Assert.True(credit.Take(40).IsCompleted);
        var (large, small) = (credit.Take(50), credit.Take(1));
        Assert.False(large.IsCompleted || small.IsCompleted);
        credit.Return(40);
        Assert.False(large.IsCompleted || small.IsCompleted); // 60 and 50 do not fit, and nobody overtakes
        credit.Return(60);
        Assert.True(large.IsCompleted && small.IsCompleted);
    }

    [Fact]
    public void What_is_larger_than_the_limit_goes_alone()
    {
        var credit = new ByteCredit(100);
        Assert.True(credit.Take(1).IsCompleted);
        var huge = credit.Take(1000);
        Assert.False(huge.IsCompleted);
        credit.Return(1);
        Assert.True(huge.IsCompleted);
        Assert.False(credit.Take(1).IsCompleted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Never_more_than_the_limit_is_under_way_and_everybody_has_a_turn(ulong seed)
    {
        var credit = new ByteCredit(100);
        var (underWay, most) = (0L, 0L);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new RandomStream(seed, $"worker {worker}");
            for (var i = 0; i < 500; i++)
            {
                var bytes = 1 + random.NextInt(60);
                await credit.Take(bytes);
                var now = Interlocked.Add(ref underWay, bytes);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Add(ref underWay, -bytes);
                credit.Return(bytes);
            }
        })));
        Assert.InRange(most, 1, 100);
        Assert.True(credit.Take(100).IsCompleted); // all was returned
    }

    private static void InterlockedMax(ref long place, long value)
    {
        var seen = Volatile.Read(ref place);
        while (value > seen && Interlocked.CompareExchange(ref place, value, seen) is var before && before != seen)
        {
            seen = before;
        }
    }
}
