using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansEdge.Silo.Transport;

/// <summary>Pools and limits of the connections' pipes.</summary>
/// <param name="options">Whether there is TLS, and which port is that of silos.</param>
internal sealed class TcpBuffers(SiloOptions options)
{
    // A received frame must fit between the two thresholds of its pipe, or its reader and writer would wait for each other.
    private const int ReceivePauseBytes = 3 * ClusterSetup.MaxFrameBytes;
    private const int SendPauseBytes = 4 * 1024 * 1024;

    /// <summary>What is received is Orleans' frames, and not TLS records.</summary>
    public bool AreFrames => options.CertificateFile.Length == 0;

    /// <summary>The port that other silos connect to.</summary>
    public int SiloPort => options.SiloPort;

    public BlockPool Receive { get; } = new(blockBytes: 512 * 1024, kept: 64);

    public BlockPool Send { get; } = new(blockBytes: 2 * 1024 * 1024, kept: 16);

    public PipeOptions ReceiveOptions => new(
        Receive, PipeScheduler.ThreadPool, PipeScheduler.Inline, ReceivePauseBytes, ReceivePauseBytes / 2,
        useSynchronizationContext: false);

    public PipeOptions SendOptions => new(
        Send, PipeScheduler.Inline, PipeScheduler.ThreadPool, SendPauseBytes, SendPauseBytes / 2,
        useSynchronizationContext: false);
}

/// <summary>Puts <see cref="TcpConnection"/> under Orleans in place of its own connections of 4 KiB blocks.</summary>
internal static class TcpTransport
{
    public static void UseTcpTransport(this IServiceCollection services)
    {
        services.AddSingleton<TcpBuffers>();
        // Orleans asks for the factories by keys of its own, which stand in its registrations.
        foreach (var registration in services.Where(service => service.IsKeyedService).ToArray())
        {
            if (registration.ServiceType == typeof(IConnectionFactory))
            {
                services.Remove(registration);
                services.AddKeyedSingleton<IConnectionFactory>(registration.ServiceKey,
                    (provider, _) => new TcpConnector(provider.GetRequiredService<TcpBuffers>()));
            }
            else if (registration.ServiceType == typeof(IConnectionListenerFactory))
            {
                services.Remove(registration);
                services.AddKeyedSingleton<IConnectionListenerFactory>(registration.ServiceKey,
                    (provider, _) => new TcpListening(provider.GetRequiredService<TcpBuffers>()));
            }
        }
    }

    private static void Tune(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    private sealed class TcpConnector(TcpBuffers buffers) : IConnectionFactory
    {
        public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                Tune(socket);
                await socket.ConnectAsync(endpoint, cancellationToken);
                return new TcpConnection(socket, buffers, betweenSilos: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private sealed class TcpListening(TcpBuffers buffers) : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(endpoint);
                socket.Listen(512);
                return ValueTask.FromResult<IConnectionListener>(new Listener(socket, buffers));
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                socket.Dispose();
                throw new AddressInUseException($"{endpoint} is taken", failure);
            }
        }
    }

    private sealed class Listener(Socket socket, TcpBuffers buffers) : IConnectionListener
    {
        private readonly bool _betweenSilos = ((IPEndPoint)socket.LocalEndPoint!).Port == buffers.SiloPort;

        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    var accepted = await socket.AcceptAsync(cancellationToken);
                    Tune(accepted);
                    return new TcpConnection(accepted, buffers, _betweenSilos);
                }
                catch (Exception failure) when (failure is ObjectDisposedException
                    or SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return null;
                }
                catch (SocketException)
                {
                    // The connection was reset while it waited to be accepted: the next one may be well.
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            socket.Dispose();
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
