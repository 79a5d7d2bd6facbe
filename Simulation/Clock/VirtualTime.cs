namespace OrleansEdge.Simulation.Clock;

/// <summary>Conversions of virtual time, which is counted in whole nanoseconds since the cluster's start.</summary>
internal static class VirtualTime
{
    public const long NanosecondsPerSecond = 1_000_000_000;
    public const long NanosecondsPerTick = 100;

    /// <summary>Past every event: about 292 years.</summary>
    public const long Never = long.MaxValue;

    /// <summary>
    /// Nanoseconds of a duration of at least 0 seconds, rounded up; infinite durations are <see cref="Never"/>.
    /// </summary>
    public static long FromSeconds(double seconds) => (long)Math.Ceiling(seconds * NanosecondsPerSecond); // saturates

    public static long FromTimeSpan(TimeSpan duration) =>
        (long)Int128.Min((Int128)duration.Ticks * NanosecondsPerTick, Never);

    public static TimeSpan ToTimeSpan(long nanoseconds) => new(nanoseconds / NanosecondsPerTick);

    public static double ToSeconds(long nanoseconds) => (double)nanoseconds / NanosecondsPerSecond;

    /// <summary>
    /// <paramref name="time"/> + <paramref name="duration"/>, at most <see cref="Never"/>; both at least 0.
    /// </summary>
    public static long After(long time, long duration) => time + Math.Min(duration, Never - time);
}
