using OrleansEdge.Core;
using OrleansEdge.Silo.Transport;

namespace OrleansEdge.Tests.Cluster;

/// <summary>Gives and takes bytes in pieces of random length, at once or, if it may wait, later now and then.</summary>
internal sealed class FakeLink(byte[] received, ulong seed, int largestPiece, bool mayWait = true) : IByteLink
{
    private RandomStream _random = new(seed, "link");
    private int _given;

    public List<byte> Sent { get; } = [];

    public async ValueTask<int> Receive(Memory<byte> room, CancellationToken cancellation)
    {
        Assert.False(room.IsEmpty);
        var count = Math.Min(Math.Min(room.Length, received.Length - _given), await Piece());
        received.AsSpan(_given, count).CopyTo(room.Span);
        _given += count;
        return count;
    }

    public async ValueTask<int> Send(IList<ArraySegment<byte>> pieces, CancellationToken cancellation)
    {
        Assert.All(pieces, piece => Assert.NotEqual(0, piece.Count));
        var bytes = pieces.SelectMany(piece => piece).Take(await Piece()).ToArray();
        Sent.AddRange(bytes);
        return bytes.Length;
    }

    public void Dispose()
    {
    }

    private async ValueTask<int> Piece()
    {
        var piece = 1 + _random.NextInt(largestPiece);
        if (mayWait && piece % 2 == 0)
        {
            await Task.Yield();
        }
        return piece;
    }
}
