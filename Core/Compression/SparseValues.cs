using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OrleansEdge.Core.Compression;

/// <summary>Values of a sparse update as they travel.</summary>
internal static class SparseValues
{
    public const int MantissaBits = 23;

    /// <summary>The bits of the exponent; all set for NaN and infinity.</summary>
    public const uint ExponentMask = 0x7F800000;

    /// <summary>The bit pattern of a finite value as it travels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(float value, ValuePrecision precision)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (precision == ValuePrecision.Float32)
        {
            return bits;
        }
        // Half a unit of the last bit kept is added, a little less when that bit is even.
        var rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000;
        return rounded - ((rounded & ExponentMask) == ExponentMask ? 0x00010000u : 0);
    }

    /// <summary>The same of a vector of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Bits(Vector256<uint> bits, ValuePrecision precision)
    {
        if (precision == ValuePrecision.Float32)
        {
            return bits;
        }
        var infinity = Vector256.Create(ExponentMask);
        var even = (bits >> 16) & Vector256<uint>.One;
        var rounded = (bits + Vector256.Create(0x7FFFu) + even) & Vector256.Create(0xFFFF0000u);
        var overflowed = Vector256.Equals(rounded & infinity, infinity);
        return rounded - (overflowed & Vector256.Create(0x00010000u));
    }
}
