using System.Runtime.CompilerServices;
using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Compute;

/// <summary>
/// A computation: real work that any thread may do at any time, and the virtual moment at which its result is there.
/// </summary>
internal abstract class ComputeJob : ScheduledEvent
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Done = 2;
    private int _state;

    public bool IsDone => Volatile.Read(ref _state) == Done;

    /// <summary>Takes the job; true for exactly one taker, who then calls <see cref="Execute"/>.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Does the work and keeps its result or exception.</summary>
    public void Execute()
    {
        Work();
        Volatile.Write(ref _state, Done);
    }

    protected abstract void Work();
}

/// <summary>A computation with a result, asked for by an activation.</summary>
internal sealed class ComputeJob<T>(Activation owner, ComputeThreads threads, Func<T> work) : ComputeJob
{
    // A builder makes a task that is completed from outside without the second object of a TaskCompletionSource.
    private AsyncTaskMethodBuilder<T> _completion = AsyncTaskMethodBuilder<T>.Create();
    private Func<T>? _work = work;
    private T? _result;
    private Exception? _failure;

    public Task<T> Task => _completion.Task;

    public override void Fire()
    {
        if (owner.IsDead)
        {
            Abandon();
            return;
        }
        var loop = owner.Loop;
        loop.EnterWork();
        threads.Complete(this);
        loop.Trace.Add(TraceEventKind.Computation, Time, owner.Identity, owner.Identity, 0, Sequence, 0);
        if (loop.Trace.HasSink)
        {
            loop.Trace.Show(TraceEventKind.Computation, Time, owner, owner, "", Sequence, 0);
        }
        loop.EnterNone(owner);
        if (_failure is not null)
        {
            _completion.SetException(_failure);
        }
        else
        {
            _completion.SetResult(_result!);
        }
    }

    private void Abandon()
    {
        if (TryTake())
        {
            _work = null;
        }
    }

    protected override void Work()
    {
        try
        {
            _result = _work!();
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
        _work = null;
    }
}
