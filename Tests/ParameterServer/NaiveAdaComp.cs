using OrleansEdge.Core.Compression;

namespace OrleansEdge.Tests.ParameterServer;

/// <summary>
/// Algorithm 2 of the AdaComp paper as it stands: keeps every update's indices and counts through all of them.
/// </summary>
internal sealed class NaiveAdaComp(float[] values, float learningRate)
{
    private readonly List<HashSet<int>> _updates = [];

    public float[] Values { get; } = [.. values];

    public void Push(long pulledAt, SparseUpdate update)
    {
        for (var i = 0; i < update.Count; i++)
        {
            var k = update.Indices[i];
            var staleness = _updates.Skip((int)pulledAt).Count(touched => touched.Contains(k));
            var rate = staleness == 0 ? learningRate : learningRate / staleness;
            Values[k] = float.FusedMultiplyAdd(-rate, update.Values[i], Values[k]);
        }
        var touchedNow = update.Indices.ToArray().Zip(update.Values.ToArray()).Where(entry => entry.Second != 0);
        _updates.Add([.. touchedNow.Select(entry => entry.First)]);
    }
}
