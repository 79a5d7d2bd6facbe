using System.Runtime.InteropServices;

namespace OrleansEdge.Core.Compression;

/// <summary>
/// Single-precision numbers as little-endian bytes, 4 each, nothing before or between: the memory of the machines that
/// this runs on.
/// </summary>
public static class DenseCodec
{
    /// <summary>Bytes of <paramref name="count"/> numbers.</summary>
    public static int EncodedLength(int count) => checked(count * sizeof(float));

    /// <summary>Writes <paramref name="values"/>; any bit pattern is kept.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    /// <returns>The bytes written.</returns>
    public static int Encode(ReadOnlySpan<float> values, Span<byte> destination)
    {
        MemoryMarshal.AsBytes(values).CopyTo(destination);
        return EncodedLength(values.Length);
    }

    /// <summary>Fills <paramref name="values"/>.</summary>
    /// <exception cref="OrleansEdgeException">
    /// The length is not 4 bytes a number, or a number is not finite (65).
    /// </exception>
    public static void Decode(ReadOnlySpan<byte> source, Span<float> values)
    {
        RequireLength(source, values.Length);
        source.CopyTo(MemoryMarshal.AsBytes(values));
        RequireFinite(values);
    }

    internal static void RequireLength(ReadOnlySpan<byte> source, int count)
    {
        if (source.Length != EncodedLength(count))
        {
            throw OrleansEdgeException.WrongData(
                $"dense payload has {source.Length} bytes; expected {EncodedLength(count)} for {count} numbers");
        }
    }

    internal static void RequireFinite(ReadOnlySpan<float> values)
    {
        var index = FiniteCheck.IndexOfNonFinite(values);
        if (index >= 0)
        {
            throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                $"dense payload: number {index} is {values[index]}; expected a finite one"));
        }
    }
}
