using System.Diagnostics;
using System.Globalization;

namespace OrleansEdge.Tests.Cluster.Failures;

/// <summary>A silo in a process of its own, which can be killed, stopped in its tracks, and started again.</summary>
internal sealed class SiloProcess(string site, string connectionString, string schema) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly int _siloPort = TwoSilos.FreePort();
    private readonly int _webPort = TwoSilos.FreePort();
    private readonly List<string> _log = [];
    private Process? _process;

    public string Site => site;

    public int GatewayPort { get; } = TwoSilos.FreePort();

    /// <summary>The process is there.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The last lines that it wrote.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join(Environment.NewLine, _log.TakeLast(40));
            }
        }
    }

    /// <summary>Starts the silo; returns when it has joined the cluster.</summary>
    public async Task Start()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in Arguments())
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["OE_CONNECTION_STRING"] = connectionString;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginErrorReadLine();
        await UntilReady();
    }

    /// <summary>Ends the process at once; nothing in it learns of it.</summary>
    public Task Kill() => Signal("KILL", ends: true);

    /// <summary>Asks the process to stop, as an orchestrator does; returns when it has.</summary>
    public Task Terminate() => Signal("TERM", ends: true);

    /// <summary>The process stands still; its connections stay open.</summary>
    public Task Pause() => Signal("STOP", ends: false);

    /// <summary>The process goes on where it stood still.</summary>
    public Task Resume() => Signal("CONT", ends: false);

    /// <summary>Returns when the process has ended.</summary>
    public Task Ended() => _process!.WaitForExitAsync();

    public void Dispose()
    {
        if (IsRunning)
        {
            _process!.Kill();
        }
        _process?.Dispose();
    }

    private string[] Arguments() =>
    [
        Path.Combine(AppContext.BaseDirectory, "oe-silo.dll"), "--clustering", "postgres", "--schema", schema,
        "--cluster-id", schema, "--site", site, "--name", site, "--silo-port", Text(_siloPort),
        "--gateway-port", Text(GatewayPort), "--web-url", $"http://127.0.0.1:{_webPort}", "--compute-threads", "1",
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task Signal(string signal, bool ends)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Text(_process!.Id)]);
        await kill.WaitForExitAsync();
        if (ends)
        {
            await _process.WaitForExitAsync();
        }
    }

    private async Task UntilReady()
    {
        using var web = new HttpClient();
        var started = Stopwatch.GetTimestamp();
        while (!await IsReady(web))
        {
            if (!IsRunning || Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new InvalidOperationException($"silo {site} has not started:{Environment.NewLine}{Log}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    private async Task<bool> IsReady(HttpClient web)
    {
        try
        {
            using var answer = await web.GetAsync(new Uri($"http://127.0.0.1:{_webPort}/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.Add(line);
            }
        }
    }
}
