namespace OrleansEdge.Core;

/// <summary>Exit codes of the console, after sysexits.h.</summary>
public enum ExitCode
{
    Success = 0,

    /// <summary>A wrong option or value.</summary>
    Usage = 64,

    /// <summary>Input that is there but wrong.</summary>
    Data = 65,

    /// <summary>Input that is not there.</summary>
    MissingInput = 66,

    /// <summary>A part that this build or machine lacks.</summary>
    Unavailable = 69,

    /// <summary>A bug.</summary>
    Software = 70,

    /// <summary>A file could not be written.</summary>
    InputOutput = 74,

    /// <summary>A solver or run that did not reach what was asked.</summary>
    NotReached = 75,
}

/// <summary>
/// What a user can put right. <see cref="Exception.Message"/> is one line: the file, line or option, the value, and
/// what was expected.
/// </summary>
public sealed class OrleansEdgeException : Exception
{
    public OrleansEdgeException(ExitCode exitCode, string message, Exception? inner = null)
        : base(message, inner) => HResult = (int)exitCode;

    /// <summary>
    /// Kept as the result code, which goes along from process to process where properties of our own do not.
    /// </summary>
    public ExitCode ExitCode => (ExitCode)HResult;

    /// <summary>A wrong option or value (64).</summary>
    public static OrleansEdgeException Usage(string message) => new(ExitCode.Usage, message);

    /// <summary>Wrong input (65).</summary>
    public static OrleansEdgeException WrongData(string message) => new(ExitCode.Data, message);

    /// <summary>Missing input (66).</summary>
    public static OrleansEdgeException MissingInput(string message) => new(ExitCode.MissingInput, message);
}
