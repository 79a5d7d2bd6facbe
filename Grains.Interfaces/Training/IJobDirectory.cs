using Orleans.Concurrency;

namespace OrleansEdge.Grains.Interfaces.Training;

/// <summary>
/// The names of a cluster's jobs that have not ended. Key: <see cref="Key"/>, for games <see cref="GamesKey"/>.
/// </summary>
[Alias("oe.job-directory")]
public interface IJobDirectory : IGrainWithStringKey
{
    /// <summary>The directory of training jobs.</summary>
    const string Key = "jobs";

    /// <summary>The directory of offloading games.</summary>
    const string GamesKey = "games";

    [Alias("add")]
    Task Add(string job);

    [Alias("remove")]
    Task Remove(string job);

    [Alias("running"), AlwaysInterleave]
    Task<string[]> Running();
}
