using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace OrleansEdge.Client.Cluster;

/// <summary>
/// Keeps what Orleans' client says of connections that fail. To the caller it only tells that it has tried for long
/// enough.
/// </summary>
internal sealed partial class ConnectionFailures : ILoggerProvider, ILogger
{
    /// <summary>The failure of the last attempt.</summary>
    public Exception? Last { get; private set; }

    /// <summary>The cluster that a gateway belongs to when it is not the one that was asked for.</summary>
    public string? OtherCluster { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception?.GetBaseException() is null or OperationCanceledException)
        {
            return;
        }
        Last = exception;
        if (UnexpectedCluster().Match(exception.Message) is { Success: true } match)
        {
            OtherCluster = match.Groups[1].Value;
        }
    }

    public void Dispose()
    {
        // Holds nothing.
    }

    [GeneratedRegex("Unexpected cluster id \"(.*?)\"")]
    private static partial Regex UnexpectedCluster();
}
