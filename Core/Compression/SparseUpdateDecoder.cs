using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansEdge.Core.Compression;

/// <summary>The reading half of <see cref="SparseUpdateCodec"/>.</summary>
internal static class SparseUpdateDecoder
{
    /// <summary>
    /// Reads the entries into the buffers of <paramref name="update"/>, whose count it leaves alone.
    /// </summary>
    public static void Read(SparseUpdateHeader header, ReadOnlySpan<byte> source, SparseUpdate update)
    {
        var remainders = header.Length;
        var unary = remainders + header.RemainderLength;
        var unaryLength = source.Length - unary - header.ExponentLength - header.MantissaLength;
        if (unaryLength < SparseUpdateHeader.BytesOf(header.Count))
        {
            throw SparseUpdateHeader.Wrong($"it has {source.Length} bytes, too few for its {header.Count} entries");
        }
        if (unaryLength > SparseUpdateHeader.BytesOf((header.Range.Length >> header.RiceBits) + (long)header.Count))
        {
            throw SparseUpdateHeader.Wrong($"it has {source.Length} bytes, too many for its {header.Count} entries");
        }
        update.Reserve(header.Count);
        var positions = update.IndexBuffer[..header.Count];
        BitReader.Unpack(source, remainders, header.RiceBits, MemoryMarshal.Cast<int, uint>(positions));
        ReadPositions(header, source.Slice(unary, unaryLength), positions);

        var exponents = unary + unaryLength;
        var values = MemoryMarshal.Cast<float, uint>(update.ValueBuffer[..header.Count]);
        BitReader.Unpack(source, exponents, header.ExponentBits, values);
        PlaceExponents(header, values);
        AddMantissas(header.Precision, source[(exponents + header.ExponentLength)..], values);
    }

    // From the low bits of the gaps to the positions.
    private static void ReadPositions(SparseUpdateHeader header, ReadOnlySpan<byte> unary, Span<int> positions)
    {
        RequireOnes(unary, positions.Length);
        ref var first = ref MemoryMarshal.GetReference(positions);
        var (entry, remainderSum, position) = (0, 0L, -1L);
        for (var at = 0; at < unary.Length; at += sizeof(ulong))
        {
            for (var word = BitReader.Load(unary, at); word != 0; word &= word - 1)
            {
                remainderSum += Unsafe.Add(ref first, entry);
                var quotientSum = (8L * at) + BitOperations.TrailingZeroCount(word) - entry;
                position = (quotientSum << header.RiceBits) + remainderSum + entry;
                Unsafe.Add(ref first, entry++) = (int)position;
            }
        }
        if (position >= header.Range.Length)
        {
            throw SparseUpdateHeader.Wrong($"a position is {position} in a range of {header.Range.Length} parameters");
        }
    }

    // As many ones as entries, and the last of them in the last byte.
    private static void RequireOnes(ReadOnlySpan<byte> unary, int count)
    {
        var ones = 0;
        for (var at = 0; at < unary.Length; at += sizeof(ulong))
        {
            ones += BitOperations.PopCount(BitReader.Load(unary, at));
        }
        if (ones != count || (unary.Length > 0 && unary[^1] == 0))
        {
            throw SparseUpdateHeader.Wrong($"it codes {ones} positions for {count} entries, or has bytes too many");
        }
    }

    // From exponent codes to bit patterns without sign and mantissa.
    private static void PlaceExponents(SparseUpdateHeader header, Span<uint> codes)
    {
        var offset = (uint)(header.HasZeroExponent ? header.ExponentBase - 1 : header.ExponentBase);
        var zeroCode = header.HasZeroExponent ? 0u : uint.MaxValue;
        var largest = 0u;
        ref var first = ref MemoryMarshal.GetReference(codes);
        var i = 0;
        for (; i <= codes.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            var code = Vector.LoadUnsafe(ref first, (nuint)i);
            var zero = Vector.Equals(code, new Vector<uint>(zeroCode));
            var exponent = Vector.AndNot(code + new Vector<uint>(offset), zero);
            largest |= Vector.GreaterThanAny(exponent, new Vector<uint>(254)) ? 255u : 0u;
            (exponent << SparseValues.MantissaBits).StoreUnsafe(ref first, (nuint)i);
        }
        for (; i < codes.Length; i++)
        {
            var exponent = codes[i] == zeroCode ? 0 : codes[i] + offset;
            largest = Math.Max(largest, exponent);
            codes[i] = exponent << SparseValues.MantissaBits;
        }
        if (largest > 254)
        {
            throw SparseUpdateHeader.Wrong("a value is not finite");
        }
    }

    private static void AddMantissas(ValuePrecision precision, ReadOnlySpan<byte> mantissas, Span<uint> bits)
    {
        if (precision == ValuePrecision.BFloat16)
        {
            for (var i = 0; i < bits.Length; i++)
            {
                var packed = (uint)mantissas[i];
                bits[i] |= ((packed & 0x80) << 24) | ((packed & 0x7F) << 16);
            }
            return;
        }
        ref var first = ref MemoryMarshal.GetReference(mantissas[..(3 * bits.Length)]);
        for (var i = 0; i < bits.Length; i++)
        {
            ref var entry = ref Unsafe.Add(ref first, 3 * i);
            var packed = (uint)(entry | (Unsafe.Add(ref entry, 1) << 8) | (Unsafe.Add(ref entry, 2) << 16));
            bits[i] |= ((packed & 0x800000) << 8) | (packed & 0x7FFFFF);
        }
    }
}
