using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Tests.Contracts;

/// <summary>
/// A host of grains, as the contract suites see it. Every host of the product runs every suite; the test grains are
/// those of this folder.
/// </summary>
public interface IGrainHost : IDisposable
{
    /// <summary>The clock of the host's grains.</summary>
    TimeProvider Time { get; }

    /// <summary>How long a caller waits for an answer; a few seconds at most on a host in real time.</summary>
    TimeSpan ResponseTimeout { get; }

    /// <summary>Runs an external client.</summary>
    Task<T> Run<T>(Func<IGrains, Task<T>> client);
}

/// <summary>What the suites share.</summary>
public abstract class GrainContract : IDisposable
{
    private IGrainHost? _host;

    protected IGrainHost Host => _host ??= CreateHost();

    /// <summary>A time that is short on a clock and long for a computer.</summary>
    protected static TimeSpan Moment { get; } = TimeSpan.FromMilliseconds(60);

    protected abstract IGrainHost CreateHost();

    protected Task Run(Func<IGrains, Task> client) => Host.Run(async grains =>
    {
        await client(grains);
        return true;
    });

    /// <summary>Waits on the host's clock.</summary>
    protected Task Wait(TimeSpan time) => Task.Delay(time, Host.Time);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _host?.Dispose();
}
