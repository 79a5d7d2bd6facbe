using Orleans.Concurrency;

namespace OrleansEdge.Grains.Interfaces.Training;

/// <summary>The names of a cluster's jobs that have not ended. Key: <see cref="Key"/>.</summary>
[Alias("oe.job-directory")]
public interface IJobDirectory : IGrainWithStringKey
{
    /// <summary>The one directory.</summary>
    const string Key = "jobs";

    [Alias("add")]
    Task Add(string job);

    [Alias("remove")]
    Task Remove(string job);

    [Alias("running"), AlwaysInterleave]
    Task<string[]> Running();
}
