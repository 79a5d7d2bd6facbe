using System.Globalization;
using System.Reflection;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;

namespace OrleansEdge.Client.CommandLine;

/// <summary>Turns whatever went wrong into one line on stderr and an exit code.</summary>
internal static class Failures
{
    /// <summary>Writes the line; of a bug also where its trace was written.</summary>
    /// <param name="verbose">Shows the trace on stderr too.</param>
    /// <param name="stop">The wish to stop, which may be what ended it.</param>
    public static ExitCode Report(
        Exception exception, ConsoleEnvironment environment, bool verbose, CancellationToken stop = default)
    {
        var cause = CauseOf(exception);
        var (code, line) = cause switch
        {
            OrleansEdgeException known => (known.ExitCode, known.Message),
            OperationCanceledException when stop.IsCancellationRequested =>
                (ExitCode.NotReached, "stopped before there was a result"),
            IOException or UnauthorizedAccessException => (ExitCode.InputOutput, cause.Message),
            OutOfMemoryException => (ExitCode.Software, $"out of memory: {cause.Message} {Trace(exception, environment)}"),
            _ => (ExitCode.Software, $"{cause.GetType().Name}: {cause.Message} (a bug; {Trace(exception, environment)})"),
        };
        environment.Error.WriteLine("oe: " + ProgramName.InHints(OneLine(line)));
        if (verbose && code != ExitCode.NotReached)
        {
            environment.Error.WriteLine(exception.ToString());
        }
        return code;
    }

    /// <summary>Text of any origin without line ends and other control characters.</summary>
    private static string OneLine(string text) => string.Concat(
        text.ReplaceLineEndings(" ").Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>What lies inside the wrappings of parallel and reflected calls.</summary>
    private static Exception CauseOf(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var first, ..] } => CauseOf(first),
        TargetInvocationException { InnerException: { } inner } => CauseOf(inner),
        TypeInitializationException { InnerException: { } inner } => CauseOf(inner),
        _ => exception,
    };

    /// <summary>Writes the trace into a file of its own.</summary>
    /// <returns>Words on where it is.</returns>
    private static string Trace(Exception exception, ConsoleEnvironment environment)
    {
        var time = environment.Clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var path = Path.Combine(environment.TraceFolder, $"oe-{time}-{Path.GetRandomFileName()}.txt");
        var text = $"OrleansEdge {ProductVersion.Full}\n{new MachineDescription()}\n{exception}\n";
        return AtomicFile.Attempt(() =>
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }) ? $"its trace is in {path}" : "--verbose shows where";
    }
}
