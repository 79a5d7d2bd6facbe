using OrleansEdge.Core;

namespace OrleansEdge.Grains.Offloading;

/// <summary>Calls that may be made again, because the callee recognises a repetition.</summary>
internal static class Retry
{
    /// <summary>
    /// Makes the call until it succeeds, a bounded number of times; what is wrong with the data is not tried again.
    /// </summary>
    /// <param name="again">Called before each further attempt.</param>
    public static async Task<T> Run<T>(Func<Task<T>> call, int attempts, Action? again = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (e is not OrleansEdgeException && attempt < attempts)
            {
                again?.Invoke();
            }
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public static Task Run(Func<Task> call, int attempts, Action? again = null) => Run(
        async () =>
        {
            await call();
            return true;
        },
        attempts, again);
}
