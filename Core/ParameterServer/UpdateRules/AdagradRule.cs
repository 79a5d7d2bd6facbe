using OrleansEdge.Core.Compression;

namespace OrleansEdge.Core.ParameterServer.UpdateRules;

/// <summary>
/// Adagrad on the shard, as Downpour SGD uses it (Dean et al. 2012, section 4.1): eta_i = gamma / sqrt(sum over the
/// updates of g_i^2 + epsilon), the present update included. The sums are part of the shard's state.
/// </summary>
public sealed class AdagradRule(int length, LearningRate gamma) : IUpdateRule
{
    /// <summary>epsilon; it keeps the rate finite where no gradient was ever seen.</summary>
    public const float Epsilon = 1e-8f;

    private readonly float[] _squareSums = new float[length];
    private float[] _scratch = [];

    public string Name => UpdateRule.Adagrad;

    public long MaxStaleness => long.MaxValue;

    public long MemoryBytes => StateLength;

    public int StateLength => length * sizeof(float);

    public void PullBegan(long clock)
    {
    }

    public void PullEnded(long clock)
    {
    }

    public bool TryApply(ShardValues values, ReadOnlySpan<float> gradient, long clock, long pulledAt)
    {
        var next = values.Next;
        if (!AdagradKernel.TryStep(values.Current, _squareSums, gradient, gamma.At(clock), next))
        {
            return false;
        }
        AdagradKernel.AccumulateSquares(gradient, _squareSums);
        values.Commit();
        return true;
    }

    public bool TryApply(
        ShardValues values, ReadOnlySpan<int> positions, ReadOnlySpan<float> gradient, long clock, long pulledAt)
    {
        var current = values.Current;
        var rate = gamma.At(clock);
        var updated = ShardKernels.Scratch(ref _scratch, positions.Length);
        for (var i = 0; i < updated.Length; i++)
        {
            var k = positions[i];
            var sum = AdagradKernel.AddSquare(_squareSums[k], gradient[i]);
            updated[i] = AdagradKernel.Step(current[k], sum, gradient[i], rate);
        }
        if (!ShardKernels.TryScatter(updated, positions, current))
        {
            return false;
        }
        for (var i = 0; i < positions.Length; i++)
        {
            ref var sum = ref _squareSums[positions[i]];
            sum = AdagradKernel.AddSquare(sum, gradient[i]);
        }
        return true;
    }

    public void WriteState(Span<byte> destination) => DenseCodec.Encode(_squareSums, destination);

    public void ReadState(ReadOnlySpan<byte> source)
    {
        ShardKernels.RequireStateLength(Name, StateLength, source.Length);
        DenseCodec.Decode(source, _squareSums);
        var negative = _squareSums.AsSpan().IndexOfAnyInRange(float.MinValue, -float.Epsilon);
        if (negative >= 0)
        {
            throw OrleansEdgeException.WrongData(
                $"shard state: Adagrad sum {negative} is negative; expected a sum of squares");
        }
    }
}
