using Orleans.Runtime.Placement;

namespace OrleansEdge.Silo.Placement;

/// <summary>Spreads a family's grains over the silos of their site, in proportion to capacity.</summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class SpreadPlacement : PlacementStrategy;

/// <summary>Places grains as <see cref="SpreadPolicy"/> says, and a replica away from its shard.</summary>
internal sealed class SpreadPlacementDirector(PlacementCandidates candidates) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = PlacementKey.Parse(target.GrainIdentity.Key.ToString()!);
        if (candidates.Hint(key, target, context) is { } hint)
        {
            return Task.FromResult(hint);
        }
        return Task.FromResult(Choose(candidates.Of(key, target, context), key).Silo);
    }

    private static SiloTraits Choose(SiloTraits[] silos, PlacementKey key)
    {
        var start = (SpreadPolicy.NumberOf(key.Family) + key.Shift) % silos.Length; // families start at different silos
        var rotated = new SiloTraits[silos.Length];
        for (var i = 0; i < silos.Length; i++)
        {
            rotated[i] = silos[(start + i) % silos.Length];
        }
        return rotated[SpreadPolicy.Choose([.. rotated.Select(silo => silo.Capacity)], key.Number)];
    }
}
