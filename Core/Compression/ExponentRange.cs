using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansEdge.Core.Compression;

/// <summary>The biased exponents that occur among values as they travel.</summary>
/// <param name="Base">The smallest above 0; 1 when there is none.</param>
/// <param name="Bits">Bits of the largest code: exponents less the smallest, one more where there are zeros.</param>
/// <param name="HasZero">Whether there are zero exponents, that is zeros and subnormal numbers.</param>
internal readonly record struct ExponentRange(int Base, int Bits, bool HasZero)
{
    /// <exception cref="OrleansEdgeException">A value is NaN or infinite (65).</exception>
    public static ExponentRange Of(ReadOnlySpan<float> values, ValuePrecision precision)
    {
        var nonFinite = FiniteCheck.IndexOfNonFinite(values);
        if (nonFinite >= 0)
        {
            throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                $"sparse update: value {nonFinite} is {values[nonFinite]}; expected a finite one"));
        }
        var (smallest, largest, zeros) = OfVectors(values, precision, out var done);
        foreach (var value in values[done..])
        {
            var exponent = SparseValues.Bits(value, precision) & SparseValues.ExponentMask;
            zeros |= exponent == 0;
            smallest = Math.Min(smallest, exponent == 0 ? SparseValues.ExponentMask : exponent);
            largest = Math.Max(largest, exponent);
        }
        if (largest == 0)
        {
            return new ExponentRange(1, 0, zeros);
        }
        var largestCode = (int)((largest - smallest) >> SparseValues.MantissaBits) + (zeros ? 1 : 0);
        return new ExponentRange((int)(smallest >> SparseValues.MantissaBits), BitLength(largestCode), zeros);
    }

    private static (uint Smallest, uint Largest, bool Zeros) OfVectors(
        ReadOnlySpan<float> values, ValuePrecision precision, out int done)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        var mask = Vector256.Create(SparseValues.ExponentMask);
        var (smallest, largest, zeros) = (mask, Vector256<uint>.Zero, Vector256<uint>.Zero);
        for (done = 0; done <= values.Length - Vector256<uint>.Count; done += Vector256<uint>.Count)
        {
            var bits = Vector256.LoadUnsafe(ref first, (nuint)done).AsUInt32();
            var exponents = SparseValues.Bits(bits, precision) & mask;
            var zero = Vector256.Equals(exponents, Vector256<uint>.Zero);
            zeros |= zero;
            smallest = Vector256.Min(smallest, exponents | (zero & mask));
            largest = Vector256.Max(largest, exponents);
        }
        var (least, most) = (SparseValues.ExponentMask, 0u);
        for (var lane = 0; lane < Vector256<uint>.Count; lane++)
        {
            least = Math.Min(least, smallest[lane]);
            most = Math.Max(most, largest[lane]);
        }
        return (least, most, zeros != Vector256<uint>.Zero);
    }

    private static int BitLength(int value) => 32 - BitOperations.LeadingZeroCount((uint)value);
}
