using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Cluster;

/// <summary>
/// A cluster of two silo processes on this machine, with state in memory, for as long as it is measured.
/// </summary>
internal sealed class LocalSilos : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PatienceOfAnswer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly List<ChildProcess> _silos = [];

    /// <summary>oe-silo beside this program, or else on the path.</summary>
    public static string DefaultProgram
    {
        get
        {
            var name = OperatingSystem.IsWindows() ? "oe-silo.exe" : "oe-silo";
            var beside = Path.Combine(AppContext.BaseDirectory, name);
            return File.Exists(beside) ? beside : name;
        }
    }

    /// <summary>The gateway of the first silo.</summary>
    public IPEndPoint Gateway { get; } = new(IPAddress.Loopback, FreePort());

    /// <summary>Starts two silos and waits until both take requests.</summary>
    /// <param name="program">The program oe-silo.</param>
    /// <exception cref="OrleansEdgeException">The program is missing, or a silo does not start (69).</exception>
    public static async Task<LocalSilos> Start(string program, TimeProvider clock, CancellationToken stop)
    {
        var silos = new LocalSilos();
        try
        {
            var primary = FreePort();
            foreach (var name in (string[])["north", "south"])
            {
                var isFirst = silos._silos.Count == 0;
                var web = FreePort();
                silos._silos.Add(ChildProcess.Start(program,
                [
                    "--name", name, "--web-url", Invariant($"http://127.0.0.1:{web}"),
                    "--primary-port", Invariant($"{primary}"), "--silo-port", Invariant($"{(isFirst ? primary : FreePort())}"),
                    "--gateway-port", Invariant($"{(isFirst ? silos.Gateway.Port : FreePort())}"),
                ]));
                await silos.WaitUntilReady(program, name, web, clock, stop);
            }
            return silos;
        }
        catch
        {
            silos.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var silo in _silos)
        {
            silo.Dispose();
        }
        _silos.Clear();
    }

    private async Task WaitUntilReady(string program, string name, int web, TimeProvider clock, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = PatienceOfAnswer };
        var started = clock.GetTimestamp();
        while (!await IsReady(http, web, stop))
        {
            if (_silos[^1].HasExited || clock.GetElapsedTime(started) > Patience)
            {
                throw new OrleansEdgeException(ExitCode.Unavailable, $"silo {name} ('{program}') does not start: " +
                    (_silos[^1].LastError is { Length: > 0 } line ? line : "it says nothing"));
            }
            await Task.Delay(PollInterval, clock, stop);
        }
    }

    private static async Task<bool> IsReady(HttpClient http, int web, CancellationToken stop)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(Invariant($"http://127.0.0.1:{web}/health/ready")), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return false; // not listening yet, or not answering
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
