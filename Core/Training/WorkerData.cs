using System.Collections.Concurrent;
using OrleansEdge.Core.Data;
using Partitioner = OrleansEdge.Core.Data.Partitioner;

namespace OrleansEdge.Core.Training;

/// <summary>
/// The examples of a job and which of them each worker holds; dealt out once per process. Safe for many threads.
/// </summary>
public sealed class WorkerData(DataCatalog catalog)
{
    private readonly ConcurrentDictionary<(string, int, string, int, ulong), Lazy<int[][]>> _rows = new();

    /// <summary>The training and test examples; see <see cref="DataCatalog.Open"/>.</summary>
    public TrainTestPair Open(string data, int trainExamples) => catalog.Open(data, trainExamples);

    /// <summary>The training examples of one worker; see <see cref="Partitioner"/>.</summary>
    public int[] Rows(string data, int trainExamples, string partition, int workers, ulong seed, int worker) =>
        _rows.GetOrAdd((data, trainExamples, partition, workers, seed), _ => new Lazy<int[][]>(() =>
            Partitioner.Parse(partition).Partition(catalog.Open(data, trainExamples).Train, workers, seed))).Value[worker];
}
