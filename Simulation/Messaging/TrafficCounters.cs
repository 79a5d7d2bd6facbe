namespace OrleansEdge.Simulation.Messaging;

/// <summary>Messages and bytes by grain method.</summary>
internal sealed class TrafficCounters
{
    private Counter?[] _counters = new Counter?[64];

    /// <summary>The counter of a method.</summary>
    public Counter Of(GrainMethod method)
    {
        if (method.Number < _counters.Length && _counters[method.Number] is { } counter)
        {
            return counter;
        }
        if (method.Number >= _counters.Length)
        {
            Array.Resize(ref _counters, method.Number + 1);
        }
        return _counters[method.Number] = new Counter(method);
    }

    /// <summary>Methods that were called, by name.</summary>
    public IReadOnlyList<MethodTraffic> Report() =>
        [.. _counters.OfType<Counter>().Select(counter => counter.Report()).OrderBy(row => row.Method, StringComparer.Ordinal)];

    internal sealed class Counter(GrainMethod method)
    {
        public long Requests;
        public long Replies;
        public long RequestBytes;
        public long ReplyBytes;
        public long RequestBytesBetweenNodes;
        public long ReplyBytesBetweenNodes;
        public long Timeouts;

        public MethodTraffic Report() => new(
            method.FullName, Requests, Replies, RequestBytes, ReplyBytes, RequestBytesBetweenNodes, ReplyBytesBetweenNodes,
            Timeouts);
    }
}
