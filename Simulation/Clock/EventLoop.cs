using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Clock;

/// <summary>
/// Runs continuations and events one after another on the thread that calls it. Continuations that are ready run first,
/// in the order in which they became ready; then the next event of the queue or the next response timeout.
/// </summary>
internal sealed class EventLoop
{
    private readonly TraceHash _trace;
    private Continuation[] _ready = new Continuation[256];
    private int _readyHead;
    private int _readyCount;
    private SynchronizationContext? _entered;
    private int _threadId;
    private Exception? _failure;

    public EventLoop(TraceHash trace)
    {
        _trace = trace;
        Pending = new PendingCalls();
    }

    public EventQueue Queue { get; } = new();

    public PendingCalls Pending { get; }

    public TraceHash Trace => _trace;

    /// <summary>The external client, on whose behalf code outside any activation acts.</summary>
    public TurnContext Client { get; set; } = null!;

    /// <summary>On whose behalf the code that runs now acts.</summary>
    /// <remarks>Null while the loop's thread does a computation, which may call nobody.</remarks>
    public TurnContext? Current { get; private set; }

    /// <summary>Events fired since the start.</summary>
    public long Events { get; private set; }

    /// <summary>Called before the first event at or after <see cref="SweepTime"/>.</summary>
    public Action? Sweep { get; set; }

    public long SweepTime { get; set; } = VirtualTime.Never;

    /// <summary>Code that runs next is a turn of <paramref name="context"/>.</summary>
    public void Enter(TurnContext context)
    {
        Current = context;
        if (!ReferenceEquals(_entered, context))
        {
            _entered = context;
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>
    /// What runs next acts for <paramref name="context"/> but outside its turns: tasks completed there post their
    /// continuations, and those that captured no context run inline instead of on a pool thread.
    /// </summary>
    public void EnterNone(TurnContext context)
    {
        Current = context;
        LeaveContext();
    }

    /// <summary>What runs next is a computation.</summary>
    public void EnterWork()
    {
        Current = null;
        LeaveContext();
    }

    private void LeaveContext()
    {
        if (_entered is not null)
        {
            _entered = null;
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    /// <summary>
    /// Ends the run with an exception as soon as the code that runs now returns. Where tasks complete, an exception
    /// that is simply thrown would end the process instead.
    /// </summary>
    public void Fail(Exception exception) => Interlocked.CompareExchange(ref _failure, exception, null);

    /// <summary>Adds a continuation of <paramref name="context"/>.</summary>
    public void Post(TurnContext context, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _threadId && (_threadId != 0 || !ReferenceEquals(context, Client)))
        {
            Fail(new InvalidOperationException(
                $"{context} was resumed by a thread outside the virtual cluster. Grain code waits for other grains, for " +
                "its injected ports and for nothing else, and never uses ConfigureAwait(false)."));
            return;
        }
        if (_readyCount == _ready.Length)
        {
            var larger = new Continuation[_ready.Length * 2];
            _ready.AsSpan(_readyHead).CopyTo(larger);
            _ready.AsSpan(0, _readyHead).CopyTo(larger.AsSpan(_ready.Length - _readyHead));
            (_ready, _readyHead) = (larger, 0);
        }
        _ready[(_readyHead + _readyCount++) & (_ready.Length - 1)] = new(context, callback, state);
    }

    /// <summary>On whose behalf a call is made.</summary>
    /// <exception cref="InvalidOperationException">It is made by a computation or on a foreign thread.</exception>
    public TurnContext Caller()
    {
        if (Current is { } caller && (_threadId == 0 || Environment.CurrentManagedThreadId == _threadId))
        {
            return caller;
        }
        throw new InvalidOperationException(
            "A grain was called from outside the turns of the virtual cluster. Work given to IComputePool must not touch " +
            "grains, and grain code must not use ConfigureAwait(false) or real I/O.");
    }

    /// <summary>Makes the calling thread the loop's thread until the scope is disposed.</summary>
    public Scope Begin()
    {
        if (_threadId != 0)
        {
            throw new InvalidOperationException("The virtual cluster is running already; grains cannot drive it.");
        }
        _threadId = Environment.CurrentManagedThreadId;
        var scope = new Scope(this, SynchronizationContext.Current);
        _entered = null;
        SynchronizationContext.SetSynchronizationContext(null);
        return scope;
    }

    /// <summary>Runs what is ready, then the next event at or before <paramref name="limit"/>.</summary>
    /// <returns>False when there was no such event.</returns>
    public bool Step(long limit)
    {
        RunReady();
        var time = Queue.NextTime();
        if (Pending.NextDeadline < time)
        {
            if (Pending.NextDeadline > limit)
            {
                return false;
            }
            SweepBefore(Pending.NextDeadline);
            Queue.AdvanceTo(Pending.NextDeadline);
            Pending.ExpireFirst();
        }
        else
        {
            if (time == VirtualTime.Never || time > limit)
            {
                return false;
            }
            SweepBefore(time);
            Queue.Take().Fire();
        }
        Events++;
        RunReady();
        return true;
    }

    /// <summary>Runs the continuations that are ready, and those that they make ready.</summary>
    public void RunReady()
    {
        while (_readyCount > 0)
        {
            ref var slot = ref _ready[_readyHead];
            var next = slot;
            slot = default;
            _readyHead = (_readyHead + 1) & (_ready.Length - 1);
            _readyCount--;
            if (!next.Context.IsDead)
            {
                Enter(next.Context);
                next.Callback(next.State);
            }
        }
        if (_failure is not null)
        {
            ThrowFailure();
        }
    }

    private void SweepBefore(long time)
    {
        if (time >= SweepTime)
        {
            Queue.AdvanceTo(SweepTime);
            Sweep!();
        }
    }

    private void ThrowFailure() => throw Interlocked.Exchange(ref _failure, null)!;

    internal readonly struct Scope(EventLoop loop, SynchronizationContext? outer) : IDisposable
    {
        public void Dispose()
        {
            loop.Current = loop.Client;
            loop._entered = null;
            loop._threadId = 0;
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private readonly record struct Continuation(TurnContext Context, SendOrPostCallback Callback, object? State);
}
