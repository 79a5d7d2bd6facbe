using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansEdge.Silo.Transport;

/// <summary>
/// The sending end of a connection. A flush hands all that was written to the socket, on the thread that flushes.
/// Payloads that were lent to it are sent from where they are, in place of the memory where they would have been
/// written.
/// </summary>
/// <param name="close">Ends the connection; Orleans cancels a flush for nothing else.</param>
internal sealed class FrameWriter(IByteLink link, BlockPool pool, Action close) : PipeWriter
{
    // One more message of usual size fits, so that it need not be written elsewhere and copied.
    private const int SmallestRoom = BlockPool.BlockBytes / 2;

    [ThreadStatic]
    private static FrameWriter? t_writing;

    private readonly List<ArraySegment<byte>> _pieces = [];
    private readonly List<(int Offset, ArraySegment<byte> Bytes)> _lent = [];
    private readonly List<byte[]> _blocks = [];
    private byte[] _block = [];
    private int _used;
    private volatile bool _isClosed;

    /// <summary>Has the writer of this thread send bytes in place of those of <paramref name="room"/>.</summary>
    public static bool TryLend(ReadOnlySpan<byte> room, ReadOnlyMemory<byte> bytes) =>
        t_writing?.Lend(room, bytes) == true;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        (t_writing, var room) = (this, Math.Max(sizeHint, SmallestRoom));
        if (_block.Length - _used < room)
        {
            (_block, _used) = (pool.Rent(room), 0);
            _blocks.Add(_block);
        }
        _lent.Clear();
        return _block.AsMemory(_used);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        var end = _used + bytes;
        foreach (var (offset, lent) in _lent)
        {
            Add(new ArraySegment<byte>(_block, _used, offset - _used));
            Add(lent);
            _used = offset + lent.Count;
        }
        Add(new ArraySegment<byte>(_block, _used, end - _used));
        _used = end;
        _lent.Clear();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        t_writing = null;
        try
        {
            if (!_isClosed)
            {
                await Send(cancellationToken);
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            _isClosed = true; // the receiving side learns of it too
            close();
        }
        _pieces.Clear();
        _blocks.ForEach(pool.Return);
        _blocks.Clear();
        (_block, _used) = ([], 0);
        return new FlushResult(isCanceled: false, isCompleted: _isClosed);
    }

    public override void CancelPendingFlush()
    {
        _isClosed = true;
        close();
    }

    public override void Complete(Exception? exception = null)
    {
        _isClosed = true;
        t_writing = null;
    }

    private bool Lend(ReadOnlySpan<byte> room, ReadOnlyMemory<byte> bytes)
    {
        if (!MemoryMarshal.TryGetArray(bytes, out var lent) || !_block.AsSpan(_used).Overlaps(room, out var offset))
        {
            return false;
        }
        _lent.Add((_used + offset, lent));
        return true;
    }

    private void Add(ArraySegment<byte> piece)
    {
        if (_pieces is [.., var last] && last.Array == piece.Array && last.Offset + last.Count == piece.Offset)
        {
            _pieces[^1] = new ArraySegment<byte>(last.Array!, last.Offset, last.Count + piece.Count);
        }
        else if (piece.Count > 0)
        {
            _pieces.Add(piece);
        }
    }

    private async ValueTask Send(CancellationToken cancellation)
    {
        while (_pieces.Count > 0)
        {
            Sent(await link.Send(_pieces, cancellation));
        }
    }

    private void Sent(int count)
    {
        var whole = 0;
        for (; whole < _pieces.Count && count >= _pieces[whole].Count; whole++)
        {
            count -= _pieces[whole].Count;
        }
        _pieces.RemoveRange(0, whole);
        if (count > 0)
        {
            _pieces[0] = _pieces[0][count..];
        }
    }
}
