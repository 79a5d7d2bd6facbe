using System.Collections.Concurrent;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Silo.Placement;

/// <summary>
/// Keeps a shard and its replica on different silos: a replica that has had its shard beside it for a while moves away.
/// At once would be too early when the silo that it would move to is about to stop and has just sent it here.
/// </summary>
internal sealed class ReplicaSeparation(
    LocalActivations local, IGrainFactory grains, ISiloStatusOracle membership, TimeProvider clock) : IIncomingGrainCallFilter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<GrainId, long> _together = new();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Grain is not ShardReplicaGrain)
        {
            return;
        }
        var replica = context.TargetContext.GrainId;
        if (!IsBesideItsShard(replica) || membership.GetApproximateSiloStatuses(onlyActive: true).Count <= 1)
        {
            _together.TryRemove(replica, out _);
        }
        else if (clock.GetElapsedTime(_together.GetOrAdd(replica, _ => clock.GetTimestamp())) >= Patience)
        {
            _together.TryRemove(replica, out _);
            context.TargetContext.Migrate(null);
        }
    }

    /// <summary>Whether the shard of <paramref name="replica"/> is active on this silo.</summary>
    public bool IsBesideItsShard(GrainId replica) =>
        GrainKeys.ShardOf(replica.Key.ToString()!) is { } shard
        && local.Contains(grains.GetGrain<IParameterShard>(shard).GetGrainId());
}
