using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansEdge.Core.Compression;

/// <summary>
/// The k largest |x| of an array, exactly. A sample gives a threshold that a few more than k entries reach; one pass collects
/// those; bisection over their bit patterns, which order like the absolute values, finds the k-th.
/// </summary>
internal sealed class LargestEntries
{
    private const int SampleSize = 2048;
    private const uint AbsoluteMask = 0x7FFFFFFF;
    private const uint InfinityBits = 0x7F800000;

    private readonly uint[] _sample = new uint[SampleSize];
    private uint[] _bits = [];
    private int[] _places = [];

    /// <param name="entries">[n].</param>
    /// <param name="k">1..n.</param>
    /// <param name="offset">Added to each index.</param>
    /// <param name="indices">Gets k ascending indices.</param>
    /// <param name="values">Gets the k entries there.</param>
    public void Select(ReadOnlySpan<float> entries, int k, int offset, Span<int> indices, Span<float> values)
    {
        Reserve(entries.Length);
        var patterns = MemoryMarshal.Cast<float, uint>(entries);
        var count = Collect(patterns, k);
        var found = _bits.AsSpan(0, count);
        var (threshold, ties) = KthLargest(found, k);
        RequireFinite(entries, found, offset);
        var selected = 0;
        for (var i = 0; selected < k; i++)
        {
            if (found[i] > threshold || (found[i] == threshold && ties-- > 0))
            {
                indices[selected] = offset + _places[i];
                values[selected++] = entries[_places[i]];
            }
        }
    }

    private int Collect(ReadOnlySpan<uint> patterns, int k)
    {
        var threshold = Estimate(patterns, k);
        var count = CollectFrom(patterns, threshold);
        return count >= k ? count : CollectFrom(patterns, 0);
    }

    // A threshold that probably between k and a few more entries reach; 0 when everything has to be looked at.
    private uint Estimate(ReadOnlySpan<uint> patterns, int k)
    {
        if (patterns.Length < 2 * SampleSize)
        {
            return 0;
        }
        // An odd stride, so that the sample visits all columns of a matrix.
        var stride = ((patterns.Length / SampleSize) - 1) | 1;
        for (var i = 0; i < SampleSize; i++)
        {
            _sample[i] = patterns[i * stride] & AbsoluteMask;
        }
        var expected = (double)k * SampleSize / patterns.Length;
        var rank = (int)Math.Ceiling(expected + (3 * Math.Sqrt(expected)) + 2);
        return rank > SampleSize ? 0 : KthLargest(_sample, rank).Threshold;
    }

    private int CollectFrom(ReadOnlySpan<uint> patterns, uint threshold)
    {
        var count = 0;
        for (var i = 0; i < patterns.Length; i++)
        {
            var bits = patterns[i] & AbsoluteMask;
            _bits[count] = bits;
            _places[count] = i;
            count += bits >= threshold ? 1 : 0;
        }
        return count;
    }

    // The k-th largest pattern, and how many of those equal to it belong to the k largest.
    private static (uint Threshold, int Ties) KthLargest(ReadOnlySpan<uint> patterns, int k)
    {
        var (low, high) = (0u, AbsoluteMask);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (CountFrom(patterns, middle) >= k)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        return (low, k - CountFrom(patterns, low + 1));
    }

    private static int CountFrom(ReadOnlySpan<uint> patterns, uint threshold)
    {
        var counts = Vector<uint>.Zero;
        var limit = new Vector<uint>(threshold);
        var i = 0;
        for (; i <= patterns.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            counts -= Vector.GreaterThanOrEqual(new Vector<uint>(patterns[i..]), limit);
        }
        var count = (int)Vector.Sum(counts);
        for (; i < patterns.Length; i++)
        {
            count += patterns[i] >= threshold ? 1 : 0;
        }
        return count;
    }

    private static void RequireFinite(ReadOnlySpan<float> entries, ReadOnlySpan<uint> found, int offset)
    {
        if (CountFrom(found, InfinityBits) > 0)
        {
            var index = FiniteCheck.IndexOfNonFinite(entries);
            throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                $"gradient: entry {offset + index} is {entries[index]}; expected a finite one"));
        }
    }

    private void Reserve(int length)
    {
        if (_bits.Length < length)
        {
            _bits = GC.AllocateUninitializedArray<uint>(length);
            _places = GC.AllocateUninitializedArray<int>(length);
        }
    }
}
