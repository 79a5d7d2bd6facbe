namespace OrleansEdge.Simulation.Tracing;

/// <summary>What happened in a <see cref="TraceEvent"/>.</summary>
public enum TraceEventKind
{
    /// <summary>A request reached its grain.</summary>
    Request = 1,

    /// <summary>A reply reached its caller.</summary>
    Reply = 2,

    /// <summary>A turn asked of <c>ITurns</c> is due.</summary>
    Timer = 3,

    /// <summary>A computation ended.</summary>
    Computation = 4,

    /// <summary>A call got no reply in time.</summary>
    Timeout = 5,

    /// <summary>A message was lost: by the link, by a partition, by a crash.</summary>
    Lost = 6,

    /// <summary>A call was refused because its node is down.</summary>
    Rejected = 7,

    /// <summary>A state was written, cleared or read.</summary>
    Storage = 8,

    /// <summary>A node crashed.</summary>
    Crash = 9,

    /// <summary>A node came back.</summary>
    Restart = 10,
}

/// <summary>One line of the trace.</summary>
/// <param name="Time">Virtual time since the start.</param>
/// <param name="Source">Who sent it: a grain, a node or the client.</param>
/// <param name="Target">Whom it reached.</param>
/// <param name="Method">"IInterface.Method", or what else tells the event apart; may be empty.</param>
/// <param name="Sequence">Position among all events ever scheduled.</param>
/// <param name="Bytes">Encoded size, envelope included; 0 when no message.</param>
/// <param name="HashAfter">The trace hash with this event in it.</param>
public readonly record struct TraceEvent(
    TimeSpan Time,
    TraceEventKind Kind,
    string Source,
    string Target,
    string Method,
    long Sequence,
    long Bytes,
    ulong HashAfter);
