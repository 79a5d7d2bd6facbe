using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansEdge.Silo.Transport;

/// <summary>A TCP connection over which a large payload goes with a few system calls and without a copy.</summary>
internal sealed class TcpConnection : ConnectionContext
{
    private readonly Socket _socket;
    private readonly IByteLink _link;
    private readonly CancellationTokenSource _closed = new();
    private int _isClosed;

    /// <param name="areFrames">What is received is Orleans' frames, and not TLS records.</param>
    /// <param name="betweenSilos">Such connections are few and carry most bytes: each has a thread of its own.</param>
    public TcpConnection(Socket socket, BlockPool blocks, bool areFrames, bool betweenSilos)
    {
        _socket = socket;
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        ConnectionId = Guid.NewGuid().ToString("N");
        _link = areFrames && betweenSilos ? new ThreadedLink(socket) : new PooledLink(socket);
        Transport = new Duplex(new FrameReader(_link, areFrames, Close), new FrameWriter(_link, blocks, Close));
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed
    {
        get => _closed.Token;
        set => throw new NotSupportedException();
    }

    public override void Abort(ConnectionAbortedException abortReason) => Close();

    public override ValueTask DisposeAsync()
    {
        Close();
        return base.DisposeAsync();
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It was closed from the other end.
        }
        _socket.Dispose();
        _link.Dispose();
        _ = _closed.CancelAsync();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
