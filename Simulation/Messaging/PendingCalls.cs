using OrleansEdge.Simulation.Clock;

namespace OrleansEdge.Simulation.Messaging;

/// <summary>
/// Calls without an answer, oldest first. All wait equally long, so the list is in the order of their deadlines, and
/// neither entering nor leaving it costs a place in the event queue.
/// </summary>
internal sealed class PendingCalls
{
    private Call? _first;
    private Call? _last;

    /// <summary>Deadline of the oldest call, or <see cref="VirtualTime.Never"/>.</summary>
    public long NextDeadline => _first?.Deadline ?? VirtualTime.Never;

    public int Count { get; private set; }

    /// <summary>Adds a call whose deadline is not before any other's.</summary>
    public void Add(Call call)
    {
        Count++;
        call.PreviousPending = _last;
        if (_last is null)
        {
            _first = call;
        }
        else
        {
            _last.NextPending = call;
        }
        _last = call;
    }

    public void Remove(Call call)
    {
        Count--;
        if (call.PreviousPending is { } previous)
        {
            previous.NextPending = call.NextPending;
        }
        else
        {
            _first = call.NextPending;
        }
        if (call.NextPending is { } next)
        {
            next.PreviousPending = call.PreviousPending;
        }
        else
        {
            _last = call.PreviousPending;
        }
        call.PreviousPending = null;
        call.NextPending = null;
    }

    /// <summary>The oldest call's time is up.</summary>
    public void ExpireFirst()
    {
        var call = _first!;
        call.Center.Expire(call);
    }

    /// <summary>The calls that wait for a node, in the order in which they were made.</summary>
    public List<Call> WaitingFor(Func<Call, bool> condition)
    {
        var calls = new List<Call>();
        for (var call = _first; call is not null; call = call.NextPending)
        {
            if (condition(call))
            {
                calls.Add(call);
            }
        }
        return calls;
    }
}
