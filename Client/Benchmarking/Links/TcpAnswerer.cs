using System.Net;
using System.Net.Sockets;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Benchmarking.Links;

/// <summary>The answering end of the bare socket: one connection, blocking calls, buffers made beforehand.</summary>
internal sealed class TcpAnswerer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TcpAnswerer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Serves one connection until its other end closes it.</summary>
    public void Serve()
    {
        using var socket = TcpFrames.Tuned(_listener.Accept());
        var header = new byte[TcpFrames.HeaderBytes];
        var buffer = new byte[Payload.MaximumBytes];
        while (TcpFrames.ReceiveAll(socket, header))
        {
            var (requestBytes, answerBytes) = TcpFrames.ReadHeader(header);
            if (!TcpFrames.ReceiveAll(socket, buffer.AsSpan(0, requestBytes)))
            {
                return;
            }
            TcpFrames.SendAll(socket, buffer.AsSpan(0, answerBytes));
        }
    }

    public void Dispose() => _listener.Dispose();
}
