namespace OrleansEdge.Core.Data;

/// <summary>
/// Few labels per worker: the rows, shuffled and sorted by label, are cut into shards of equal length, and each
/// worker gets some of them at random (McMahan et al., AISTATS 2017, section 3, "pathological non-IID", with two
/// shards). Where there are too few examples for the shards asked, workers get fewer shards, one at least.
/// </summary>
public sealed class LabelPartitioner : Partitioner
{
    public const int DefaultShardsPerWorker = 2;

    private readonly int _shardsPerWorker;

    /// <param name="shardsPerWorker">From 1.</param>
    public LabelPartitioner(int shardsPerWorker = DefaultShardsPerWorker)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardsPerWorker, 1);
        _shardsPerWorker = shardsPerWorker;
    }

    public override string Name => _shardsPerWorker == DefaultShardsPerWorker ? "label" : $"label:{_shardsPerWorker}";

    private protected override int[][] Deal(ExampleSet examples, int workers, ulong seed)
    {
        var random = new RandomStream(seed, "partition/label");
        var rows = AllRows(examples);
        random.Shuffle<int>(rows);
        int[] sorted = [.. rows.OrderBy(examples.Label)];
        var perWorker = Math.Min(_shardsPerWorker, examples.Count / workers);
        var shards = Cut(sorted, workers * perWorker);
        random.Shuffle<int[]>(shards);
        return [.. shards.Chunk(perWorker).Select(own => own.SelectMany(shard => shard).ToArray())];
    }
}
