using System.Text;
using OrleansEdge.Core;

namespace OrleansEdge.Client.CommandLine;

/// <summary>
/// A standard stream of the process. Where stdout cannot be written the run has failed, by name; where stderr cannot, the
/// run goes on without it.
/// </summary>
internal sealed class StandardStream(TextWriter inner, string? failure) : TextWriter
{
    /// <summary>Results: that they cannot be written ends the run with 74.</summary>
    public static TextWriter Output { get; } = new StandardStream(Console.Out, "stdout cannot be written");

    /// <summary>Progress and error lines.</summary>
    public static TextWriter Error { get; } = new StandardStream(Console.Error, null);

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Guarded(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Guarded(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Guarded(() => inner.Write(value));

    public override void WriteLine(string? value) => Guarded(() => inner.WriteLine(value));

    public override void Flush() => Guarded(inner.Flush);

    private void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (failure is not null)
            {
                throw new OrleansEdgeException(ExitCode.InputOutput, $"{failure}: {exception.Message}", exception);
            }
        }
    }
}
