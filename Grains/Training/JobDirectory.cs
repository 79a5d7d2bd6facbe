using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>Keeps the names in storage, so that a restarted cluster goes on with its jobs.</summary>
public sealed class JobDirectory([PersistentState("running", "jobs")] IPersistentState<RunningJobs> stored) : IJobDirectory
{
    public Task Add(string job) => stored.State.Names.Add(job) ? stored.WriteStateAsync() : Task.CompletedTask;

    public Task Remove(string job) => stored.State.Names.Remove(job) ? stored.WriteStateAsync() : Task.CompletedTask;

    public Task<string[]> Running() => Task.FromResult(stored.State.Names.Order(StringComparer.Ordinal).ToArray());
}

/// <summary>What the directory keeps.</summary>
[GenerateSerializer, Alias("oe.running-jobs")]
public sealed class RunningJobs
{
    [Id(0)] public HashSet<string> Names { get; set; } = [];
}
