using System.Numerics;
using System.Runtime.InteropServices;
using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Core.Compression;

/// <summary>The writing half of <see cref="SparseUpdateCodec"/>.</summary>
internal static class SparseUpdateEncoder
{
    private const int ExponentShift = 23;
    private const int InfiniteExponent = 0xFF;

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
    public static void Write(Layout layout, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, Span<byte> destination)
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

    /// <summary>The bits of a value as it travels.</summary>
    public static uint Bits(float value, ValuePrecision precision)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (precision == ValuePrecision.Float32)
        {
            return bits;
        }
        var rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000;
        return (rounded & 0x7F800000) == 0x7F800000 ? rounded - 0x00010000 : rounded;
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
            var gaps = Vector.LoadUnsafe(ref first, (nuint)i) - Vector.LoadUnsafe(ref first, (nuint)i - 1) - Vector<int>.One;
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
        var mask = (1u << header.RiceBits) - 1;
        var writer = new BitWriter(destination);
        var next = header.Range.Start;
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
        var bit = -1L;
        var next = header.Range.Start;
        foreach (var index in indices)
        {
            bit += 1 + ((index - next) >> header.RiceBits);
            destination[(int)(bit >> 3)] |= (byte)(1 << (int)(bit & 7));
            next = index + 1;
        }
    }

    private static void WriteExponents(SparseUpdateHeader header, ReadOnlySpan<float> values, Span<byte> destination)
    {
        var writer = new BitWriter(destination);
        var offset = header.HasZeroExponent ? header.ExponentBase - 1 : header.ExponentBase;
        foreach (var value in values)
        {
            var exponent = (int)(Bits(value, header.Precision) >> ExponentShift) & InfiniteExponent;
            writer.Write((uint)Math.Max(0, exponent - offset), header.ExponentBits);
        }
        writer.Finish();
    }

    private static void WriteMantissas(SparseUpdateHeader header, ReadOnlySpan<float> values, Span<byte> destination)
    {
        if (header.Precision == ValuePrecision.BFloat16)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var bits = Bits(values[i], ValuePrecision.BFloat16);
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

    /// <summary>The exponents that occur among the values.</summary>
    private readonly record struct ExponentRange(int Base, int Bits, bool HasZero)
    {
        public static ExponentRange Of(ReadOnlySpan<float> values, ValuePrecision precision)
        {
            var (smallest, largest, hasZero) = (InfiniteExponent, 0, false);
            foreach (var value in values)
            {
                var bits = BitConverter.SingleToUInt32Bits(value);
                var exponent = (int)(bits >> ExponentShift) & InfiniteExponent;
                if (exponent == InfiniteExponent)
                {
                    throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                        $"sparse update: a value is {value}; expected a finite one"));
                }
                exponent = (int)(SparseUpdateEncoder.Bits(value, precision) >> ExponentShift) & InfiniteExponent;
                hasZero |= exponent == 0;
                smallest = exponent == 0 ? smallest : Math.Min(smallest, exponent);
                largest = Math.Max(largest, exponent);
            }
            if (largest == 0)
            {
                return new ExponentRange(1, 0, hasZero);
            }
            var codes = largest - smallest + (hasZero ? 1 : 0);
            return new ExponentRange(smallest, 32 - BitOperations.LeadingZeroCount((uint)codes), hasZero);
        }
    }
}
