using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansEdge.Core.Compression;

/// <summary>
/// Passes over the bit patterns of absolute values; as integers these order like the values, NaN behind infinity.
/// </summary>
internal static class SelectionKernels
{
    public const int AbsoluteMask = 0x7FFFFFFF;

    /// <summary>How many patterns are at least <paramref name="threshold"/>.</summary>
    public static int CountFrom(ReadOnlySpan<int> patterns, int threshold)
    {
        ref var first = ref MemoryMarshal.GetReference(patterns);
        var (i, count) = (0, 0);
        if (Vector512.IsHardwareAccelerated)
        {
            var (counts, limit) = (Vector512<int>.Zero, Vector512.Create(threshold));
            for (; i <= patterns.Length - Vector512<int>.Count; i += Vector512<int>.Count)
            {
                counts -= Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref first, (nuint)i), limit);
            }
            count = Vector512.Sum(counts);
        }
        else
        {
            var (counts, limit) = (Vector<int>.Zero, new Vector<int>(threshold));
            for (; i <= patterns.Length - Vector<int>.Count; i += Vector<int>.Count)
            {
                counts -= Vector.GreaterThanOrEqual(Vector.LoadUnsafe(ref first, (nuint)i), limit);
            }
            count = Vector.Sum(counts);
        }
        for (; i < patterns.Length; i++)
        {
            count += patterns[i] >= threshold ? 1 : 0;
        }
        return count;
    }

    /// <summary>
    /// Writes the places of the entries whose absolute pattern is at least <paramref name="threshold"/>.
    /// </summary>
    /// <param name="entries">[n].</param>
    /// <param name="threshold">A pattern.</param>
    /// <param name="places">[n], gets them in ascending order.</param>
    /// <returns>How many there are.</returns>
    public static int PlacesFrom(ReadOnlySpan<float> entries, int threshold, Span<int> places)
    {
        ref var first = ref Unsafe.As<float, int>(ref MemoryMarshal.GetReference(entries));
        ref var place = ref MemoryMarshal.GetReference(places[..entries.Length]);
        var i = 0;
        for (; i <= entries.Length - 64; i += 64)
        {
            var reached = Vector512.IsHardwareAccelerated
                ? Reached512(ref first, i, threshold)
                : Reached256(ref first, i, threshold);
            for (; reached != 0; reached &= reached - 1)
            {
                place = i + BitOperations.TrailingZeroCount(reached);
                place = ref Unsafe.Add(ref place, 1);
            }
        }
        var count = (int)(Unsafe.ByteOffset(ref MemoryMarshal.GetReference(places), ref place) / sizeof(int));
        for (; i < entries.Length; i++)
        {
            if ((Unsafe.Add(ref first, i) & AbsoluteMask) >= threshold)
            {
                places[count++] = i;
            }
        }
        return count;
    }

    // Bit u tells whether entry i + u reaches the threshold.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Reached512(ref int first, int i, int threshold)
    {
        var (mask, limit) = (Vector512.Create(AbsoluteMask), Vector512.Create(threshold));
        var bits = 0UL;
        for (var part = 0; part < 64; part += Vector512<int>.Count)
        {
            var patterns = Vector512.LoadUnsafe(ref first, (nuint)(i + part)) & mask;
            bits |= Vector512.GreaterThanOrEqual(patterns, limit).ExtractMostSignificantBits() << part;
        }
        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Reached256(ref int first, int i, int threshold)
    {
        var (mask, limit) = (Vector256.Create(AbsoluteMask), Vector256.Create(threshold));
        var bits = 0UL;
        for (var part = 0; part < 64; part += Vector256<int>.Count)
        {
            var patterns = Vector256.LoadUnsafe(ref first, (nuint)(i + part)) & mask;
            bits |= (ulong)Vector256.GreaterThanOrEqual(patterns, limit).ExtractMostSignificantBits() << part;
        }
        return bits;
    }
}
