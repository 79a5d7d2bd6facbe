namespace OrleansEdge.Core.ParameterServer;

/// <summary>Mean, maximum and histogram of the staleness of applied updates.</summary>
public sealed class StalenessStatistics
{
    /// <summary>Bins of one staleness each; one more bin counts the rest.</summary>
    public const int ExactBins = 1024;

    private readonly long[] _histogram = new long[ExactBins + 1];

    /// <summary>Updates counted.</summary>
    public long Count { get; private set; }

    /// <summary>Sum of the staleness of all updates counted.</summary>
    public long Sum { get; private set; }

    public long Max { get; private set; }

    /// <summary>Mean staleness; 0 before the first update.</summary>
    public double Mean => Count == 0 ? 0 : (double)Sum / Count;

    /// <summary>
    /// [<see cref="ExactBins"/> + 1]: element k counts the updates of staleness k, the last element those of
    /// <see cref="ExactBins"/> and above.
    /// </summary>
    public ReadOnlySpan<long> Histogram => _histogram;

    internal void Record(long staleness)
    {
        Count++;
        Sum += staleness;
        Max = Math.Max(Max, staleness);
        _histogram[Math.Min(staleness, ExactBins)]++;
    }

    internal void Restore(long sum, long max, ReadOnlySpan<long> histogram)
    {
        histogram.CopyTo(_histogram);
        Sum = sum;
        Max = max;
        Count = 0;
        foreach (var updates in histogram)
        {
            Count += updates;
        }
    }
}
