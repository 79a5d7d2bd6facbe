using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>What a placement decides about.</summary>
/// <param name="GrainClass">Class of the grain.</param>
/// <param name="Key">Key of the grain.</param>
/// <param name="Caller">Node that calls it.</param>
/// <param name="Nodes">All nodes by name.</param>
/// <param name="LivingSilos">The silos that are up, in the order of the options.</param>
public readonly record struct PlacementRequest(
    Type GrainClass,
    string Key,
    VirtualNode Caller,
    IReadOnlyDictionary<string, VirtualNode> Nodes,
    IReadOnlyList<VirtualNode> LivingSilos);

/// <summary>Decides on which node a grain is activated.</summary>
public interface IVirtualPlacement
{
    /// <summary>
    /// The node; null when there is none. A node that is down may be answered: calls then fail until it is back. Equal
    /// requests, made in an equal order of nodes in an equal state, must get equal answers.
    /// </summary>
    VirtualNode? Place(in PlacementRequest request);

    /// <summary>What a grain adds to the <see cref="VirtualNode.PlacedLoad"/> of its node, at least 0.</summary>
    long LoadOf(Type grainClass, string key) => 1;
}

/// <summary>
/// Weighted rendezvous hashing over the living silos: when a silo comes or goes, only its own grains move.
/// </summary>
public sealed class HashPlacement : IVirtualPlacement
{
    /// <inheritdoc/>
    public VirtualNode? Place(in PlacementRequest request)
    {
        if (request.LivingSilos.Count == 1)
        {
            return request.LivingSilos[0];
        }
        var key = StableHash.Mix(StableHash.Of(request.Key), StableHash.Of(request.GrainClass.Name));
        VirtualNode? best = null;
        var bestScore = double.NegativeInfinity;
        foreach (var silo in request.LivingSilos)
        {
            // -capacity / ln(u): Schindelhauer and Schomaker, Weighted distributed hash tables, 2005.
            var uniform = ((StableHash.Mix(key, silo.Identity) >> 11) + 0.5) / (1UL << 53);
            var score = -silo.Profile.Capacity / Math.Log(uniform);
            if (score > bestScore)
            {
                (best, bestScore) = (silo, score);
            }
        }
        return best;
    }
}

/// <summary>Pins some grains to nodes and leaves the others to another placement.</summary>
/// <param name="nodeOf">Name of the node for a grain class and key; null for grains that are not pinned.</param>
/// <param name="others">Places the rest; hashing when null.</param>
public sealed class PinnedPlacement(Func<Type, string, string?> nodeOf, IVirtualPlacement? others = null) : IVirtualPlacement
{
    private readonly IVirtualPlacement _others = others ?? new HashPlacement();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no node of the name.</exception>
    public VirtualNode? Place(in PlacementRequest request)
    {
        if (nodeOf(request.GrainClass, request.Key) is not { } name)
        {
            return _others.Place(request);
        }
        return request.Nodes.TryGetValue(name, out var node) ? node : throw new InvalidOperationException(
            $"{request.GrainClass.Name} {request.Key} is pinned to node {name}, which the cluster does not have.");
    }

    /// <inheritdoc/>
    public long LoadOf(Type grainClass, string key) => _others.LoadOf(grainClass, key);
}
