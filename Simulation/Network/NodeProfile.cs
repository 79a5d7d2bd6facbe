using OrleansEdge.Core;

namespace OrleansEdge.Simulation.Network;

/// <summary>What a node is to the cluster.</summary>
public enum NodeKind
{
    /// <summary>Hosts grains that are placed by the cluster.</summary>
    Silo = 0,

    /// <summary>Hosts only the grains that the placement pins to it: an edge device.</summary>
    Device = 1,
}

/// <summary>A time during which a node computes slower.</summary>
/// <param name="StartSeconds">Virtual time at which it begins, at least 0.</param>
/// <param name="DurationSeconds">How long it lasts, at least 0; may be infinite.</param>
/// <param name="Factor">The node's speed is multiplied by this, in (0, 1]. Overlapping slow-downs multiply.</param>
public readonly record struct SlowDown(double StartSeconds, double DurationSeconds, double Factor)
{
    internal void Validate(string owner)
    {
        Check.AtLeast(0, StartSeconds, owner, nameof(StartSeconds));
        Check.AtLeast(0, DurationSeconds, owner, nameof(DurationSeconds), orInfinite: true);
        Check.Factor(Factor, owner, nameof(Factor));
    }
}

/// <summary>A machine of the cluster.</summary>
public sealed record NodeProfile
{
    /// <summary>Unique name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is to the cluster.</summary>
    public NodeKind Kind { get; init; } = NodeKind.Silo;

    /// <summary>
    /// The node looks at the cluster from outside: its messages and those to it pass out of band, its computations take
    /// no virtual time, and a call of its grains wakes no grain: one to a grain that is not active is refused. What it
    /// observes therefore does not depend on whether it does.
    /// </summary>
    public bool IsObserver { get; init; }

    /// <summary>Class of device, such as "phone"; links can be given for a class.</summary>
    public string Class { get; init; } = "silo";

    /// <summary>Site that the node stands at; placement may look at it.</summary>
    public string Site { get; init; } = "";

    /// <summary>Floating-point operations per second of one core, above 0.</summary>
    public double FloatingPointOperationsPerSecond { get; init; } = 1e10;

    /// <summary>Computations that run at the same time, at least 1; further ones queue.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Share of the grains that hashing places on this silo, relative to the other silos; above 0.</summary>
    public double Capacity { get; init; } = 1;

    /// <summary>Rate at which the node sends, above 0; messages queue for it. Infinite: no queue.</summary>
    public double UplinkBytesPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>Rate at which the node receives, above 0; messages queue for it. Infinite: no queue.</summary>
    public double DownlinkBytesPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>The node's load over time.</summary>
    public IReadOnlyList<SlowDown> SlowDowns { get; init; } = [];

    /// <exception cref="OrleansEdgeException">A value is out of its range.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            throw OrleansEdgeException.Usage($"NodeProfile: {nameof(Name)} is empty; every node needs a name.");
        }
        var owner = $"node {Name}";
        Check.Above(0, FloatingPointOperationsPerSecond, owner, nameof(FloatingPointOperationsPerSecond));
        Check.AtLeast(1, Cores, owner, nameof(Cores));
        Check.Above(0, Capacity, owner, nameof(Capacity));
        Check.Above(0, UplinkBytesPerSecond, owner, nameof(UplinkBytesPerSecond), orInfinite: true);
        Check.Above(0, DownlinkBytesPerSecond, owner, nameof(DownlinkBytesPerSecond), orInfinite: true);
        foreach (var slowDown in SlowDowns)
        {
            slowDown.Validate(owner);
        }
    }
}
