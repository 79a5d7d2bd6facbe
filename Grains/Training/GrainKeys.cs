namespace OrleansEdge.Grains.Training;

/// <summary>The keys of a job's grains.</summary>
public static class GrainKeys
{
    public static string Shard(string job, int shard) => $"{job}/shard/{shard}";

    public static string Worker(string job, int worker) => $"{job}/worker/{worker}";

    public static string Evaluator(string job) => $"{job}/evaluator";
}
