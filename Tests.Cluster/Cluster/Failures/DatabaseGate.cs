using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansEdge.Tests.Cluster.Failures;

/// <summary>The only way from the silos to the database; while it is closed the database is away for them.</summary>
internal sealed class DatabaseGate : IDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private volatile bool _closed;

    public DatabaseGate(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends all connections and lets no new one through.</summary>
    public void Close()
    {
        _closed = true;
        foreach (var connection in _open.Keys)
        {
            connection.Dispose();
        }
    }

    public void Open() => _closed = false;

    public void Dispose()
    {
        Close();
        _listener.Stop();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Forward(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The gate is gone.
        }
    }

    private async Task Forward(TcpClient silo)
    {
        using var database = new TcpClient();
        (_open[silo], _open[database]) = (true, true);
        try
        {
            if (!_closed)
            {
                await database.ConnectAsync(_host, _port);
                await Task.WhenAny(
                    silo.GetStream().CopyToAsync(database.GetStream()), database.GetStream().CopyToAsync(silo.GetStream()));
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException
            or InvalidOperationException)
        {
            // One side has hung up.
        }
        finally
        {
            silo.Dispose();
            _open.TryRemove(silo, out _);
            _open.TryRemove(database, out _);
        }
    }
}
