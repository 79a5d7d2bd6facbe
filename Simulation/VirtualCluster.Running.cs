using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation.Clock;

namespace OrleansEdge.Simulation;

/// <summary>
/// Driving the cluster. Every method runs grains on the calling thread until what it waits for has happened.
/// </summary>
public sealed partial class VirtualCluster
{
    private long _nextProgress;

    /// <summary>Runs <paramref name="client"/> as the external client until its task is done.</summary>
    /// <returns>The task's result; its exception is thrown.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; the cluster can be driven on.</exception>
    /// <exception cref="InvalidOperationException">Nothing is left to happen and the task is not done.</exception>
    public T Run<T>(Func<IGrains, Task<T>> client, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var task = Start(() => client(Client), cancellation);
        return ((Task<T>)task).GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Run{T}"/>
    public void Run(Func<IGrains, Task> client, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        Start(() => client(Client), cancellation).GetAwaiter().GetResult();
    }

    /// <summary>Runs until a condition holds, looked at after every event.</summary>
    /// <returns>False when nothing is left to happen before it holds.</returns>
    public bool RunUntil(Func<bool> condition, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var scope = _loop.Begin();
        _loop.RunReady();
        while (!Holds(condition))
        {
            if (!Step(VirtualTime.Never - 1, cancellation))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Runs for a virtual time; the clock stands there afterwards.</summary>
    public void RunFor(TimeSpan duration, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var end = VirtualTime.After(_loop.Queue.Now, VirtualTime.FromTimeSpan(duration));
        using var scope = _loop.Begin();
        while (Step(end, cancellation))
        {
        }
        _loop.Queue.AdvanceTo(end);
    }

    /// <summary>Runs one event and what it makes ready.</summary>
    /// <returns>False when nothing is left to happen.</returns>
    public bool Step()
    {
        using var scope = _loop.Begin();
        return Step(VirtualTime.Never - 1, CancellationToken.None);
    }

    private Task Start(Func<Task> client, CancellationToken cancellation)
    {
        using var scope = _loop.Begin();
        _loop.Enter(_loop.Client);
        var task = client() ?? throw new InvalidOperationException("The client returned null instead of a task.");
        _loop.RunReady();
        while (!task.IsCompleted)
        {
            if (!Step(VirtualTime.Never - 1, cancellation))
            {
                throw new InvalidOperationException(NothingLeft());
            }
        }
        return task;
    }

    private bool Step(long limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_loop.Events >= _nextProgress)
        {
            _nextProgress = _loop.Events + _options.ProgressInterval;
            if (_options.Progress is { } progress)
            {
                _loop.Enter(_loop.Client);
                progress(this);
                _loop.RunReady();
            }
        }
        return _loop.Step(limit);
    }

    private bool Holds(Func<bool> condition)
    {
        _loop.Enter(_loop.Client);
        return condition();
    }

    private string NothingLeft()
    {
        var busy = string.Join(", ", _directory.Busy(10));
        var failed = FailedTurns.Count == 0 ? "" :
            $" The first of {FailedTurnCount} failed turns: {FailedTurns[0].Grain}: {FailedTurns[0].Exception.Message}";
        return $"At {Now.TotalSeconds:R} s nothing is left to happen, and the client still waits. " +
            $"In the middle of a request: {(busy.Length == 0 ? "no grain" : busy)}.{failed}";
    }
}
