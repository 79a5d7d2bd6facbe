using OrleansEdge.Simulation.Clock;

namespace OrleansEdge.Simulation.Tracing;

/// <summary>
/// A running hash over everything that happens: time, kind, source, target, method, sequence and payload of every
/// event. Two runs with the same hash did the same in the same order.
/// </summary>
internal sealed class TraceHash(Action<TraceEvent>? sink)
{
    /// <summary>The hash so far.</summary>
    public ulong Value { get; private set; } = 0x8BB84B93962EACC9;

    public bool HasSink => sink is not null;

    /// <summary>Adds an event.</summary>
    /// <param name="payload">Hash of the content.</param>
    public void Add(
        TraceEventKind kind, long time, ulong source, ulong target, ulong method, long sequence, ulong payload)
    {
        var hash = StableHash.Mix(Value, (ulong)time);
        hash = StableHash.Mix(hash, source + (ulong)kind);
        hash = StableHash.Mix(hash, target ^ method);
        hash = StableHash.Mix(hash, (ulong)sequence);
        Value = StableHash.Mix(hash, payload);
    }

    /// <summary>Shows the event just added to the sink, where there is one.</summary>
    public void Show(
        TraceEventKind kind, long time, object source, object target, string method, long sequence, long bytes) =>
        sink?.Invoke(new TraceEvent(
            VirtualTime.ToTimeSpan(time), kind, $"{source}", $"{target}", method, sequence, bytes, Value));
}
