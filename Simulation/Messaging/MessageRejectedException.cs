using Orleans.Runtime;

namespace OrleansEdge.Simulation.Messaging;

/// <summary>
/// A call was refused because its node is known to be down. As with a timeout, whether the grain acted is unknown.
/// </summary>
public sealed class MessageRejectedException(string message) : OrleansException(message);
