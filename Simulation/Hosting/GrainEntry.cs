using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>A grain that somebody knows: its identity, and where it is now.</summary>
internal sealed class GrainEntry(GrainClass grainClass, string key)
{
    public GrainClass Class { get; } = grainClass;

    public string Key { get; } = key;

    /// <summary>Stable identity in the trace.</summary>
    public ulong Identity { get; } = StableHash.Mix(grainClass.Identity, StableHash.Of(key));

    /// <summary>Where calls to it go; null when it has no place.</summary>
    public VirtualNode? Node { get; set; }

    /// <summary>Position in the node's list.</summary>
    public int IndexOnNode { get; set; }

    public Activation? Activation { get; set; }

    /// <summary>What it adds to the load of its node.</summary>
    public long Load { get; set; }

    /// <summary>Requests that arrived since the last rebalancing.</summary>
    public long Requests { get; set; }

    public override string ToString() => $"{Class.Type.Name} {Key}";
}
