namespace OrleansEdge.Core.Data;

/// <summary>
/// Independent, identically distributed parts: shuffled rows in pieces whose lengths differ by at most one.
/// </summary>
public sealed class EqualPartitioner : Partitioner
{
    public override string Name => "equal";

    private protected override int[][] Deal(ExampleSet examples, int workers, ulong seed)
    {
        var rows = AllRows(examples);
        new RandomStream(seed, "partition/equal").Shuffle<int>(rows);
        return Cut(rows, workers);
    }
}

/// <summary>
/// Rows as they lie in the file, in pieces whose lengths differ by at most one (AdaComp's own split).
/// </summary>
public sealed class ContiguousPartitioner : Partitioner
{
    public override string Name => "contiguous";

    private protected override int[][] Deal(ExampleSet examples, int workers, ulong seed) =>
        Cut(AllRows(examples), workers);
}
