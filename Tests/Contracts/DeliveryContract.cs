using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Tests.Contracts;

/// <summary>Delivery at most once: a call ends by an answer or by a timeout.</summary>
public abstract class DeliveryContract : GrainContract
{
    [Fact]
    public Task A_call_without_an_answer_times_out() => Run(async grains =>
    {
        var before = Host.Time.GetTimestamp();
        await Assert.ThrowsAsync<TimeoutException>(() => grains.Get<IEcho>("hang").Hang());
        Assert.InRange(Host.Time.GetElapsedTime(before), Host.ResponseTimeout, 2 * Host.ResponseTimeout);
    });

    [Fact]
    public Task Grains_that_call_each_other_in_a_ring_end_by_timeout() => Run(async grains =>
    {
        await Assert.ThrowsAsync<TimeoutException>(() => grains.Get<IEcho>("one").CallRound("two"));
    });

    [Fact]
    public Task A_thousand_calls_are_each_delivered_once() => Run(async grains =>
    {
        var counter = grains.Get<ICounter>("thousand");
        var values = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => counter.Add(1).AsTask()));
        Assert.Equal(1000, await counter.Value());
        Assert.Equal(1000, values.Distinct().Count());
    });

    [Fact]
    public Task Payloads_of_all_sizes_come_back_as_they_were() => Run(async grains =>
    {
        int[] sizes = [0, 1, 8_000, 32_767, 32_768, 65_536, 300_000, 1 << 20, 3 << 20, (8 << 20) - 1000];
        await Task.WhenAll(sizes.Concat(sizes).Select(async (size, i) =>
        {
            var bytes = new byte[size];
            new Random(i).NextBytes(bytes);
            var sent = new Payload(PayloadFormat.Sparse, i, bytes);
            var echo = grains.Get<IEcho>($"payload/{i}"); // some in another process, where there is one
            for (var time = 0; time < 3; time++)
            {
                var returned = await echo.Return(sent);
                Assert.Equal((PayloadFormat.Sparse, i), (returned.Format, returned.ElementCount));
                Assert.True(returned.Bytes.Span.SequenceEqual(bytes), $"payload of {size} bytes has changed");
            }
        }));
    });
}
