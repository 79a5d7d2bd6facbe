using System.Diagnostics;

namespace OrleansEdge.Tests.Cluster.Failures;

internal static class Silence
{
    /// <summary>Now, in seconds on the clock of all events.</summary>
    public static double Now => Stopwatch.GetElapsedTime(0).TotalSeconds;

    /// <summary>The longest time without an event from <paramref name="start"/> until now, in seconds.</summary>
    public static double Longest(double start, IEnumerable<double> events)
    {
        var (last, longest) = (start, 0.0);
        foreach (var time in events.Where(time => time > start).Order().Append(Now))
        {
            (longest, last) = (Math.Max(longest, time - last), time);
        }
        return longest;
    }
}
