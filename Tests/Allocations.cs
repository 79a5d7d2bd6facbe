namespace OrleansEdge.Tests;

/// <summary>Counts what code allocates once it is warm.</summary>
internal static class Allocations
{
    /// <summary>
    /// Bytes that the calling thread allocates in ten runs of <paramref name="action"/> after ten others.
    /// </summary>
    public static long Of(Action action)
    {
        Repeat(action);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(action);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Repeat(Action action)
    {
        for (var i = 0; i < 10; i++)
        {
            action();
        }
    }
}
