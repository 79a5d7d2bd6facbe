namespace OrleansEdge.Client.Benchmarking;

/// <summary>Times short actions side by side, over and over.</summary>
/// <param name="duration">Of what is measured by one call.</param>
/// <param name="stop">Ends each part after one turn.</param>
internal sealed class BenchTimer(TimeProvider clock, TimeSpan duration, CancellationToken stop = default)
{
    // The runtime compiles hot methods anew after 30 calls and a pause; the warm-up outlasts that.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs all actions in turn until the time is over, at least 100 times.</summary>
    /// <param name="actions">What is timed.</param>
    /// <param name="between">Runs after each turn and is not timed.</param>
    /// <param name="warmUpCalls">Least number of turns before those that count.</param>
    /// <returns>For each action its times in microseconds, ascending.</returns>
    public double[][] Measure(Action[] actions, Action between, int warmUpCalls = 5000)
    {
        Repeat(actions, between, WarmUp, warmUpCalls, (_, _) => { });
        var times = Array.ConvertAll(actions, _ => new List<double>(1 << 16));
        Repeat(actions, between, duration, 100, (action, microseconds) => times[action].Add(microseconds));
        return Array.ConvertAll(times, list => list.Order().ToArray());
    }

    public static double Percentile(double[] sorted, double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];

    private void Repeat(
        Action[] actions, Action between, TimeSpan atLeast, int callsAtLeast, Action<int, double> measured)
    {
        var start = clock.GetTimestamp();
        for (var calls = 0; (calls < callsAtLeast || clock.GetElapsedTime(start) < atLeast)
            && !(calls > 0 && stop.IsCancellationRequested); calls++)
        {
            for (var action = 0; action < actions.Length; action++)
            {
                var before = clock.GetTimestamp();
                actions[action]();
                measured(action, clock.GetElapsedTime(before).TotalMicroseconds);
            }
            between();
        }
    }
}
