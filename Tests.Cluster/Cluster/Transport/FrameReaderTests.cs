using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using OrleansEdge.Core;
using OrleansEdge.Silo;
using OrleansEdge.Silo.Transport;

namespace OrleansEdge.Tests.Cluster;

public sealed class FrameReaderTests
{
    [Theory]
    [InlineData(1, 100, 50)]
    [InlineData(2, 40_000, 5_000)]
    [InlineData(3, 300_000, 70_000)]
    [InlineData(4, 5_000_000, 1_000_000)]
    public async Task Messages_are_shown_whole_and_in_one_piece_however_the_bytes_are_cut(
        ulong seed, int largest, int piece)
    {
        var random = new RandomStream(seed, "test");
        var frames = Frames(ref random, count: 30, largest);
        using var link = new FakeLink(frames.SelectMany(frame => frame).ToArray(), seed, piece);
        var reader = new FrameReader(link, areFrames: true, close: () => { });
        var next = 0;
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { IsCompleted: false } result)
        {
            Assert.True(result.Buffer.IsSingleSegment);
            // Orleans takes them one by one; here the reader stops after the first now and then.
            var shown = result.Buffer;
            do
            {
                Assert.True(shown.Length >= frames[next].Length, $"message {next} is cut");
                Assert.True(
                    shown.FirstSpan[..frames[next].Length].SequenceEqual(frames[next]), $"message {next} has changed");
                shown = shown.Slice(frames[next++].Length);
            }
            while (shown.Length > 0 && next % 3 != 0);
            reader.AdvanceTo(shown.Start);
        }
        Assert.Equal(frames.Count, next);
    }

    [Fact]
    public async Task What_is_kept_of_a_large_message_stays_as_it_was()
    {
        var random = new RandomStream(5, "test");
        var frames = Frames(ref random, count: 20, largest: 400_000);
        using var link = new FakeLink(frames.SelectMany(frame => frame).ToArray(), 5, 100_000, mayWait: false);
        var reader = new FrameReader(link, areFrames: true, close: () => { });
        var kept = new List<(int Frame, ReadOnlyMemory<byte> Bytes)>();
        for (var next = 0; next < frames.Count; next++)
        {
            await Read(reader, result =>
            {
                var frame = result.Buffer.Slice(0, frames[next].Length);
                var isKept = FrameReader.TryKeep(frame.FirstSpan[8..], out var bytes);
                Assert.Equal(frames[next].Length > FrameReader.SharedBytes, isKept);
                if (isKept)
                {
                    kept.Add((next, bytes));
                }
                reader.AdvanceTo(frame.End);
            });
        }
        Assert.NotEmpty(kept);
        Assert.All(kept, one => Assert.True(one.Bytes.Span.SequenceEqual(frames[one.Frame].AsSpan(8))));
    }

    [Fact]
    public async Task A_small_part_of_a_large_message_is_not_kept_lest_it_hold_all_of_it()
    {
        var frame = Frame(new byte[200_000], headers: 1, isPreamble: true);
        using var link = new FakeLink(frame, 1, frame.Length, mayWait: false);
        var reader = new FrameReader(link, areFrames: true, close: () => { });
        await Read(reader, result =>
        {
            Assert.True(FrameReader.TryKeep(result.Buffer.FirstSpan[10..150_000], out _));
            Assert.False(FrameReader.TryKeep(result.Buffer.FirstSpan[10..50_000], out _));
            Assert.False(FrameReader.TryKeep(new byte[200_000], out _));
            reader.AdvanceTo(result.Buffer.End);
            Assert.False(FrameReader.TryKeep(result.Buffer.FirstSpan[10..150_000], out _));
        });
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(0, 5)]
    [InlineData(100, ClusterSetup.MaxFrameBytes + 1)]
    public async Task Impossible_lengths_are_shown_to_who_refuses_them(int headers, int body)
    {
        var lengths = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(lengths, headers);
        BinaryPrimitives.WriteInt32LittleEndian(lengths.AsSpan(4), body);
        byte[] bytes = [1, 0, 0, 0, 7, .. lengths];
        using var link = new FakeLink(bytes, 1, bytes.Length);
        var reader = new FrameReader(link, areFrames: true, close: () => { });
        var result = await reader.ReadAsync(TestContext.Current.CancellationToken);
        while (result.Buffer.Length < bytes.Length && !result.IsCompleted)
        {
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await reader.ReadAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(bytes, result.Buffer.ToArray());
    }

    [Fact]
    public async Task Bytes_that_are_no_frames_are_shown_as_they_come()
    {
        using var link = new FakeLink([9, 9, 9], 1, 1);
        var reader = new FrameReader(link, areFrames: false, close: () => { });
        var result = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, result.Buffer.Length);
        reader.AdvanceTo(result.Buffer.Start, result.Buffer.End); // more is needed
        result = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, result.Buffer.Length);
    }

    [Fact]
    public async Task A_cancelled_read_ends_the_connection()
    {
        var isClosed = false;
        using var link = new FakeLink([], 1, 1);
        var reader = new FrameReader(link, areFrames: true, close: () => isClosed = true);
        reader.CancelPendingRead();
        Assert.True((await reader.ReadAsync(TestContext.Current.CancellationToken)).IsCanceled);
        Assert.True(isClosed);
    }

    // What is shown may be kept on the thread that has got it; another, to which a read that waited may go on, copies it.
    private static async Task Read(FrameReader reader, Action<ReadResult> look) =>
        look(await reader.ReadAsync(TestContext.Current.CancellationToken).ConfigureAwait(false));

    private static List<byte[]> Frames(ref RandomStream random, int count, int largest)
    {
        var frames = new List<byte[]>();
        for (var i = 0; i < count; i++)
        {
            // Mostly small ones, as between silos.
            var bytes = new byte[1 + random.NextInt(i % 3 == 0 ? largest : 200)];
            for (var k = 0; k < bytes.Length; k += 7)
            {
                bytes[k] = (byte)random.NextInt(256);
            }
            frames.Add(Frame(bytes, 1 + random.NextInt(bytes.Length), isPreamble: i == 0));
        }
        return frames;
    }

    private static byte[] Frame(byte[] bytes, int headers, bool isPreamble) => isPreamble
        ? [.. BitConverter.GetBytes(bytes.Length), .. bytes]
        : [.. BitConverter.GetBytes(headers), .. BitConverter.GetBytes(bytes.Length - headers), .. bytes];
}
