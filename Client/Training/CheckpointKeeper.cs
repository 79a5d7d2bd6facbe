using OrleansEdge.Core;

namespace OrleansEdge.Client.Training;

/// <summary>
/// Keeps the last boundary that a run has passed, and writes it when the wall time for it has come. One that cannot be
/// written while the run goes on is a warning; the next interval tries again.
/// </summary>
/// <param name="write">Writes one; throws an <see cref="OrleansEdgeException"/> (74) when it cannot.</param>
/// <param name="interval">Wall time between writes; zero to write at every boundary.</param>
/// <param name="warn">Takes one line.</param>
internal sealed class CheckpointKeeper(
    Action<SavedRun> write, TimeSpan interval, TimeProvider clock, Action<string> warn)
{
    private long _triedAt = clock.GetTimestamp();
    private bool _written;

    /// <summary>The last boundary passed, or where the run was taken up; null before.</summary>
    public SavedRun? Last { get; private set; }

    /// <summary>The run has passed a boundary, or has ended.</summary>
    public void Passed(SavedRun boundary)
    {
        (Last, _written) = (boundary, false);
        WriteWhenDue();
    }

    /// <summary>Writes the last boundary if it is not written and the interval is over.</summary>
    public void WriteWhenDue()
    {
        if (Last is null || _written || clock.GetElapsedTime(_triedAt) < interval)
        {
            return;
        }
        _triedAt = clock.GetTimestamp();
        try
        {
            WriteLast();
        }
        catch (OrleansEdgeException exception) when (exception.ExitCode == ExitCode.InputOutput)
        {
            warn(exception.Message);
        }
    }

    /// <summary>Writes the last boundary if there is one that is not written.</summary>
    /// <exception cref="OrleansEdgeException">It could not be written (74).</exception>
    public void WriteLast()
    {
        if (Last is { } last && !_written)
        {
            write(last);
            _written = true;
        }
    }
}
