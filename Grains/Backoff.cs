namespace OrleansEdge.Grains;

/// <summary>How often to try, and the pauses between: each is twice the one before, up to the longest.</summary>
internal sealed record Backoff(TimeSpan First, TimeSpan Longest, int Attempts)
{
    /// <summary>For what has minutes to succeed: from half a second to 30 s.</summary>
    public static Backoff Patient { get; } = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30), 20);

    /// <summary>For what must succeed some day, as storage that is away comes back some day.</summary>
    public static Backoff Endless { get; } = Patient with { Attempts = int.MaxValue };

    /// <summary>
    /// For what somebody waits for, perhaps for a millisecond only: from 50 microseconds to a second.
    /// </summary>
    public static Backoff Brisk(int attempts) =>
        new(TimeSpan.FromMicroseconds(50), TimeSpan.FromSeconds(1), attempts);

    /// <summary>The pause after a number of failures in a row, at least 1.</summary>
    public TimeSpan After(int failures)
    {
        var pause = First * Math.Pow(2, Math.Min(failures - 1, 30));
        return pause < Longest ? pause : Longest;
    }
}
