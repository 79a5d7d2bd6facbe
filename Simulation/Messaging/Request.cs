using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Simulation.Messaging;

/// <summary>Something that an activation has to do as a request of its own: a call, or a later turn.</summary>
internal abstract class Request : Parcel
{
    /// <summary>The next request in the activation's line.</summary>
    public Request? NextWaiting;

    /// <summary>The activation that runs it, once it runs.</summary>
    public Activation? Runner;

    /// <summary>May run beside any other request.</summary>
    public abstract bool AlwaysInterleave { get; }

    /// <summary>May run beside other read-only requests.</summary>
    public abstract bool ReadOnly { get; }

    /// <summary>For messages about what an activation is doing.</summary>
    public abstract string Description { get; }

    /// <summary>Starts the work inside a turn; ends with <see cref="Activation.Finished"/>, at once or later.</summary>
    public abstract void Start(object grain);

    /// <summary>The activation could not be opened.</summary>
    public abstract void Refuse(Activation activation, Exception failure);
}
