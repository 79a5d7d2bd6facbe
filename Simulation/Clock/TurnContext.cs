using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Simulation.Clock;

/// <summary>
/// Where code of the cluster runs: an activation or the external client. It is the synchronisation context of that
/// code, so that everything after an await is a turn on the event loop again.
/// </summary>
internal abstract class TurnContext(EventLoop loop, VirtualNode node) : SynchronizationContext
{
    public EventLoop Loop { get; } = loop;

    public VirtualNode Node { get; } = node;

    /// <summary>
    /// Set when the node crashed or the activation was deactivated: whatever it still would do is dropped.
    /// </summary>
    public bool IsDead { get; set; }

    /// <summary>Stable identity in the trace.</summary>
    public abstract ulong Identity { get; }

    public override void Post(SendOrPostCallback d, object? state) => Loop.Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A grain's context takes no synchronous work; await instead.");

    public override SynchronizationContext CreateCopy() => this;
}
