namespace OrleansEdge.Grains.Training;

/// <summary>How long and how often to try again: doubling from half a second to 30 s, 20 times.</summary>
internal static class Backoff
{
    public const int MaximumAttempts = 20;

    public static TimeSpan After(int failures) =>
        TimeSpan.FromSeconds(Math.Min(0.5 * Math.Pow(2, Math.Min(failures, 10) - 1), 30));
}
