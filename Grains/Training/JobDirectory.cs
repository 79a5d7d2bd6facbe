using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>Keeps the names in storage, so that a restarted cluster goes on with its jobs.</summary>
public sealed class JobDirectory([PersistentState("running", "jobs")] IPersistentState<RunningJobs> stored) : IJobDirectory
{
    private HashSet<string>? _names;
    private bool _mustRead;

    private HashSet<string> Names => _names ??= stored.State.Names;

    public Task Add(string job) => Write(names => names.Add(job));

    public Task Remove(string job) => Write(names => names.Remove(job));

    public Task<string[]> Running() => Task.FromResult(Names.Order(StringComparer.Ordinal).ToArray());

    /// <summary>Stores the changed names; whoever asks meanwhile, or after a failure, hears those before.</summary>
    private async Task Write(Func<HashSet<string>, bool> change)
    {
        if (_mustRead)
        {
            await stored.ReadStateAsync(); // the write that failed may have been done
            (_names, _mustRead) = (stored.State.Names, false);
        }
        var names = Names.ToHashSet();
        if (!change(names))
        {
            return;
        }
        (stored.State, _mustRead) = (new RunningJobs { Names = names }, true);
        await stored.WriteStateAsync();
        (_names, _mustRead) = (names, false);
    }
}

/// <summary>What the directory keeps.</summary>
[GenerateSerializer, Alias("oe.running-jobs")]
public sealed class RunningJobs
{
    [Id(0)] public HashSet<string> Names { get; set; } = [];
}
