using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Compute;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Network;

/// <summary>A node of a running cluster.</summary>
public sealed class VirtualNode
{
    internal VirtualNode(NodeProfile profile, int index)
    {
        Profile = profile;
        Index = index;
        Identity = StableHash.Of(profile.Name);
        Processor = new Processor(profile);
    }

    /// <summary>What the node is.</summary>
    public NodeProfile Profile { get; }

    /// <summary>The node's name.</summary>
    public string Name => Profile.Name;

    /// <summary>Position among the cluster's nodes; the client's node is the last.</summary>
    public int Index { get; }

    /// <summary>The node runs.</summary>
    public bool IsUp { get; internal set; } = true;

    /// <summary>Activations that live on the node now.</summary>
    public int ActivationCount { get; internal set; }

    /// <summary>Loads of the grains placed on the node, active or not, as their placement rates them.</summary>
    public long PlacedLoad { get; internal set; }

    /// <summary>Encoded bytes sent to other nodes, envelopes included, lost ones too.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Encoded bytes received from other nodes, envelopes included.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Virtual seconds that the node's cores have been given to compute, summed over cores.</summary>
    public double ComputeSeconds => VirtualTime.ToSeconds(Processor.BusyNanoseconds);

    internal ulong Identity { get; }

    /// <summary>Lives that the node has had; a message for an earlier life is lost.</summary>
    internal int Life { get; set; }

    internal Processor Processor { get; }

    /// <summary>Grains placed here, active or not.</summary>
    internal List<GrainEntry> Entries { get; } = [];

    internal long UplinkFreeAt { get; set; }

    internal long DownlinkFreeAt { get; set; }

    internal Dictionary<int, Link> Links { get; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
