using OrleansEdge.Client.Training;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Client.CommandLine;

/// <summary>What the console needs of the process around it, handed in so that a test can stand in for it.</summary>
internal sealed record ConsoleEnvironment
{
    /// <summary>Results go here.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Progress, logs and error lines go here.</summary>
    public required TextWriter Error { get; init; }

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where the trace of a bug is written.</summary>
    public string TraceFolder { get; init; } = Path.GetTempPath();

    /// <summary>Finds data sets.</summary>
    public required DataCatalog Data { get; init; }

    /// <summary>Where training jobs run.</summary>
    public required ITrainingHost Training { get; init; }

    /// <summary>The streams and variables of this process.</summary>
    public static ConsoleEnvironment OfProcess()
    {
        var data = DataCatalog.Default((count, body) => Parallel.For(0, count, body));
        return new()
        {
            Output = StandardStream.Output,
            Error = StandardStream.Error,
            OutputIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Data = data,
            Training = new VirtualTimeHost(data),
        };
    }
}
