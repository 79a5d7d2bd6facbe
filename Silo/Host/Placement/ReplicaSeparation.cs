using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Silo.Placement;

/// <summary>Keeps a shard and its replica on different silos: a replica that finds its shard beside it moves away.</summary>
internal sealed class ReplicaSeparation(
    LocalActivations local, IGrainFactory grains, ISiloStatusOracle membership) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Grain is ShardReplicaGrain && IsBesideItsShard(context.TargetContext.GrainId)
            && membership.GetApproximateSiloStatuses(onlyActive: true).Count > 1)
        {
            context.TargetContext.Migrate(null);
        }
    }

    /// <summary>Whether the shard of <paramref name="replica"/> is active on this silo.</summary>
    public bool IsBesideItsShard(GrainId replica) =>
        GrainKeys.ShardOf(replica.Key.ToString()!) is { } shard
        && local.Contains(grains.GetGrain<IParameterShard>(shard).GetGrainId());
}
