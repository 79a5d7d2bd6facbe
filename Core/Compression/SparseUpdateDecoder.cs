using System.Buffers.Binary;
using System.Numerics;

namespace OrleansEdge.Core.Compression;

/// <summary>The reading half of <see cref="SparseUpdateCodec"/>.</summary>
internal static class SparseUpdateDecoder
{
    /// <summary>Reads the entries into the buffers of <paramref name="update"/>, whose count it leaves alone.</summary>
    public static void Read(SparseUpdateHeader header, ReadOnlySpan<byte> source, SparseUpdate update)
    {
        var remainders = header.Length;
        var unary = remainders + header.RemainderLength;
        var unaryLength = source.Length - unary - header.ExponentLength - header.MantissaLength;
        if (unaryLength < SparseUpdateHeader.BytesOf(header.Count))
        {
            throw SparseUpdateHeader.Wrong($"it has {source.Length} bytes, too few for its {header.Count} entries");
        }
        var exponents = unary + unaryLength;
        update.Reserve(header.Count);
        ReadPositions(header, source, remainders, source.Slice(unary, unaryLength), update.IndexBuffer);
        ReadValues(header, source, exponents, exponents + header.ExponentLength, update.ValueBuffer);
    }

    private static void ReadPositions(
        SparseUpdateHeader header, ReadOnlySpan<byte> source, int remainders, ReadOnlySpan<byte> unary, Span<int> positions)
    {
        RequireOnes(unary, header.Count);
        var (bits, mask) = (header.RiceBits, (1UL << header.RiceBits) - 1);
        var (entry, remainderSum, position) = (0, 0L, -1L);
        for (var at = 0; at < unary.Length; at += sizeof(ulong))
        {
            for (var word = Load(unary, at); word != 0; word &= word - 1)
            {
                var bit = (long)entry * bits;
                remainderSum += (long)((Load(source, remainders + (int)(bit >> 3)) >> (int)(bit & 7)) & mask);
                var quotientSum = (8L * at) + BitOperations.TrailingZeroCount(word) - entry;
                position = (quotientSum << bits) + remainderSum + entry;
                positions[entry++] = (int)position;
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
            ones += BitOperations.PopCount(Load(unary, at));
        }
        if (ones != count || (count > 0 && unary[^1] == 0) || (count == 0 && unary.Length > 0))
        {
            throw SparseUpdateHeader.Wrong($"it codes {ones} positions for {count} entries, or has bytes too many");
        }
    }

    private static void ReadValues(
        SparseUpdateHeader header, ReadOnlySpan<byte> source, int exponents, int mantissas, Span<float> values)
    {
        var (width, mask) = (header.ExponentBits, (1UL << header.ExponentBits) - 1);
        var zeroCode = header.HasZeroExponent ? 0 : -1;
        var offset = header.HasZeroExponent ? header.ExponentBase - 1 : header.ExponentBase;
        var largest = 0;
        for (var i = 0; i < header.Count; i++)
        {
            var bit = (long)i * width;
            var code = (int)((Load(source, exponents + (int)(bit >> 3)) >> (int)(bit & 7)) & mask);
            var exponent = code == zeroCode ? 0 : code + offset;
            largest = Math.Max(largest, exponent);
            values[i] = BitConverter.UInt32BitsToSingle(
                ((uint)exponent << 23) ^ SignAndMantissa(header, source, mantissas, i));
        }
        if (largest > 254)
        {
            throw SparseUpdateHeader.Wrong("a value is not finite");
        }
    }

    private static uint SignAndMantissa(SparseUpdateHeader header, ReadOnlySpan<byte> source, int mantissas, int entry)
    {
        if (header.Precision == ValuePrecision.BFloat16)
        {
            var packed = (uint)source[mantissas + entry];
            return ((packed & 0x80) << 24) | ((packed & 0x7F) << 16);
        }
        var at = mantissas + (3 * entry);
        var bits = (uint)(source[at] | (source[at + 1] << 8) | (source[at + 2] << 16));
        return ((bits & 0x800000) << 8) | (bits & 0x7FFFFF);
    }

    // Eight bytes from an offset on; zeros beyond the end.
    private static ulong Load(ReadOnlySpan<byte> source, int at)
    {
        if (at <= source.Length - sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(source[at..]);
        }
        var value = 0UL;
        for (var i = 0; at + i < source.Length; i++)
        {
            value |= (ulong)source[at + i] << (8 * i);
        }
        return value;
    }
}
