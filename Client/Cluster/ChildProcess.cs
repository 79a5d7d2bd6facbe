using System.Diagnostics;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Cluster;

/// <summary>A program that this process has started and ends with it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private string _lastError = "";

    private ChildProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => _lastError = line.Data is { Length: > 0 } text ? text : _lastError;
        process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The last line that it wrote to stderr.</summary>
    public string LastError => _lastError;

    /// <exception cref="OrleansEdgeException">There is no such program (69).</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return new ChildProcess(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new OrleansEdgeException(
                ExitCode.Unavailable, $"'{program}' cannot be started: {failure.Message}", failure);
        }
    }

    /// <summary>This program once more.</summary>
    public static ChildProcess StartSelf(params string[] arguments)
    {
        var host = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? Start(host, arguments.Prepend(typeof(ChildProcess).Assembly.Location))
            : Start(host, arguments);
    }

    /// <summary>The next line that it writes to stdout; null at the end.</summary>
    public Task<string?> ReadLine(CancellationToken stop) => _process.StandardOutput.ReadLineAsync(stop).AsTask();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process.Dispose();
    }
}
