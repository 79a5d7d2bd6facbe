namespace OrleansEdge.Core.ParameterServer.UpdateRules;

/// <summary>
/// w - alpha g, with alpha divided by max(1, staleness of the update) when asked: the rate of asynchronous SGD in
/// the AdaComp paper's baselines ASGD and Comp-ASGD (W. Zhang et al., arXiv 1511.05950).
/// </summary>
public sealed class GradientDescentRule(string name, LearningRate learningRate, bool dividesByStaleness) : IUpdateRule
{
    private float[] _scratch = [];

    public string Name { get; } = name;

    public long MaxStaleness => long.MaxValue;

    public long MemoryBytes => 0;

    public int StateLength => 0;

    public void PullBegan(long clock)
    {
    }

    public void PullEnded(long clock)
    {
    }

    public bool TryApply(ShardValues values, ReadOnlySpan<float> gradient, long clock, long pulledAt)
    {
        if (!ShardKernels.TrySubtractScaled(values.Current, gradient, Rate(clock, pulledAt), values.Next))
        {
            return false;
        }
        values.Commit();
        return true;
    }

    public bool TryApply(
        ShardValues values, ReadOnlySpan<int> positions, ReadOnlySpan<float> gradient, long clock, long pulledAt)
    {
        var current = values.Current;
        var rate = Rate(clock, pulledAt);
        var updated = ShardKernels.Scratch(ref _scratch, positions.Length);
        for (var i = 0; i < updated.Length; i++)
        {
            updated[i] = float.FusedMultiplyAdd(-rate, gradient[i], current[positions[i]]);
        }
        return ShardKernels.TryScatter(updated, positions, current);
    }

    public void WriteState(Span<byte> destination)
    {
    }

    public void ReadState(ReadOnlySpan<byte> source) => ShardKernels.RequireStateLength(Name, 0, source.Length);

    private float Rate(long clock, long pulledAt) =>
        dividesByStaleness ? learningRate.At(clock) / Math.Max(1, clock - pulledAt) : learningRate.At(clock);
}
