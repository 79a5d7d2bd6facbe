namespace OrleansEdge.Simulation.Messaging;

/// <summary>
/// What the calls of one grain method carried. Bytes are encoded bytes with envelopes, between nodes and within them
/// alike; those between nodes are counted once more by themselves.
/// </summary>
/// <param name="Method">"IInterface.Method".</param>
/// <param name="Requests">Requests sent.</param>
/// <param name="Replies">Replies sent.</param>
/// <param name="RequestBytes">Their encoded bytes.</param>
/// <param name="ReplyBytes">Their encoded bytes.</param>
/// <param name="RequestBytesBetweenNodes">Encoded bytes of the requests that left their node.</param>
/// <param name="ReplyBytesBetweenNodes">Encoded bytes of the replies that left their node.</param>
/// <param name="Timeouts">Calls that ended by timeout.</param>
public sealed record MethodTraffic(
    string Method,
    long Requests,
    long Replies,
    long RequestBytes,
    long ReplyBytes,
    long RequestBytesBetweenNodes,
    long ReplyBytesBetweenNodes,
    long Timeouts);

/// <summary>What one path carried in one direction.</summary>
/// <param name="From">Name of the sending node.</param>
/// <param name="To">Name of the receiving node.</param>
/// <param name="Messages">Messages sent, lost ones too.</param>
/// <param name="Bytes">Their encoded bytes, envelopes included.</param>
/// <param name="LostMessages">Messages lost by the path or by a partition.</param>
public sealed record LinkTraffic(string From, string To, long Messages, long Bytes, long LostMessages);
