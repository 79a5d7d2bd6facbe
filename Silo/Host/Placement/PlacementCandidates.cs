using Microsoft.Extensions.Logging;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Silo.Placement;

/// <summary>
/// The silos that a grain may be placed on: those of its site, not one that is about to stop, not that of its shard.
/// </summary>
internal sealed class PlacementCandidates(
    ISiloMetadataCache metadata, DrainState drain, LocalActivations local, IGrainFactory grains,
    ILogger<PlacementCandidates> log)
{
    /// <summary>Key of the request context under which a silo is named that the grain had better not go to.</summary>
    public const string AvoidedKey = "oe.avoided";

    /// <summary>
    /// The silo that who moves the grain has chosen; null when it is to be chosen, or when that silo is to be avoided.
    /// </summary>
    public SiloAddress? Hint(PlacementKey key, PlacementTarget target, IPlacementContext context) =>
        IPlacementDirector.GetPlacementHint(target.RequestContextData, context.GetCompatibleSilos(target)) is { } hint
            && !drain.Leaves(hint) && !hint.Equals(Avoided(key, target, context)) ? hint : null;

    /// <returns>In the order of their addresses; at least one.</returns>
    public SiloTraits[] Of(PlacementKey key, PlacementTarget target, IPlacementContext context)
    {
        var candidates = OfSite(context.GetCompatibleSilos(target), key);
        var avoided = Avoided(key, target, context);
        var free = candidates.Where(c => !c.Silo.Equals(avoided) && !drain.Leaves(c.Silo)).ToArray();
        return free.Length > 0 ? free : candidates;
    }

    /// <summary>The silo on which a replica's shard is: the one that places it, unless another is named.</summary>
    private SiloAddress? Avoided(PlacementKey key, PlacementTarget target, IPlacementContext context) =>
        target.RequestContextData?.GetValueOrDefault(AvoidedKey) as SiloAddress
            ?? (key.ShardKey is { } shard && local.Contains(ShardId(shard)) ? context.LocalSilo : null);

    private GrainId ShardId(string shardKey) => grains.GetGrain<IParameterShard>(shardKey).GetGrainId();

    /// <summary>The silos of the key's site; all when it names none, or one without silos.</summary>
    private SiloTraits[] OfSite(SiloAddress[] compatible, PlacementKey key)
    {
        var all = compatible.Order().Select(silo => SiloTraits.Of(silo, metadata)).ToArray();
        var there = all.Where(silo => key.Site is null || silo.Site == key.Site).ToArray();
        if (there.Length > 0)
        {
            return there;
        }
        log.LogWarning(
            "no silo stands at site {Site}: {Family}/{Number} is placed elsewhere", key.Site, key.Family, key.Number);
        return all;
    }
}
