namespace OrleansEdge.Simulation.Clock;

/// <summary>
/// The future, ordered by (time, sequence). Events of the present are kept in a ring, later ones in a 4-ary heap of
/// values, whose four children share a cache line pair.
/// </summary>
internal sealed class EventQueue
{
    private const int Arity = 4;
    private Entry[] _heap = new Entry[256];
    private int _heapCount;
    private ScheduledEvent?[] _ring = new ScheduledEvent?[256];
    private int _ringHead;
    private int _ringCount;
    private long _sequence;

    /// <summary>The present, in nanoseconds.</summary>
    public long Now { get; private set; }

    /// <summary>Events in the queue, cancelled ones included.</summary>
    public int Count => _heapCount + _ringCount;

    /// <summary>Events scheduled since the start.</summary>
    public long Scheduled => _sequence;

    /// <summary>Puts an event at <paramref name="time"/>, or now when that has passed.</summary>
    public void Schedule(ScheduledEvent item, long time)
    {
        item.Sequence = ++_sequence;
        if (time <= Now)
        {
            item.Time = Now;
            PushRing(item);
            return;
        }
        item.Time = time;
        PushHeap(new Entry(time, item.Sequence, item));
    }

    /// <summary>Time of the next event, or <see cref="VirtualTime.Never"/>.</summary>
    public long NextTime()
    {
        while (_ringCount > 0 && _ring[_ringHead]!.Cancelled)
        {
            PopRing();
        }
        while (_heapCount > 0 && _heap[0].Item.Cancelled)
        {
            PopHeap();
        }
        if (_ringCount > 0)
        {
            return Now;
        }
        return _heapCount > 0 ? _heap[0].Time : VirtualTime.Never;
    }

    /// <summary>Takes the event that <see cref="NextTime"/> spoke of and moves the present to it.</summary>
    public ScheduledEvent Take()
    {
        if (_ringCount == 0)
        {
            Now = _heap[0].Time;
            return PopHeap();
        }
        if (_heapCount > 0 && _heap[0].Time == Now && _heap[0].Sequence < _ring[_ringHead]!.Sequence)
        {
            return PopHeap();
        }
        return PopRing();
    }

    /// <summary>Moves the present forward; no event may lie before <paramref name="time"/>.</summary>
    public void AdvanceTo(long time) => Now = Math.Max(Now, time);

    private void PushRing(ScheduledEvent item)
    {
        if (_ringCount == _ring.Length)
        {
            var larger = new ScheduledEvent?[_ring.Length * 2];
            _ring.AsSpan(_ringHead).CopyTo(larger);
            _ring.AsSpan(0, _ringHead).CopyTo(larger.AsSpan(_ring.Length - _ringHead));
            (_ring, _ringHead) = (larger, 0);
        }
        _ring[(_ringHead + _ringCount++) & (_ring.Length - 1)] = item;
    }

    private ScheduledEvent PopRing()
    {
        var item = _ring[_ringHead]!;
        _ring[_ringHead] = null;
        _ringHead = (_ringHead + 1) & (_ring.Length - 1);
        _ringCount--;
        return item;
    }

    private void PushHeap(Entry entry)
    {
        if (_heapCount == _heap.Length)
        {
            MakeRoom();
        }
        SiftUp(_heap, _heapCount++, entry);
    }

    /// <summary>Drops cancelled events; the heap grows when that does not free half of it.</summary>
    private void MakeRoom()
    {
        var kept = 0;
        for (var i = 0; i < _heapCount; i++)
        {
            if (!_heap[i].Item.Cancelled)
            {
                SiftUp(_heap, kept++, _heap[i]);
            }
        }
        _heap.AsSpan(kept, _heapCount - kept).Clear();
        _heapCount = kept;
        if (kept > _heap.Length / 2)
        {
            Array.Resize(ref _heap, _heap.Length * 2);
        }
    }

    private static void SiftUp(Entry[] heap, int child, Entry entry)
    {
        while (child > 0)
        {
            var parent = (child - 1) / Arity;
            if (heap[parent].IsBefore(entry))
            {
                break;
            }
            heap[child] = heap[parent];
            child = parent;
        }
        heap[child] = entry;
    }

    private ScheduledEvent PopHeap()
    {
        var heap = _heap;
        var top = heap[0].Item;
        var count = --_heapCount;
        var last = heap[count];
        heap[count] = default;
        if (count > 0)
        {
            SiftDown(heap, count, last);
        }
        return top;
    }

    private static void SiftDown(Entry[] heap, int count, Entry entry)
    {
        var parent = 0;
        while (true)
        {
            var first = (parent * Arity) + 1;
            if (first >= count)
            {
                break;
            }
            var least = first;
            var end = Math.Min(first + Arity, count);
            for (var child = first + 1; child < end; child++)
            {
                if (heap[child].IsBefore(heap[least]))
                {
                    least = child;
                }
            }
            if (entry.IsBefore(heap[least]))
            {
                break;
            }
            heap[parent] = heap[least];
            parent = least;
        }
        heap[parent] = entry;
    }

    private readonly record struct Entry(long Time, long Sequence, ScheduledEvent Item)
    {
        public bool IsBefore(in Entry other) =>
            Time < other.Time || (Time == other.Time && Sequence < other.Sequence);
    }
}
