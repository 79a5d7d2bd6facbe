using System.Numerics;

namespace OrleansEdge.Core.Measuring;

/// <summary>
/// Counts durations in buckets whose width is 1/64 of their value, so that any number of them takes the same few
/// kilobytes and a percentile is exact to 1.6 %.
/// </summary>
public sealed class LatencyHistogram
{
    private const int StepBits = 6;
    private const int Steps = 1 << StepBits;

    private readonly long[] _counts = new long[Steps * 64];

    /// <summary>Durations that were added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a duration; less than nothing counts as nothing.</summary>
    public void Add(TimeSpan duration)
    {
        _counts[BucketOf(Math.Max(0, duration.Ticks))]++;
        Count++;
    }

    /// <summary>
    /// The duration that a share of the durations does not exceed, in microseconds; 0 when there are none.
    /// </summary>
    /// <param name="share">0 to 1.</param>
    public double Microseconds(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return MiddleOf(bucket) / TimeSpan.TicksPerMicrosecond;
            }
        }
        return 0;
    }

    /// <summary>Values below 64 have a bucket each; above, each power of two has 64.</summary>
    private static int BucketOf(long ticks)
    {
        if (ticks < Steps)
        {
            return (int)ticks;
        }
        var shift = BitOperations.Log2((ulong)ticks) - StepBits;
        return ((shift + 1) << StepBits) + (int)((ticks >> shift) - Steps);
    }

    private static double MiddleOf(int bucket)
    {
        if (bucket < Steps)
        {
            return bucket;
        }
        var shift = (bucket >> StepBits) - 1;
        var least = (long)(Steps + (bucket & (Steps - 1))) << shift;
        return least + (((1L << shift) - 1) / 2.0);
    }
}
