using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Core.Compression;

/// <summary>
/// The bytes of a sparse update: of some parameters of a range, which ones and what values. At a density of 1 % an
/// entry takes about 4.5 bytes with <see cref="ValuePrecision.Float32"/> and 2.5 with
/// <see cref="ValuePrecision.BFloat16"/>.
/// </summary>
/// <remarks>
/// Layout: version (4 bits) and precision (4 bits); Rice parameter r; smallest exponent; bits of an exponent code,
/// and in the top bit whether there are zero exponents (a byte each); range start, range length and number of
/// entries n (varints); then four streams, each filled up to a whole byte:
/// <list type="number">
/// <item>the low r bits of each gap, a gap being the number of parameters left out before an entry;</item>
/// <item>the rest of each gap in unary, that many zeros and a one (Rice coding: at random positions within an
/// eighth of a bit of their information, at 1 % within 0.03; r is the best one for the update);</item>
/// <item>the exponents, less the smallest, in as many bits as the largest needs: the selected values lie within a
/// few powers of two, and a zero has a code of its own;</item>
/// <item>sign and mantissa: 3 bytes (single precision) or 1 byte (bfloat16).</item>
/// </list>
/// The length of the second stream is what the others leave. Bits are filled from the lowest; numbers are
/// little-endian. There is no checksum: what does not decode is refused, but damage that decodes is for the
/// transport to detect.
/// </remarks>
public static class SparseUpdateCodec
{
    internal const int MaxRiceBits = 30;

    /// <summary>More bytes than an update of so many entries can take.</summary>
    public static int MaxEncodedLength(int count, KeyRange range) =>
        SparseUpdateHeader.MaxLength + PositionsBound(count, range.Length) + checked(count * sizeof(float));

    /// <summary>Encodes those entries that lie in a range, into an array of their own.</summary>
    /// <param name="range">A range of the vector that <paramref name="update"/> speaks of.</param>
    /// <param name="update">Entries; those outside the range are left out.</param>
    /// <param name="precision">How exactly the values travel.</param>
    /// <exception cref="OrleansEdgeException">A value is NaN or infinite (65).</exception>
    public static byte[] Encode(KeyRange range, SparseUpdate update, ValuePrecision precision)
    {
        var entries = update.EntriesIn(range);
        var plan = SparseUpdateEncoder.Plan(range, update.Indices[entries], update.Values[entries], precision);
        var destination = GC.AllocateUninitializedArray<byte>(plan.Length);
        SparseUpdateEncoder.Write(plan, update.Indices[entries], update.Values[entries], destination);
        return destination;
    }

    /// <summary>Encodes those entries that lie in a range.</summary>
    /// <param name="range">A range of the vector that <paramref name="update"/> speaks of.</param>
    /// <param name="update">Entries; those outside the range are left out.</param>
    /// <param name="precision">How exactly the values travel.</param>
    /// <param name="destination">Room for the update; <see cref="MaxEncodedLength"/> bytes always are.</param>
    /// <exception cref="OrleansEdgeException">A value is NaN or infinite (65).</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="destination"/> is too short; nothing was written.
    /// </exception>
    /// <returns>The bytes written.</returns>
    public static int Encode(KeyRange range, SparseUpdate update, ValuePrecision precision, Span<byte> destination)
    {
        var entries = update.EntriesIn(range);
        var plan = SparseUpdateEncoder.Plan(range, update.Indices[entries], update.Values[entries], precision);
        if (plan.Length > destination.Length)
        {
            throw new ArgumentException(
                $"{destination.Length} bytes are too few; expected {plan.Length}", nameof(destination));
        }
        SparseUpdateEncoder.Write(plan, update.Indices[entries], update.Values[entries], destination[..plan.Length]);
        return plan.Length;
    }

    /// <summary>Decodes an update.</summary>
    /// <param name="source">What <see cref="Encode(KeyRange, SparseUpdate, ValuePrecision)"/> returned.</param>
    /// <param name="range">The range that it must be of.</param>
    /// <param name="update">
    /// Gets the entries in place of those it had, its indices counted from the start of the range: 0 is range.Start.
    /// </param>
    /// <exception cref="OrleansEdgeException">
    /// The bytes are no such update or one of another range (65); <paramref name="update"/> is then empty.
    /// </exception>
    public static void Decode(ReadOnlySpan<byte> source, KeyRange range, SparseUpdate update)
    {
        update.Clear();
        var header = SparseUpdateHeader.Read(source, range);
        SparseUpdateDecoder.Read(header, source, update);
        update.SetCount(header.Count);
    }

    // Rice coding with r = floor(log2(mean gap)) takes at most r + 1 + mean gap / 2^r <= r + 3 bits a gap.
    private static int PositionsBound(int count, int length) =>
        count == 0 ? 0 : SparseUpdateHeader.BytesOf((long)count * (3 + BitLength(length / count))) + 2;

    private static int BitLength(int value) => 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)value);
}
