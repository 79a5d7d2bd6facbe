using System.Buffers;
using OrleansEdge.Core;
using OrleansEdge.Silo.Transport;

namespace OrleansEdge.Tests.Cluster;

public sealed class FrameWriterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task All_that_is_written_or_lent_is_sent_in_order_however_little_the_socket_takes(ulong seed)
    {
        var random = new RandomStream(seed, "test");
        using var link = new FakeLink([], seed, 70_000);
        var writer = new FrameWriter(link, new BlockPool(), close: () => { });
        var expected = new List<byte>();
        for (var message = 0; message < 60; message++)
        {
            expected.AddRange(Write(writer, ref random));
            if (message % 4 == 3)
            {
                Assert.False((await writer.FlushAsync(TestContext.Current.CancellationToken)).IsCompleted);
            }
        }
        Assert.True(link.Sent.ToArray().AsSpan().SequenceEqual(expected.ToArray()));
    }

    [Fact]
    public async Task A_message_that_was_given_up_takes_what_it_lent_with_it()
    {
        using var link = new FakeLink([], 1, 1000);
        var writer = new FrameWriter(link, new BlockPool(), close: () => { });
        Assert.True(FrameWriter.TryLend(writer.GetSpan()[..100], new byte[100]));
        writer.Write<byte>([1, 2, 3]);
        await writer.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3], link.Sent);
    }

    [Fact]
    public async Task Only_memory_of_the_writer_takes_what_is_lent()
    {
        using var link = new FakeLink([], 1, 1000);
        var writer = new FrameWriter(link, new BlockPool(), close: () => { });
        _ = writer.GetMemory();
        Assert.False(FrameWriter.TryLend(new byte[100], new byte[100]));
        await writer.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Empty(link.Sent);
    }

    [Fact]
    public async Task After_a_cancelled_flush_nothing_is_sent()
    {
        var isClosed = false;
        using var link = new FakeLink([], 1, 1000);
        var writer = new FrameWriter(link, new BlockPool(), close: () => isClosed = true);
        writer.CancelPendingFlush();
        writer.Write<byte>([1, 2, 3]);
        Assert.True((await writer.FlushAsync(TestContext.Current.CancellationToken)).IsCompleted);
        Assert.True(isClosed);
        Assert.Empty(link.Sent);
    }

    // Headers, a payload that is lent, and a tail, in one region of memory as Orleans writes them.
    private static List<byte> Write(FrameWriter writer, ref RandomStream random)
    {
        var (head, lent, tail) = (1 + random.NextInt(50), random.NextInt(900_000), random.NextInt(3));
        var region = writer.GetMemory(head).Span;
        region[..head].Fill((byte)head);
        var bytes = new byte[lent];
        bytes.AsSpan().Fill((byte)lent);
        Assert.True(FrameWriter.TryLend(region.Slice(head, lent), bytes));
        region.Slice(head + lent, tail).Fill(9);
        writer.Advance(head + lent + tail);
        return [.. Enumerable.Repeat((byte)head, head), .. bytes, .. Enumerable.Repeat((byte)9, tail)];
    }
}
