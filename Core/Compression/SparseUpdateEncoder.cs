using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Core.Compression;

/// <summary>The writing half of <see cref="SparseUpdateCodec"/>.</summary>
internal static class SparseUpdateEncoder
{
    /// <summary>How an update will be written, and how long it will be.</summary>
    public readonly record struct Layout(SparseUpdateHeader Header, int UnaryLength)
    {
        public int Length => Header.Length + Header.RemainderLength + UnaryLength
            + Header.ExponentLength + Header.MantissaLength;
    }

    public static Layout Plan(
        KeyRange range, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ValuePrecision precision)
    {
        var exponents = ExponentRange.Of(values, precision);
        var riceBits = BestRiceBits(indices, range, out var unaryBits);
        var header = new SparseUpdateHeader
        {
            Precision = precision,
            RiceBits = riceBits,
            ExponentBase = exponents.Base,
            ExponentBits = exponents.Bits,
            HasZeroExponent = exponents.HasZero,
            Range = range,
            Count = indices.Length,
        };
        return new Layout(header, SparseUpdateHeader.BytesOf(unaryBits));
    }

    /// <summary>Writes an update into as many bytes as its plan says.</summary>
    public static void Write(
        Layout layout, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, Span<byte> destination)
    {
        var header = layout.Header;
        var rest = destination[header.Write(destination)..];
        WriteRemainders(header, indices, rest[..header.RemainderLength]);
        rest = rest[header.RemainderLength..];
        WriteUnary(header, indices, rest[..layout.UnaryLength]);
        rest = rest[layout.UnaryLength..];
        WriteExponents(header, values, rest[..header.ExponentLength]);
        WriteMantissas(header, values, rest[header.ExponentLength..]);
    }

    private static int BestRiceBits(ReadOnlySpan<int> indices, KeyRange range, out long unaryBits)
    {
        unaryBits = 0;
        if (indices.IsEmpty)
        {
            return 0;
        }
        var meanGap = (indices[^1] - range.Start + 1 - indices.Length) / indices.Length;
        var guess = BitOperations.Log2((uint)Math.Max(1, meanGap));
        var best = 0;
        var bestCost = long.MaxValue;
        for (var bits = Math.Max(0, guess - 1); bits <= Math.Min(guess + 1, SparseUpdateCodec.MaxRiceBits); bits++)
        {
            var unary = UnaryBits(indices, range.Start, bits);
            var cost = unary + ((long)bits * indices.Length);
            if (cost < bestCost)
            {
                (best, bestCost, unaryBits) = (bits, cost, unary);
            }
        }
        return best;
    }

    private static long UnaryBits(ReadOnlySpan<int> indices, int start, int riceBits)
    {
        var sum = (long)indices.Length + ((indices[0] - start) >> riceBits);
        var quotients = Vector<int>.Zero;
        ref var first = ref MemoryMarshal.GetReference(indices);
        var i = 1;
        for (; i <= indices.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            var gaps = Vector.LoadUnsafe(ref first, (nuint)i) - Vector.LoadUnsafe(ref first, (nuint)i - 1)
                - Vector<int>.One;
            quotients += Vector.ShiftRightLogical(gaps, riceBits);
        }
        for (; i < indices.Length; i++)
        {
            sum += (indices[i] - indices[i - 1] - 1) >> riceBits;
        }
        return sum + Vector.Sum(quotients);
    }

    private static void WriteRemainders(SparseUpdateHeader header, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        var width = header.RiceBits;
        var mask = (1u << width) - 1;
        ref var first = ref MemoryMarshal.GetReference(indices);
        var (i, at) = (0, 0);
        if (BitWriter.CanPackEight(width) && indices.Length > 8)
        {
            // The first eight go the slow way: there is no index before the first.
            (i, at) = (8, width);
            for (; i <= indices.Length - 8 && at <= destination.Length - sizeof(ulong); i += 8, at += width)
            {
                var gaps = Vector256.LoadUnsafe(ref first, (nuint)i) - Vector256.LoadUnsafe(ref first, (nuint)i - 1)
                    - Vector256<int>.One;
                var packed = BitWriter.PackEight(gaps.AsUInt32() & Vector256.Create(mask), width);
                BinaryPrimitives.WriteUInt64LittleEndian(destination[at..], packed);
            }
            WriteRemainders(header, indices[..8], header.Range.Start, destination[..width]);
        }
        var next = i == 0 ? header.Range.Start : indices[i - 1] + 1;
        WriteRemainders(header, indices[i..], next, destination[at..]);
    }

    private static void WriteRemainders(
        SparseUpdateHeader header, ReadOnlySpan<int> indices, int next, Span<byte> destination)
    {
        var mask = (1u << header.RiceBits) - 1;
        var writer = new BitWriter(destination);
        foreach (var index in indices)
        {
            writer.Write((uint)(index - next) & mask, header.RiceBits);
            next = index + 1;
        }
        writer.Finish();
    }

    private static void WriteUnary(SparseUpdateHeader header, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        destination.Clear();
        var (word, pending) = (0L, 0UL);
        var bit = -1L;
        var next = header.Range.Start;
        foreach (var index in indices)
        {
            bit += 1 + ((index - next) >> header.RiceBits);
            next = index + 1;
            if (bit >> 6 != word)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(destination[(int)(8 * word)..], pending);
                (word, pending) = (bit >> 6, 0);
            }
            pending |= 1UL << (int)(bit & 63);
        }
        for (var at = (int)(8 * word); at < destination.Length; at++, pending >>= 8)
        {
            destination[at] = (byte)pending;
        }
    }

    private static void WriteExponents(SparseUpdateHeader header, ReadOnlySpan<float> values, Span<byte> destination)
    {
        var width = header.ExponentBits;
        var offset = (uint)(header.HasZeroExponent ? header.ExponentBase - 1 : header.ExponentBase);
        ref var first = ref MemoryMarshal.GetReference(values);
        var (i, at) = (0, 0);
        if (BitWriter.CanPackEight(width))
        {
            for (; i <= values.Length - 8 && at <= destination.Length - sizeof(ulong); i += 8, at += width)
            {
                var bits = SparseValues.Bits(Vector256.LoadUnsafe(ref first, (nuint)i).AsUInt32(), header.Precision);
                var exponents = (bits >> SparseValues.MantissaBits) & Vector256.Create(0xFFu);
                var codes = Vector256.Max(exponents, Vector256.Create(offset)) - Vector256.Create(offset);
                BinaryPrimitives.WriteUInt64LittleEndian(destination[at..], BitWriter.PackEight(codes, width));
            }
        }
        var writer = new BitWriter(destination[at..]);
        foreach (var value in values[i..])
        {
            var exponent = (SparseValues.Bits(value, header.Precision) >> SparseValues.MantissaBits) & 0xFF;
            writer.Write(Math.Max(exponent, offset) - offset, width);
        }
        writer.Finish();
    }

    private static void WriteMantissas(SparseUpdateHeader header, ReadOnlySpan<float> values, Span<byte> destination)
    {
        if (header.Precision == ValuePrecision.BFloat16)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var bits = SparseValues.Bits(values[i], ValuePrecision.BFloat16);
                destination[i] = (byte)(((bits >> 24) & 0x80) | ((bits >> 16) & 0x7F));
            }
            return;
        }
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(values[i]);
            var packed = ((bits >> 8) & 0x800000) | (bits & 0x7FFFFF);
            destination[3 * i] = (byte)packed;
            destination[(3 * i) + 1] = (byte)(packed >> 8);
            destination[(3 * i) + 2] = (byte)(packed >> 16);
        }
    }
}
