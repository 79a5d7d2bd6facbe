using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Core.Compression;

/// <summary>
/// What a coded sparse update says before its entries; the layout is at <see cref="SparseUpdateCodec"/>.
/// </summary>
internal readonly record struct SparseUpdateHeader
{
    /// <summary>Most bytes that a header takes.</summary>
    public const int MaxLength = 4 + (3 * 5);

    private const int Version = 1;
    private const byte HasZeroFlag = 0x80;

    public required ValuePrecision Precision { get; init; }

    /// <summary>Low bits of a gap that are written as they are.</summary>
    public required int RiceBits { get; init; }

    /// <summary>Smallest biased exponent that is not zero.</summary>
    public required int ExponentBase { get; init; }

    /// <summary>Bits of an exponent code.</summary>
    public required int ExponentBits { get; init; }

    /// <summary>Exponent code 0 means exponent 0; the others are one higher.</summary>
    public required bool HasZeroExponent { get; init; }

    public required KeyRange Range { get; init; }

    public required int Count { get; init; }

    /// <summary>Bytes of sign and mantissa of one entry.</summary>
    public int MantissaBytes => Precision == ValuePrecision.Float32 ? 3 : 1;

    public int RemainderLength => BytesOf((long)Count * RiceBits);

    public int ExponentLength => BytesOf((long)Count * ExponentBits);

    public int MantissaLength => checked(Count * MantissaBytes);

    public int Length => 4 + VarintLength(Range.Start) + VarintLength(Range.Length) + VarintLength(Count);

    public static int BytesOf(long bits) => checked((int)((bits + 7) / 8));

    public int Write(Span<byte> destination)
    {
        destination[0] = (byte)((Version << 4) | (int)Precision);
        destination[1] = (byte)RiceBits;
        destination[2] = (byte)ExponentBase;
        destination[3] = (byte)(ExponentBits | (HasZeroExponent ? HasZeroFlag : 0));
        var at = 4;
        WriteVarint(destination, ref at, Range.Start);
        WriteVarint(destination, ref at, Range.Length);
        WriteVarint(destination, ref at, Count);
        return at;
    }

    /// <exception cref="OrleansEdgeException">The bytes are no header or speak of another range (65).</exception>
    public static SparseUpdateHeader Read(ReadOnlySpan<byte> source, KeyRange expected)
    {
        Require(source.Length >= 4, "it is cut off within its header");
        var at = 4;
        var start = ReadVarint(source, ref at);
        var header = new SparseUpdateHeader
        {
            Precision = (ValuePrecision)(source[0] & 0xF),
            RiceBits = source[1],
            ExponentBase = source[2],
            ExponentBits = source[3] & ~HasZeroFlag,
            HasZeroExponent = (source[3] & HasZeroFlag) != 0,
            Range = new KeyRange(start, start + ReadVarint(source, ref at)),
            Count = ReadVarint(source, ref at),
        };
        Require(source[0] >> 4 == Version, "its version is unknown");
        Require(header.Precision <= ValuePrecision.BFloat16, "its value precision is unknown");
        RequireRange(header.Range, expected);
        Require(header.Count <= expected.Length, "it has more entries than the range has parameters");
        Require(header.RiceBits <= SparseUpdateCodec.MaxRiceBits, "its gap coding is out of range");
        Require(
            header.ExponentBits <= 8 && header.ExponentBase is >= 1 and <= 254,
            "its exponent coding is out of range");
        return header;
    }

    public static OrleansEdgeException Wrong(string problem) =>
        OrleansEdgeException.WrongData($"sparse update: {problem}; expected an update as a worker encodes it");

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw Wrong(problem);
        }
    }

    private static void RequireRange(KeyRange range, KeyRange expected)
    {
        if (range != expected)
        {
            throw OrleansEdgeException.WrongData(
                $"sparse update: it is of the range [{range.Start}, {range.End}); "
                + $"expected [{expected.Start}, {expected.End})");
        }
    }

    private static int VarintLength(int value) => value < 1 << 7 ? 1 : 1 + VarintLength(value >> 7);

    private static void WriteVarint(Span<byte> destination, ref int at, int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            destination[at++] = (byte)(value | 0x80);
        }
        destination[at++] = (byte)value;
    }

    private static int ReadVarint(ReadOnlySpan<byte> source, ref int at)
    {
        var value = 0L;
        for (var shift = 0; shift < 35; shift += 7)
        {
            Require(at < source.Length, "it is cut off within its header");
            var next = source[at++];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                Require(value <= int.MaxValue, "a number of its header is too large");
                return (int)value;
            }
        }
        throw Wrong("a number of its header is too long");
    }
}
