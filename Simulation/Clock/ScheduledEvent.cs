namespace OrleansEdge.Simulation.Clock;

/// <summary>Something that happens at a virtual time. An event is in the queue at most once at a time.</summary>
internal abstract class ScheduledEvent
{
    /// <summary>When it happens, in nanoseconds.</summary>
    public long Time;

    /// <summary>Order among the events of the same time.</summary>
    public long Sequence;

    /// <summary>A cancelled event is dropped when its time comes, as if it had never been.</summary>
    public bool Cancelled;

    public abstract void Fire();
}

/// <summary>An event that runs a delegate; for rare events.</summary>
internal sealed class ActionEvent(Action action) : ScheduledEvent
{
    public override void Fire() => action();
}
