namespace OrleansEdge.Grains.Interfaces.Hosting;

/// <summary>The string key of this activation.</summary>
public sealed record GrainKey(string Value);

/// <summary>Finds other grains.</summary>
public interface IGrains
{
    /// <summary>A reference to the grain with this key; the grain is activated by the first call to it.</summary>
    TGrain Get<TGrain>(string key) where TGrain : class, IGrainWithStringKey;
}

/// <summary>Later turns of this activation.</summary>
public interface ITurns
{
    /// <summary>
    /// Runs <paramref name="callback"/> once, as a turn of this activation, after <paramref name="delay"/>.
    /// </summary>
    /// <returns>Disposing it before the turn starts cancels the turn.</returns>
    IDisposable After(TimeSpan delay, Func<Task> callback);
}

/// <summary>A grain that takes its memory along when its host moves it in good order.</summary>
public interface IMovable
{
    /// <summary>
    /// What the activation knows, as a serializable message; null when there is nothing to take along.
    /// </summary>
    object? Pack();

    /// <summary>
    /// Takes up what <see cref="Pack"/> of the activation before gave; called before any other request.
    /// </summary>
    void Unpack(object state);
}

/// <summary>CPU work outside the turn.</summary>
public interface IComputePool
{
    /// <summary>
    /// Runs <paramref name="work"/>, which must not touch the grain, on another thread. Its continuation is a turn of
    /// the
    /// activation again. On a virtual host the task completes after <paramref name="floatingPointOperations"/> divided
    /// by the device's speed, whatever the work took in truth.
    /// </summary>
    Task<T> Run<T>(Func<T> work, double floatingPointOperations);
}
