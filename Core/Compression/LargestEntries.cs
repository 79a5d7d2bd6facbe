using System.Runtime.InteropServices;

namespace OrleansEdge.Core.Compression;

/// <summary>
/// The k largest |x| of an array, exactly. A sample gives a threshold that a few more than k entries reach; one
/// pass finds those candidates; bisection over their bit patterns finds the k-th largest.
/// </summary>
internal sealed class LargestEntries
{
    private const int SampleSize = 2048;
    private const int InfinityPattern = 0x7F800000;

    private readonly int[] _sample = new int[SampleSize];
    private int[] _places = [];
    private int[] _patterns = [];

    /// <param name="entries">[n].</param>
    /// <param name="k">1..n.</param>
    /// <param name="offset">Added to each index.</param>
    /// <param name="indices">Gets k ascending indices; room for one more.</param>
    /// <param name="values">Gets the k entries there; room for one more.</param>
    public void Select(ReadOnlySpan<float> entries, int k, int offset, Span<int> indices, Span<float> values)
    {
        Reserve(entries.Length);
        var count = FindCandidates(entries, k);
        var places = _places.AsSpan(0, count);
        var patterns = _patterns.AsSpan(0, count);
        for (var i = 0; i < places.Length; i++)
        {
            patterns[i] = BitConverter.SingleToInt32Bits(entries[places[i]]) & SelectionKernels.AbsoluteMask;
        }
        if (SelectionKernels.CountFrom(patterns, InfinityPattern) > 0)
        {
            throw NotFinite(entries, offset);
        }
        var threshold = KthLargest(patterns, k);
        var equalsTaken = k - SelectionKernels.CountFrom(patterns, threshold + 1);
        var selected = 0;
        for (var i = 0; i < places.Length; i++)
        {
            // Written in any case and kept by counting it: which entries are kept is hard to predict.
            var (place, pattern) = (places[i], patterns[i]);
            indices[selected] = offset + place;
            values[selected] = entries[place];
            var equal = pattern == threshold ? 1 : 0;
            selected += (pattern > threshold ? 1 : 0) | (equal & (equalsTaken > 0 ? 1 : 0));
            equalsTaken -= equal;
        }
    }

    private int FindCandidates(ReadOnlySpan<float> entries, int k)
    {
        var count = SelectionKernels.PlacesFrom(entries, EstimateThreshold(entries, k), _places);
        return count >= k ? count : SelectionKernels.PlacesFrom(entries, 0, _places);
    }

    // A pattern that probably k and a few more entries reach; 0 when all must be looked at.
    private int EstimateThreshold(ReadOnlySpan<float> entries, int k)
    {
        if (entries.Length < 2 * SampleSize)
        {
            return 0;
        }
        // An odd stride, so that the sample visits all columns of a matrix.
        var stride = ((entries.Length / SampleSize) - 1) | 1;
        var patterns = MemoryMarshal.Cast<float, int>(entries);
        for (var i = 0; i < SampleSize; i++)
        {
            _sample[i] = patterns[i * stride] & SelectionKernels.AbsoluteMask;
        }
        var expected = (double)k * SampleSize / entries.Length;
        var rank = (int)Math.Ceiling(expected + (3 * Math.Sqrt(expected)) + 2);
        return rank > SampleSize ? 0 : KthLargest(_sample, rank);
    }

    private static int KthLargest(ReadOnlySpan<int> patterns, int k)
    {
        var (low, high) = (0, SelectionKernels.AbsoluteMask);
        while (low < high)
        {
            var middle = high - ((high - low) / 2);
            if (SelectionKernels.CountFrom(patterns, middle) >= k)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        return low;
    }

    private static OrleansEdgeException NotFinite(ReadOnlySpan<float> entries, int offset)
    {
        var index = FiniteCheck.IndexOfNonFinite(entries);
        return OrleansEdgeException.WrongData(FormattableString.Invariant(
            $"gradient: entry {offset + index} is {entries[index]}; expected a finite one"));
    }

    private void Reserve(int length)
    {
        if (_places.Length < length)
        {
            _places = GC.AllocateUninitializedArray<int>(length);
            _patterns = GC.AllocateUninitializedArray<int>(length);
        }
    }
}
