using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Grains;

/// <summary>
/// Work that may be done again, because whoever it concerns recognises a repetition: it is tried until it succeeds, a
/// bounded number of times and with pauses. What is wrong with the data or the request
/// (<see cref="OrleansEdgeException"/>) is not tried again.
/// </summary>
internal static class Retry
{
    /// <summary>Does the work in a turn of its own, each attempt in another; requests wait meanwhile.</summary>
    /// <param name="giveUp">Told of the last failure; must not throw.</param>
    public static void InTurns(
        ITurns turns, TimeSpan delay, Func<Task> work, Backoff backoff, Action<Exception> giveUp) =>
        turns.After(delay, () => Attempt(turns, work, backoff, giveUp, failures: 0, isBeside: false));

    /// <summary>Begins the work at once, beside the requests, which do not wait for it.</summary>
    /// <inheritdoc cref="InTurns"/>
    public static void Beside(ITurns turns, Func<Task> work, Backoff backoff, Action<Exception> giveUp) =>
        _ = Attempt(turns, work, backoff, giveUp, failures: 0, isBeside: true);

    /// <summary>Does the work within a request, which waits for it.</summary>
    /// <param name="again">Called before each further attempt.</param>
    public static async Task<T> Within<T>(
        TimeProvider clock, Func<Task<T>> work, Backoff backoff, Action? again = null)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await work();
            }
            catch (Exception e) when (e is not OrleansEdgeException && failures < backoff.Attempts)
            {
                again?.Invoke();
            }
            await Task.Delay(backoff.After(failures), clock);
        }
    }

    /// <inheritdoc cref="Within{T}"/>
    public static Task Within(TimeProvider clock, Func<Task> work, Backoff backoff, Action? again = null) => Within(
        clock,
        async () =>
        {
            await work();
            return true;
        },
        backoff, again);

    private static async Task Attempt(
        ITurns turns, Func<Task> work, Backoff backoff, Action<Exception> giveUp, int failures, bool isBeside)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not OrleansEdgeException && failures + 1 < backoff.Attempts)
        {
            turns.After(backoff.After(failures + 1), () =>
            {
                var attempt = Attempt(turns, work, backoff, giveUp, failures + 1, isBeside);
                return isBeside ? Task.CompletedTask : attempt;
            });
        }
        catch (Exception e)
        {
            giveUp(e);
        }
    }
}
