using System.Runtime.InteropServices;

namespace OrleansEdge.Client.CommandLine;

/// <summary>
/// Turns the first SIGINT or SIGTERM into a wish to finish cleanly. More of them within a second count as the same wish,
/// since a terminal, a launcher and <c>timeout</c> each send theirs; a later one ends the process.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan OneWish = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly IDisposable[] _registrations;
    private long? _first;

    public StopSignals(TimeProvider clock)
    {
        _clock = clock;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Take),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Whether a signal that comes now is of the first wish and leaves the process running.</summary>
    internal bool Absorb()
    {
        lock (_gate)
        {
            _first ??= _clock.GetTimestamp();
            return _clock.GetElapsedTime(_first.Value) < OneWish;
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
        _stop.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        signal.Cancel = Absorb();
        if (signal.Cancel)
        {
            _stop.CancelAsync();
        }
    }
}
