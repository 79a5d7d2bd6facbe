using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Silo.Transport;

/// <summary>Puts <see cref="TcpConnection"/> under Orleans in place of its own connections of 4 KiB blocks.</summary>
internal static class TcpTransport
{
    public static void UseTcpTransport(this IServiceCollection services, SiloOptions options)
    {
        services.AddSingleton<IPayloadMemory, PayloadMemory>();
        var (blocks, areFrames) = (new BlockPool(), options.CertificateFile.Length == 0);
        TcpConnection Connection(Socket socket, bool betweenSilos) =>
            new(Tuned(socket), blocks, areFrames, betweenSilos);
        // Orleans asks for the factories by keys of its own, which stand in its registrations.
        foreach (var registration in services.Where(service => service.IsKeyedService).ToArray())
        {
            if (registration.ServiceType == typeof(IConnectionFactory))
            {
                services.Remove(registration);
                services.AddKeyedSingleton<IConnectionFactory>(registration.ServiceKey,
                    new TcpConnector(socket => Connection(socket, betweenSilos: true)));
            }
            else if (registration.ServiceType == typeof(IConnectionListenerFactory))
            {
                services.Remove(registration);
                services.AddKeyedSingleton<IConnectionListenerFactory>(registration.ServiceKey,
                    new TcpListening((socket, port) => Connection(socket, betweenSilos: port == options.SiloPort)));
            }
        }
    }

    private static Socket Tuned(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        return socket;
    }

    private sealed class TcpConnector(Func<Socket, TcpConnection> connection) : IConnectionFactory
    {
        public async ValueTask<ConnectionContext> ConnectAsync(
            EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(endpoint, cancellationToken);
                return connection(socket);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private sealed class TcpListening(Func<Socket, int, TcpConnection> connection) : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(
            EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(endpoint);
                socket.Listen(512);
                return ValueTask.FromResult<IConnectionListener>(new Listener(socket, connection));
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                socket.Dispose();
                throw new AddressInUseException($"{endpoint} is taken", failure);
            }
        }
    }

    private sealed class Listener(Socket socket, Func<Socket, int, TcpConnection> connection) : IConnectionListener
    {
        private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(50);

        private readonly int _port = ((IPEndPoint)socket.LocalEndPoint!).Port;

        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    return connection(await socket.AcceptAsync(cancellationToken), _port);
                }
                catch (Exception failure) when (failure is ObjectDisposedException
                    or SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return null;
                }
                catch (SocketException)
                {
                    // The connection was reset while it waited to be accepted, or the process has no free descriptor.
                    await Task.Delay(AcceptPause, cancellationToken);
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
