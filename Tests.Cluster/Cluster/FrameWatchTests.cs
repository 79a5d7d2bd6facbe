using System.Buffers.Binary;
using OrleansEdge.Core;
using OrleansEdge.Silo;
using OrleansEdge.Silo.Transport;

namespace OrleansEdge.Tests.Cluster;

public sealed class FrameWatchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void An_end_is_seen_where_a_message_ends_however_the_bytes_are_cut(ulong seed)
    {
        var random = new RandomStream(seed, "test");
        var (bytes, ends) = Connection(ref random, frames: 50);
        var watch = new FrameWatch(isEnabled: true);
        for (var from = 0; from < bytes.Length;)
        {
            var to = Math.Min(bytes.Length, from + 1 + random.NextInt(40));
            Assert.Equal(ends.Any(end => end > from && end <= to), watch.SeesEnd(bytes.AsSpan(from, to - from)));
            from = to;
        }
    }

    [Fact]
    public void Bytes_that_are_no_frames_are_passed_on_at_once()
    {
        Assert.True(new FrameWatch(isEnabled: false).SeesEnd(new byte[1]));
        var watch = new FrameWatch(isEnabled: true);
        Assert.False(watch.SeesEnd([1, 0, 0]));
        Assert.True(watch.SeesEnd([0, 7])); // the preamble
        Assert.True(watch.SeesEnd([255, 255, 255, 255, 0, 0, 0, 0]));
        Assert.True(watch.SeesEnd(new byte[1]));
    }

    [Fact]
    public void A_frame_above_the_limit_is_shown_to_who_refuses_it()
    {
        var watch = new FrameWatch(isEnabled: true);
        Assert.True(watch.SeesEnd([1, 0, 0, 0, 7]));
        var lengths = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(lengths, 100);
        BinaryPrimitives.WriteInt32LittleEndian(lengths.AsSpan(4), ClusterSetup.MaxFrameBytes + 1);
        Assert.True(watch.SeesEnd(lengths));
    }

    /// <summary>A preamble and frames, and where each ends.</summary>
    private static (byte[] Bytes, List<int> Ends) Connection(ref RandomStream random, int frames)
    {
        var bytes = new List<byte>();
        var ends = new List<int>();
        for (var i = 0; i <= frames; i++)
        {
            var (headers, body) = (1 + random.NextInt(30), i == 0 ? 0 : random.NextInt(100));
            bytes.AddRange(BitConverter.GetBytes(headers));
            bytes.AddRange(i == 0 ? [] : BitConverter.GetBytes(body));
            bytes.AddRange(new byte[headers + body]);
            ends.Add(bytes.Count);
        }
        return ([.. bytes], ends);
    }
}
