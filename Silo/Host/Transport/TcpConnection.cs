using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansEdge.Silo.Transport;

/// <summary>
/// A TCP connection whose pipes have large blocks, so that a payload of a megabyte takes a few system calls and one copy
/// instead of 256 of each.
/// </summary>
internal sealed class TcpConnection : ConnectionContext, IMemoryPoolFeature
{
    private const int SmallestRead = 4096;
    private const int ThreadStackBytes = 256 * 1024;

    private readonly Socket _socket;
    private readonly Pipe _received;
    private readonly Pipe _sent;
    private readonly FrameWatch _frames;
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _running;
    private int _aborted;

    /// <param name="betweenSilos">
    /// Such connections are few and carry most bytes: a thread of its own takes what arrives, which the thread pool would be woken
    /// for twice per piece.
    /// </param>
    public TcpConnection(Socket socket, TcpBuffers buffers, bool betweenSilos)
    {
        (_socket, MemoryPool) = (socket, buffers.Send);
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        _received = new Pipe(buffers.ReceiveOptions);
        _sent = new Pipe(buffers.SendOptions);
        _frames = new FrameWatch(buffers.AreFrames);
        Transport = new Duplex(_received.Reader, _sent.Writer);
        ConnectionId = Guid.NewGuid().ToString("N");
        Features.Set<IMemoryPoolFeature>(this);
        _running = RunAsync(betweenSilos);
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

    public MemoryPool<byte> MemoryPool { get; }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Shutdown();
        _sent.Reader.CancelPendingRead();
    }

    public override async ValueTask DisposeAsync()
    {
        await _received.Reader.CompleteAsync();
        await _sent.Writer.CompleteAsync();
        await _running;
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task RunAsync(bool betweenSilos)
    {
        await Task.Yield();
        var receiving = betweenSilos ? ReceiveOnThread() : ReceiveAsync();
        await SendAsync();
        await receiving;
        await _closed.CancelAsync();
    }

    private Task ReceiveOnThread()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Run()
        {
            Receive();
            ended.SetResult();
        }
        new Thread(Run, ThreadStackBytes) { IsBackground = true, Name = "silo-link" }.Start();
        return ended.Task;
    }

    private void Receive()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                // The socket is non-blocking, for its sending side's sake.
                _socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead);
                var buffer = _received.Writer.GetSpan(SmallestRead);
                var count = _socket.Receive(buffer);
                if (count == 0)
                {
                    break;
                }
                var ends = _frames.SeesEnd(buffer[..count]);
                _received.Writer.Advance(count);
                if (!ends)
                {
                    continue;
                }
                var flush = _received.Writer.FlushAsync();
                var flushed = flush.IsCompletedSuccessfully ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    break;
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            error = new ConnectionResetException(failure.Message, failure);
        }
        EndReceiving(error);
    }

    private async Task ReceiveAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                var buffer = _received.Writer.GetMemory(SmallestRead);
                var count = await _socket.ReceiveAsync(buffer, SocketFlags.None);
                if (count == 0)
                {
                    break;
                }
                var ends = _frames.SeesEnd(buffer.Span[..count]);
                _received.Writer.Advance(count);
                if (!ends)
                {
                    continue;
                }
                var flushed = await _received.Writer.FlushAsync();
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    break;
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            error = new ConnectionResetException(failure.Message, failure);
        }
        EndReceiving(error);
    }

    private void EndReceiving(Exception? error)
    {
        _received.Writer.Complete(error);
        // The other end is gone: what waits to be sent has no receiver.
        Shutdown();
        _sent.Reader.CancelPendingRead();
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var read = await _sent.Reader.ReadAsync();
                if (read.IsCanceled)
                {
                    break;
                }
                foreach (var segment in read.Buffer)
                {
                    await SendAllAsync(segment);
                }
                _sent.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The receiving side learns of it and ends the connection.
        }
        Shutdown();
        await _sent.Reader.CompleteAsync();
        _received.Writer.CancelPendingFlush();
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
        }
    }

    private void Shutdown()
    {
        if (Interlocked.Exchange(ref _aborted, 1) != 0)
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
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
