using OrleansEdge.Core;
using OrleansEdge.Core.Games.Placement;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>
/// Places grains by a policy, such as best response against the grains that each living silo has already: silos are
/// the congested resources, their <see cref="NodeProfile.Capacity"/> is the policy's capacity.
/// </summary>
/// <param name="policy">Decides.</param>
/// <param name="seed">Decides the policy's random numbers.</param>
/// <param name="loadOf">Load of a grain by class and key, at least 0; 1 for all when null.</param>
public sealed class PolicyPlacement(IPlacementPolicy policy, ulong seed, Func<Type, string, long>? loadOf = null)
    : IVirtualPlacement
{
    private RandomStream _random = new(seed, "placement.virtual");

    /// <inheritdoc/>
    public VirtualNode? Place(in PlacementRequest request)
    {
        if (request.LivingSilos.Count == 0)
        {
            return null;
        }
        // The grains of a silo stand as one activation: a newcomer sees no more of them than their sum.
        var cluster = new SiloCluster(
            request.LivingSilos.Select(silo => silo.Profile.Capacity),
            request.LivingSilos.Select((silo, i) => new Core.Games.Placement.Activation(silo.PlacedLoad, 0, i)));
        return request.LivingSilos[policy.Place(cluster, LoadOf(request.GrainClass, request.Key), ref _random)];
    }

    /// <inheritdoc/>
    public long LoadOf(Type grainClass, string key) => loadOf?.Invoke(grainClass, key) ?? 1;
}
