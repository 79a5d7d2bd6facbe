using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Simulation.Compute;

/// <summary>The cores of a node: each does one computation at a time, first come, first served.</summary>
internal sealed class Processor
{
    private readonly double _operationsPerNanosecond;
    private readonly long[] _freeAt;
    private readonly List<Slower> _slowDowns = [];
    private readonly bool _isObserver;

    public Processor(NodeProfile profile)
    {
        _operationsPerNanosecond = profile.FloatingPointOperationsPerSecond / VirtualTime.NanosecondsPerSecond;
        _freeAt = new long[profile.Cores];
        _isObserver = profile.IsObserver;
        foreach (var slowDown in profile.SlowDowns)
        {
            SlowDown(slowDown);
        }
    }

    /// <summary>Time given to computations so far, summed over cores.</summary>
    public long BusyNanoseconds { get; private set; }

    public void SlowDown(SlowDown slowDown)
    {
        var start = VirtualTime.FromSeconds(slowDown.StartSeconds);
        var end = VirtualTime.After(start, VirtualTime.FromSeconds(slowDown.DurationSeconds));
        _slowDowns.Add(new Slower(start, end, slowDown.Factor));
    }

    /// <summary>Gives a computation to the core that is free first.</summary>
    /// <returns>When it ends.</returns>
    public long Occupy(long now, double operations)
    {
        if (_isObserver)
        {
            return now;
        }
        var core = 0;
        for (var i = 1; i < _freeAt.Length; i++)
        {
            core = _freeAt[i] < _freeAt[core] ? i : core;
        }
        var start = Math.Max(now, _freeAt[core]);
        var end = EndOf(start, operations);
        _freeAt[core] = end;
        BusyNanoseconds += end - start;
        return end;
    }

    /// <summary>Forgets what was queued: the node crashed.</summary>
    public void Reset() => Array.Clear(_freeAt);

    private long EndOf(long start, double operations)
    {
        if (_slowDowns.Count == 0)
        {
            return VirtualTime.After(start, Nanoseconds(operations, 1));
        }
        var time = start;
        while (true)
        {
            var (factor, until) = SpeedAt(time);
            var end = VirtualTime.After(time, Nanoseconds(operations, factor));
            if (end <= until)
            {
                return end;
            }
            operations = Math.Max(0, operations - ((until - time) * factor * _operationsPerNanosecond));
            time = until;
        }
    }

    /// <summary>The product of the slow-downs at a time, and the time until which it holds.</summary>
    private (double Factor, long Until) SpeedAt(long time)
    {
        var factor = 1.0;
        var until = VirtualTime.Never;
        foreach (var slowDown in _slowDowns)
        {
            if (time < slowDown.Start)
            {
                until = Math.Min(until, slowDown.Start);
            }
            else if (time < slowDown.End)
            {
                factor *= slowDown.Factor;
                until = Math.Min(until, slowDown.End);
            }
        }
        return (factor, until);
    }

    private long Nanoseconds(double operations, double factor)
    {
        var duration = Math.Ceiling(operations / (_operationsPerNanosecond * factor));
        return duration >= VirtualTime.Never ? VirtualTime.Never : (long)duration;
    }

    private readonly record struct Slower(long Start, long End, double Factor);
}
