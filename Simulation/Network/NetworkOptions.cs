using OrleansEdge.Core;

namespace OrleansEdge.Simulation.Network;

/// <summary>The network of a cluster.</summary>
public sealed record NetworkOptions
{
    /// <summary>Paths by pattern; the first that matches a pair of nodes holds.</summary>
    public IReadOnlyList<LinkProfile> Links { get; init; } = [];

    /// <summary>Pairs that no profile matches.</summary>
    public LinkProfile DefaultLink { get; init; } = LinkProfile.Ideal;

    /// <summary>The client's own node: its rates and its class. Its links match the class "client".</summary>
    public NodeProfile ClientNode { get; init; } = new() { Name = "client", Kind = NodeKind.Device, Class = "client" };

    /// <summary>
    /// Bytes of headers that every message carries beyond its arguments or result, at least 0. Addresses, correlation
    /// number and frame of an Orleans message come to about this much.
    /// </summary>
    public int EnvelopeBytes { get; init; } = 64;

    /// <exception cref="OrleansEdgeException">A value is out of its range.</exception>
    public void Validate()
    {
        Check.AtLeast(0, EnvelopeBytes, nameof(NetworkOptions), nameof(EnvelopeBytes));
        DefaultLink.Validate();
        ClientNode.Validate();
        foreach (var link in Links)
        {
            link.Validate();
        }
    }
}
