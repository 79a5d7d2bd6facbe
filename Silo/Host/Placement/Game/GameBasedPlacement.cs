using OrleansEdge.Core;
using OrleansEdge.Core.Games.Placement;
using Orleans.Runtime.Placement;

namespace OrleansEdge.Silo.Placement.Game;

/// <summary>Silos are congested resources and activations players: each goes where it is least congested.</summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class GameBasedPlacement : PlacementStrategy;

/// <summary>Places a new activation by its best response to the loads that were reported last.</summary>
internal sealed class GamePlacementDirector(PlacementCandidates candidates, ClusterLoads loads) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = PlacementKey.Parse(target.GrainIdentity.Key.ToString()!);
        if (candidates.Hint(key, target, context) is { } hint)
        {
            return Task.FromResult(hint);
        }
        return Task.FromResult(loads.Place(candidates.Of(key, target, context)));
    }
}

/// <summary>
/// The loads of the silos as far as this one knows: those reported last, and what it has placed since.
/// </summary>
internal sealed class ClusterLoads
{
    private readonly GamePlacement _policy = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, long> _loads = [];
    private long _meanLoad = ActivationLoad.Idle;

    /// <summary>Takes up what the ledger knows.</summary>
    public void Update(LedgerAnswer answer)
    {
        lock (_lock)
        {
            _meanLoad = answer.MeanLoad;
            _loads.Clear();
            foreach (var (silo, load) in answer.Loads)
            {
                _loads[silo] = load;
            }
        }
    }

    /// <summary>The silo for an activation of mean load, which counts there from now on.</summary>
    public SiloAddress Place(SiloTraits[] silos)
    {
        lock (_lock)
        {
            var cluster = new SiloCluster(
                silos.Select(silo => silo.Capacity),
                silos.Select((silo, i) => new Activation(_loads.GetValueOrDefault(silo.Silo), 0, i)));
            var random = new RandomStream(0, "placement");
            var chosen = silos[_policy.Place(cluster, _meanLoad, ref random)].Silo;
            _loads[chosen] = _loads.GetValueOrDefault(chosen) + _meanLoad;
            return chosen;
        }
    }
}
