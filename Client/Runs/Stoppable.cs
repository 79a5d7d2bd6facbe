namespace OrleansEdge.Client.Runs;

/// <summary>Work that has no place to ask whether it should end.</summary>
internal static class Stoppable
{
    /// <summary>How long work may take to notice by itself; the console has two seconds in all.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs work on a thread of its own.</summary>
    /// <returns>
    /// Its result; null where it has none half a second, or <paramref name="grace"/>, after <paramref name="stop"/>. It
    /// is then left to itself and ends with the process at the latest.
    /// </returns>
    public static T? Run<T>(Func<T> work, CancellationToken stop, TimeSpan? grace = null)
        where T : class
    {
        var task = Task.Factory.StartNew(
            work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Task.WaitAny([task], stop);
        }
        catch (OperationCanceledException)
        {
            Task.WaitAny([task], grace ?? Grace);
        }
        try
        {
            return task.IsCompleted ? task.GetAwaiter().GetResult() : null;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
