using System.Net.Sockets;

namespace OrleansEdge.Silo.Transport;

/// <summary>The two directions of a socket. One call at a time in each.</summary>
internal interface IByteLink : IDisposable
{
    /// <summary>Waits for bytes.</summary>
    /// <returns>How many of <paramref name="room"/> were filled; 0 when there will be no more.</returns>
    ValueTask<int> Receive(Memory<byte> room, CancellationToken cancellation);

    /// <summary>Waits until at least one byte can be sent.</summary>
    /// <returns>How many were.</returns>
    ValueTask<int> Send(IList<ArraySegment<byte>> pieces, CancellationToken cancellation);
}

/// <summary>A socket whose waiting is done by the thread pool: for connections of clients, which may be many.</summary>
internal sealed class PooledLink(Socket socket) : IByteLink
{
    public ValueTask<int> Receive(Memory<byte> room, CancellationToken cancellation) =>
        socket.ReceiveAsync(room, SocketFlags.None, cancellation);

    public ValueTask<int> Send(IList<ArraySegment<byte>> pieces, CancellationToken cancellation) => pieces.Count == 1
        ? socket.SendAsync(pieces[0], SocketFlags.None, cancellation)
        : new ValueTask<int>(socket.SendAsync(pieces, SocketFlags.None));

    public void Dispose()
    {
        // The socket belongs to the connection.
    }
}

/// <summary>
/// A socket with a thread for each direction, on which its reader and writer go on after waiting: for connections
/// between silos, which are few and carry most bytes. The thread pool would be woken for each piece that arrives, twice
/// if it waits for it. Waiting ends when the socket is shut down, not by cancellation.
/// </summary>
internal sealed class ThreadedLink : IByteLink
{
    private readonly Socket _socket;
    private readonly WaitingThread _receiving;
    private readonly WaitingThread _sending;
    private Memory<byte> _room;
    private IList<ArraySegment<byte>> _pieces = [];

    public ThreadedLink(Socket socket)
    {
        socket.Blocking = false;
        _socket = socket;
        _receiving = new WaitingThread("link-receive", () => Wait(SelectMode.SelectRead, TryReceive));
        _sending = new WaitingThread("link-send", () => Wait(SelectMode.SelectWrite, TrySend));
    }

    public ValueTask<int> Receive(Memory<byte> room, CancellationToken cancellation)
    {
        _room = room;
        return TryReceive() is >= 0 and var count ? new ValueTask<int>(count) : _receiving.Run();
    }

    public ValueTask<int> Send(IList<ArraySegment<byte>> pieces, CancellationToken cancellation)
    {
        _pieces = pieces;
        return TrySend() is >= 0 and var count ? new ValueTask<int>(count) : _sending.Run();
    }

    public void Dispose()
    {
        _receiving.Dispose();
        _sending.Dispose();
    }

    private int TryReceive() => Result(_socket.Receive(_room.Span, SocketFlags.None, out var error), error);

    private int TrySend()
    {
        var count = _pieces.Count == 1
            ? _socket.Send(_pieces[0], SocketFlags.None, out var error)
            : _socket.Send(_pieces, SocketFlags.None, out error);
        return Result(count, error);
    }

    // -1: nothing can be done now.
    private static int Result(int count, SocketError error) => error switch
    {
        SocketError.Success => count,
        SocketError.WouldBlock => -1,
        _ => throw new SocketException((int)error),
    };

    private int Wait(SelectMode mode, Func<int> attempt)
    {
        int count;
        do
        {
            _socket.Poll(Timeout.InfiniteTimeSpan, mode);
            count = attempt();
        }
        while (count < 0);
        return count;
    }
}
