using Microsoft.Extensions.Logging;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace OrleansEdge.Silo.Placement;

/// <summary>Spreads a family's grains over the silos of their site, in proportion to capacity.</summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class SpreadPlacement : PlacementStrategy;

/// <summary>Places grains as <see cref="SpreadPolicy"/> says, and a replica away from its shard.</summary>
internal sealed class SpreadPlacementDirector(
    ISiloMetadataCache metadata, DrainState drain, LocalActivations local, IGrainFactory grains,
    ILogger<SpreadPlacementDirector> log)
    : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var compatible = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, compatible) is { } hint && !drain.Leaves(hint))
        {
            return Task.FromResult(hint);
        }
        var key = PlacementKey.Parse(target.GrainIdentity.Key.ToString()!);
        var candidates = OfSite(compatible, key);
        // A replica is placed for its shard, by the silo on which the shard is.
        var avoided = key.ShardKey is { } shard && local.Contains(Shard(shard)) ? context.LocalSilo : null;
        var free = candidates.Where(c => !c.Silo.Equals(avoided) && !drain.Leaves(c.Silo)).ToArray();
        return Task.FromResult(Choose(free.Length > 0 ? free : candidates, key).Silo);
    }

    private GrainId Shard(string shardKey) =>
        grains.GetGrain<OrleansEdge.Grains.Interfaces.Training.IParameterShard>(shardKey).GetGrainId();

    /// <summary>The silos of the key's site; all when it names none, or one without silos.</summary>
    private SiloTraits[] OfSite(SiloAddress[] compatible, PlacementKey key)
    {
        var all = compatible.Order().Select(silo => SiloTraits.Of(silo, metadata)).ToArray();
        if (key.Site is null)
        {
            return all;
        }
        var there = all.Where(silo => silo.Site == key.Site).ToArray();
        if (there.Length == 0)
        {
            log.LogWarning("no silo stands at site {Site}: {Family}/{Number} is placed elsewhere",
                key.Site, key.Family, key.Number);
            return all;
        }
        return there;
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
