using OrleansEdge.Simulation.Clock;

namespace OrleansEdge.Simulation.Network;

/// <summary>A message on its way.</summary>
internal abstract class Parcel : ScheduledEvent
{
    /// <summary>Encoded size, envelope included.</summary>
    public long WireBytes;

    /// <summary>
    /// When the last byte arrives at the receiver's downlink; set while <see cref="IsAtReceiver"/> is false.
    /// </summary>
    public long LastByteAt;

    /// <summary>False while the message still has to pass the receiver's downlink.</summary>
    public bool IsAtReceiver;
}
