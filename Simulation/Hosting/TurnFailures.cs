using OrleansEdge.Simulation.Clock;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>An exception that nobody waited for: a later turn of a grain threw it.</summary>
/// <param name="Time">Virtual time since the start.</param>
/// <param name="Grain">Class and key of the grain.</param>
/// <param name="Exception">What was thrown.</param>
public sealed record FailedTurn(TimeSpan Time, string Grain, Exception Exception);

/// <summary>Keeps the first failures of later turns and counts the rest.</summary>
internal sealed class TurnFailures(EventLoop loop, bool stopAtFirst)
{
    private const int Kept = 100;
    private readonly List<FailedTurn> _failures = [];

    public IReadOnlyList<FailedTurn> Failures => _failures;

    public long Count { get; private set; }

    public void Add(FailedTurn failure)
    {
        Count++;
        if (_failures.Count < Kept)
        {
            _failures.Add(failure);
        }
        if (stopAtFirst)
        {
            loop.Fail(new InvalidOperationException(
                $"A turn of {failure.Grain} failed at {failure.Time.TotalSeconds:R} s: {failure.Exception.Message}",
                failure.Exception));
        }
    }
}
