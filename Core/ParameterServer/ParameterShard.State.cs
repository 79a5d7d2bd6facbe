using System.Text;
using OrleansEdge.Core.Compression;

namespace OrleansEdge.Core.ParameterServer;

/// <summary>Export and import of a shard's whole state.</summary>
/// <remarks>
/// Layout, little-endian: "OESH", version (4 bytes), range start and end (4 + 4), workers (4), rule name (length 1,
/// ASCII), clock, ingress bytes, egress bytes (8 each); last sequence and updates of each worker (8 + 8 each); sum
/// and maximum of the staleness and its histogram (8 each); values (4 each); length of the rule's state (4) and
/// that state; CRC-32C of all of it (4).
/// <para>
/// Outstanding pulls and the history that the AdaComp rule keeps for them are no part of it: in an imported shard
/// nobody has pulled, so a push computed from an earlier pull gets <see cref="PushVerdict.UnknownPull"/>.
/// </para>
/// </remarks>
public sealed partial class ParameterShard
{
    private const uint Magic = 0x4853454F; // "OESH"
    private const uint Version = 1;
    private const int ChecksumLength = sizeof(uint);

    /// <summary>No job comes to so many; beyond it clocks and sequences could overflow.</summary>
    private const long MostUpdates = 1_000_000_000_000;

    /// <summary>Bytes that <see cref="Export()"/> returns.</summary>
    public int StateLength =>
        (5 * sizeof(uint)) + 1 + Encoding.ASCII.GetByteCount(_rule.Name) + (3 * sizeof(long))
        + (2 * sizeof(long) * _options.Workers) + (sizeof(long) * (2 + Staleness.Histogram.Length))
        + ValuesLength + sizeof(uint) + _rule.StateLength + ChecksumLength;

    /// <summary>The whole state as bytes.</summary>
    public byte[] Export()
    {
        var state = new byte[StateLength];
        var writer = new StateWriter(state);
        writer.UInt32(Magic);
        writer.UInt32(Version);
        writer.UInt32((uint)Range.Start);
        writer.UInt32((uint)Range.End);
        writer.UInt32((uint)_options.Workers);
        writer.Text(_rule.Name);
        writer.Int64(Clock);
        writer.Int64(IngressBytes);
        writer.Int64(EgressBytes);
        writer.Int64s(_lastSequences);
        writer.Int64s(_updatesByWorker);
        writer.Int64(Staleness.Sum);
        writer.Int64(Staleness.Max);
        writer.Int64s(Staleness.Histogram);
        DenseCodec.Encode(Values, writer.Take(ValuesLength));
        writer.UInt32((uint)_rule.StateLength);
        _rule.WriteState(writer.Take(_rule.StateLength));
        writer.UInt32(Crc32C.Of(state.AsSpan(0, state.Length - ChecksumLength)));
        return state;
    }

    /// <summary>The shard that <see cref="Export()"/> described.</summary>
    /// <param name="options">
    /// The same range, workers and rule; the learning rate is not part of the state and may differ.
    /// </param>
    /// <param name="state">What <see cref="Export()"/> returned.</param>
    /// <exception cref="OrleansEdgeException">
    /// An option is outside its range (64), or the state is truncated, damaged, of another version, or does not
    /// match the options (65).
    /// </exception>
    public static ParameterShard Import(ParameterShardOptions options, ReadOnlySpan<byte> state)
    {
        options.Validate();
        var reader = new StateReader(state);
        reader.Expect(Magic, "magic number");
        reader.Expect(Version, "version");
        RequireChecksum(state);
        reader.Expect((uint)options.Range.Start, "first parameter");
        reader.Expect((uint)options.Range.End, "end of the parameters");
        reader.Expect((uint)options.Workers, "number of workers");
        reader.Expect(options.Rule, "update rule");
        RequireRoom(options, state.Length); // before memory is taken for what the options say
        var shard = new ParameterShard(options, reader.Counter("clock", MostUpdates));
        shard.ReadFrom(ref reader);
        return shard;
    }

    private void ReadFrom(ref StateReader reader)
    {
        IngressBytes = reader.Counter("ingress bytes");
        EgressBytes = reader.Counter("egress bytes");
        reader.Counters(_lastSequences, "last sequence", MostUpdates);
        reader.Counters(_updatesByWorker, "updates of a worker");
        var sum = reader.Counter("sum of the staleness");
        var max = reader.Counter("largest staleness");
        var histogram = new long[Staleness.Histogram.Length];
        reader.Counters(histogram, "staleness histogram");
        Staleness.Restore(sum, max, histogram);
        RequireSum("the updates of the workers", _updatesByWorker);
        RequireSum("the staleness histogram", histogram);
        DenseCodec.Decode(reader.Take(ValuesLength, "values"), _values.Current);
        reader.Expect((uint)_rule.StateLength, "length of the rule's state");
        _rule.ReadState(reader.Take(_rule.StateLength, "rule's state"));
        reader.Take(ChecksumLength, "checksum");
        reader.ExpectEnd();
    }

    /// <summary>Every applied update is counted once.</summary>
    private void RequireSum(string what, ReadOnlySpan<long> counts)
    {
        UInt128 sum = 0;
        foreach (var count in counts)
        {
            sum += (UInt128)count;
        }
        if (sum != (UInt128)Clock)
        {
            throw OrleansEdgeException.WrongData(
                $"shard state: {what} add up to {sum}; expected {Clock}, the clock");
        }
    }

    /// <summary>The values and the workers' numbers alone take this much.</summary>
    private static void RequireRoom(ParameterShardOptions options, int length)
    {
        var least = ((long)sizeof(float) * options.Range.Length) + (2L * sizeof(long) * options.Workers);
        if (length < least)
        {
            throw OrleansEdgeException.WrongData(
                $"shard state: it has {length} bytes; expected at least {least} for {options.Range.Length} parameters and"
                + $" {options.Workers} workers");
        }
    }

    private static void RequireChecksum(ReadOnlySpan<byte> state)
    {
        var end = Math.Max(0, state.Length - ChecksumLength);
        var stored = new StateReader(state[end..]).UInt32("checksum");
        var actual = Crc32C.Of(state[..end]);
        if (stored != actual)
        {
            throw OrleansEdgeException.WrongData(
                $"shard state: checksum is {actual:x8}; expected {stored:x8}, so it is damaged or cut off");
        }
    }
}
