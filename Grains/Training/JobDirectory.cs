using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>Keeps the names in storage, so that a restarted cluster goes on with its jobs.</summary>
public sealed class JobDirectory([PersistentState("running", "jobs")] IPersistentState<RunningJobs> stored) : IJobDirectory
{
    public Task Add(string job) => Write(names => names.Add(job));

    public Task Remove(string job) => Write(names => names.Remove(job));

    public Task<string[]> Running() => Task.FromResult(stored.State.Names.Order(StringComparer.Ordinal).ToArray());

    /// <summary>Changes the names and stores them; a change that cannot be stored is not made.</summary>
    private async Task Write(Func<HashSet<string>, bool> change)
    {
        var before = stored.State.Names.ToHashSet();
        if (!change(stored.State.Names))
        {
            return;
        }
        try
        {
            await stored.WriteStateAsync();
        }
        catch (Exception)
        {
            stored.State = new RunningJobs { Names = before };
            throw;
        }
    }
}

/// <summary>What the directory keeps.</summary>
[GenerateSerializer, Alias("oe.running-jobs")]
public sealed class RunningJobs
{
    [Id(0)] public HashSet<string> Names { get; set; } = [];
}
