using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Compute;
using OrleansEdge.Simulation.Messaging;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>
/// A grain in memory: its instance, the requests that run and those that wait. One request runs at a time unless the
/// class is reentrant or the method may interleave. What comes after an await of a request runs as a turn of this
/// activation.
/// </summary>
internal sealed partial class Activation : TurnContext
{
    private static readonly SendOrPostCallback PumpLater = state => ((Activation)state!).Pump();

    private readonly ActivationServices _services;
    private object? _instance;
    private Request? _firstWaiting;
    private Request? _lastWaiting;
    private int _running;
    private int _exclusive;
    private bool _isReadOnlySection;
    private bool _isPumping;
    private int _turnsAhead;
    private int _loading;
    private Exception? _failure;

    public Activation(GrainEntry entry, ActivationServices services)
        : base(services.Loop, entry.Node!)
    {
        Entry = entry;
        _services = services;
        LastUsed = Loop.Queue.Now;
    }

    public GrainEntry Entry { get; }

    public override ulong Identity => Entry.Identity;

    /// <summary>When the last request came or ended.</summary>
    public long LastUsed { get; private set; }

    /// <summary>Nothing runs, waits or is planned.</summary>
    public bool IsIdle => _running == 0 && _firstWaiting is null && _turnsAhead == 0 && _loading == 0;

    /// <summary>The requests that run now, for messages.</summary>
    public int Running => _running;

    public override string ToString() => Entry.ToString();

    /// <summary>No request runs or waits, and a planned later turn is no loss.</summary>
    public bool CanMove =>
        _running == 0 && _firstWaiting is null && _loading == 0 && (_turnsAhead == 0 || _instance is IMovable);

    /// <summary>What the grain takes along when it moves.</summary>
    public object? Pack()
    {
        Loop.Enter(this);
        return (_instance as IMovable)?.Pack();
    }

    /// <summary>Makes the grain's instance. A grain that cannot be made fails the requests that wait for it.</summary>
    /// <param name="luggage">What the activation before has packed.</param>
    public void Open(object? luggage)
    {
        Loop.Enter(this);
        try
        {
            _instance = Entry.Class.Create(this);
            if (luggage is not null)
            {
                ((IMovable)_instance).Unpack(luggage);
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }

    /// <summary>The activation goes because it was idle.</summary>
    public void Close()
    {
        Loop.Enter(this);
        (_instance as IDisposable)?.Dispose();
    }

    /// <summary>A state is being read; the activation takes requests when all have been.</summary>
    public void BeginLoading() => _loading++;

    /// <summary>A state has been read, or could not be.</summary>
    public void EndLoading(Exception? failure)
    {
        _failure ??= failure;
        if (--_loading > 0)
        {
            return;
        }
        if (_failure is null)
        {
            PumpSoon();
            return;
        }
        for (var request = _firstWaiting; request is not null; request = request.NextWaiting)
        {
            request.Refuse(this, _failure);
        }
        _services.Release(Entry);
    }

    /// <summary>
    /// A request is here: runs it, or lines it up behind what is read or runs now, the end of which looks at the line.
    /// </summary>
    public void Accept(Request request)
    {
        LastUsed = Loop.Queue.Now;
        if (_failure is not null && _loading == 0)
        {
            request.Refuse(this, _failure);
            _services.Release(Entry);
            return;
        }
        if (MayRun(request) && (_firstWaiting is null || Interleaves(request) || _exclusive > 0))
        {
            Run(request);
            return;
        }
        if (_lastWaiting is null)
        {
            _firstWaiting = request;
        }
        else
        {
            _lastWaiting.NextWaiting = request;
        }
        _lastWaiting = request;
    }

    /// <summary>A request that ran here has ended.</summary>
    public void Finished(Request request)
    {
        LastUsed = Loop.Queue.Now;
        _running--;
        if (!Interleaves(request))
        {
            _exclusive--;
        }
        if (_firstWaiting is not null)
        {
            PumpSoon();
        }
    }

    private bool Interleaves(Request request) => Entry.Class.IsReentrant || request.AlwaysInterleave;

    private bool MayRun(Request request) =>
        _loading == 0 && (_exclusive == 0 || Interleaves(request) || (_isReadOnlySection && request.ReadOnly));

    private void Run(Request request)
    {
        _running++;
        request.Runner = this;
        if (!Interleaves(request))
        {
            _isReadOnlySection = request.ReadOnly;
            _exclusive++;
        }
        Loop.Enter(this);
        request.Start(_instance!);
    }

    private void PumpSoon()
    {
        if (!_isPumping)
        {
            _isPumping = true;
            Loop.Post(this, PumpLater, this);
        }
    }

    /// <summary>Runs, in order, every waiting request that may run now.</summary>
    private void Pump()
    {
        _isPumping = false;
        Request? previous = null;
        var request = _firstWaiting;
        while (request is not null)
        {
            var next = request.NextWaiting;
            if (MayRun(request))
            {
                Unlink(previous, request);
                Run(request);
                next = previous is null ? _firstWaiting : previous.NextWaiting;
            }
            else
            {
                previous = request;
            }
            request = next;
        }
    }

    private void Unlink(Request? previous, Request request)
    {
        if (previous is null)
        {
            _firstWaiting = request.NextWaiting;
        }
        else
        {
            previous.NextWaiting = request.NextWaiting;
        }
        if (ReferenceEquals(_lastWaiting, request))
        {
            _lastWaiting = previous;
        }
        request.NextWaiting = null;
    }
}

/// <summary>What every activation of a cluster uses.</summary>
/// <param name="Release">Takes a failed activation away.</param>
internal sealed record ActivationServices(
    EventLoop Loop, ComputeThreads Threads, TurnFailures Failures, Action<GrainEntry> Release);
