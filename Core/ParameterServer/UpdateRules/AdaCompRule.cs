namespace OrleansEdge.Core.ParameterServer.UpdateRules;

/// <summary>
/// AdaComp (Hardy, Le Merrer, Sericola 2017, equations 3 to 5): w_k - alpha / max(1, sigma_k) g_k, where sigma_k
/// counts the updates that touched parameter k between the pull that g was computed from and this push. A zero
/// entry touches nothing.
/// </summary>
/// <remarks>
/// The parameters are cut into as many parts as a window of <see cref="TouchHistory"/> has updates, and the windows
/// of the parts end one after the other, so that the work of ending a window is the same at every push.
/// </remarks>
public sealed class AdaCompRule : IUpdateRule
{
    private readonly LearningRate _learningRate;
    private readonly KeyRange[] _parts;
    private readonly TouchHistory[] _histories;
    private float[] _scratch = [];

    /// <param name="length">Parameters of the shard.</param>
    /// <param name="learningRate">The rate alpha.</param>
    /// <param name="clock">The clock to begin at.</param>
    public AdaCompRule(int length, LearningRate learningRate, long clock = 0)
    {
        _learningRate = learningRate;
        _parts = KeyRange.Split(length, Math.Min(length, TouchHistory.WindowLength));
        var words = new uint[length];
        _histories = [.. _parts.Select((part, phase) =>
            new TouchHistory(words.AsMemory(part.Start, part.Length), phase, clock))];
    }

    public string Name => UpdateRule.AdaComp;

    public long MaxStaleness => TouchHistory.MaxStaleness;

    public long MemoryBytes => _histories.Sum(history => history.MemoryBytes);

    public int StateLength => 0;

    public void PullBegan(long clock)
    {
        foreach (var history in _histories)
        {
            history.PullBegan();
        }
    }

    public void PullEnded(long clock)
    {
        foreach (var history in _histories)
        {
            history.PullEnded(clock);
        }
    }

    public bool TryApply(ShardValues values, ReadOnlySpan<float> gradient, long clock, long pulledAt)
    {
        var next = values.Next;
        var rate = _learningRate.At(clock);
        for (var p = 0; p < _parts.Length; p++)
        {
            var part = _parts[p];
            var present = _histories[p].Words;
            var kept = _histories[p].WordsAt(pulledAt, out var since);
            for (var i = 0; i < present.Length; i++)
            {
                var staleness = kept.IsEmpty
                    ? TouchHistory.Staleness(present[i], since)
                    : TouchHistory.Staleness(present[i], kept[i], since);
                var k = part.Start + i;
                next[k] = Step(values.Current[k], gradient[k], staleness, rate);
            }
        }
        if (!Compression.FiniteCheck.AllFinite(next))
        {
            return false;
        }
        for (var p = 0; p < _parts.Length; p++)
        {
            var touch = _histories[p].Touch(clock);
            var present = _histories[p].Words;
            for (var i = 0; i < present.Length; i++)
            {
                present[i] += gradient[_parts[p].Start + i] != 0 ? touch : 0;
            }
            _histories[p].Advance(clock + 1);
        }
        values.Commit();
        return true;
    }

    public bool TryApply(
        ShardValues values, ReadOnlySpan<int> positions, ReadOnlySpan<float> gradient, long clock, long pulledAt)
    {
        var updated = ShardKernels.Scratch(ref _scratch, positions.Length);
        var rate = _learningRate.At(clock);
        var (first, end) = (0, AnnounceReads(0, positions, 0, pulledAt));
        for (var p = 0; p < _parts.Length; p++)
        {
            var endOfNext = AnnounceReads(p + 1, positions, end, pulledAt);
            Compute(
                p, positions[first..end], gradient[first..end], values.Current, pulledAt, rate, updated[first..end]);
            (first, end) = (end, endOfNext);
        }
        if (!ShardKernels.TryScatter(updated, positions, values.Current))
        {
            return false;
        }
        Touch(positions, gradient, clock);
        return true;
    }

    public void WriteState(Span<byte> destination)
    {
    }

    public void ReadState(ReadOnlySpan<byte> source) => ShardKernels.RequireStateLength(Name, 0, source.Length);

    // The kept words are the one thing here that is seldom in a cache. Returns where the entries of a part end.
    private int AnnounceReads(int p, ReadOnlySpan<int> positions, int first, long pulledAt)
    {
        if (p == _parts.Length)
        {
            return first;
        }
        var part = _parts[p];
        var kept = _histories[p].WordsAt(pulledAt, out _);
        for (; first < positions.Length && positions[first] < part.End; first++)
        {
            if (!kept.IsEmpty)
            {
                CacheHint.WillRead(in kept[positions[first] - part.Start]);
            }
        }
        return first;
    }

    private void Compute(
        int p,
        ReadOnlySpan<int> positions,
        ReadOnlySpan<float> gradient,
        ReadOnlySpan<float> values,
        long pulledAt,
        float rate,
        Span<float> updated)
    {
        var part = _parts[p];
        var present = _histories[p].Words;
        var kept = _histories[p].WordsAt(pulledAt, out var since);
        for (var i = 0; i < positions.Length; i++)
        {
            var k = positions[i] - part.Start;
            var staleness = kept.IsEmpty
                ? TouchHistory.Staleness(present[k], since)
                : TouchHistory.Staleness(present[k], kept[k], since);
            updated[i] = Step(values[positions[i]], gradient[i], staleness, rate);
        }
    }

    private void Touch(ReadOnlySpan<int> positions, ReadOnlySpan<float> gradient, long clock)
    {
        var first = 0;
        for (var p = 0; p < _parts.Length; p++)
        {
            var part = _parts[p];
            var touch = _histories[p].Touch(clock);
            var present = _histories[p].Words;
            for (; first < positions.Length && positions[first] < part.End; first++)
            {
                present[positions[first] - part.Start] += gradient[first] != 0 ? touch : 0;
            }
            _histories[p].Advance(clock + 1);
        }
    }

    // Equations 4 and 5.
    private static float Step(float value, float gradient, int staleness, float rate) =>
        float.FusedMultiplyAdd(-(rate / Math.Max(1, staleness)), gradient, value);
}
