using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>The keys of a job's grains.</summary>
public static class GrainKeys
{
    public static string Shard(string job, int shard) => $"{job}/shard/{shard}";

    /// <summary>The job of an evaluator's key.</summary>
    public static string JobOf(string evaluatorKey) => evaluatorKey[..evaluatorKey.LastIndexOf('/')];

    /// <summary>The replica of the shard with <paramref name="shardKey"/>.</summary>
    public static string ReplicaOf(string shardKey)
    {
        var slash = shardKey.LastIndexOf('/');
        return $"{shardKey[..shardKey.LastIndexOf('/', slash - 1)]}/replica/{shardKey[(slash + 1)..]}";
    }

    /// <summary>The shard of the replica with <paramref name="key"/>; null when it is no replica's.</summary>
    public static string? ShardOf(string key)
    {
        var slash = key.LastIndexOf('/');
        const string Replica = "/replica";
        return slash > 0 && key[..slash].EndsWith(Replica, StringComparison.Ordinal)
            ? $"{key[..(slash - Replica.Length)]}/shard/{key[(slash + 1)..]}"
            : null;
    }

    public static string Worker(TrainingJob job, int worker) => job.WorkerSites is { } sites
        ? $"{job.Name}/worker/{worker}@{sites.Of(worker)}"
        : $"{job.Name}/worker/{worker}";

    public static string Evaluator(string job) => $"{job}/evaluator";
}
