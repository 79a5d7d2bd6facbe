using OrleansEdge.Core;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Tests.Compression;

public sealed class SparseUpdateCodecTests
{
    private static readonly KeyRange PaperRange = new(0, 211_690);

    [Fact]
    public void Every_update_comes_back_bit_for_bit() => AnySeed.Satisfies(300, seed =>
    {
        var (range, update) = Updates.Random(seed);
        var decoded = RoundTrip(range, update, ValuePrecision.Float32);
        var entries = update.EntriesIn(range);
        Assert.Equal(update.Indices[entries].ToArray(), decoded.Indices.ToArray().Select(i => i + range.Start));
        Assert.Equal(Bits(update.Values[entries]), Bits(decoded.Values));
    });

    [Fact]
    public void Half_the_value_bits_bring_the_nearest_bfloat16_back() => AnySeed.Satisfies(300, seed =>
    {
        var (range, update) = Updates.Random(seed);
        var decoded = RoundTrip(range, update, ValuePrecision.BFloat16);
        var entries = update.EntriesIn(range);
        Assert.Equal(update.Indices[entries].ToArray(), decoded.Indices.ToArray().Select(i => i + range.Start));
        Assert.Equal(Bits([.. update.Values[entries].ToArray().Select(NearestBFloat16)]), Bits(decoded.Values));
    });

    [Theory]
    [InlineData(1f, 1f)]
    [InlineData(1.00390625f, 1f)] // halfway between 1 and 1.0078125: to the even one
    [InlineData(1.01171875f, 1.015625f)] // halfway again, the even one is above
    [InlineData(float.MaxValue, 3.3895314e38f)] // would round to infinity
    [InlineData(1e-40f, 9.183549e-41f)] // subnormal: steps of 2^-133
    [InlineData(-0.1f, -0.100097656f)]
    public void A_value_is_rounded_to_eight_significant_bits(float value, float expected)
    {
        var update = new SparseUpdate();
        update.Add(3, value);
        Assert.Equal(expected, RoundTrip(new KeyRange(0, 10), update, ValuePrecision.BFloat16).Values[0]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(10, false)]
    [InlineData(10, true)]
    public void At_one_percent_an_entry_takes_at_most_five_bytes_and_three_with_sixteen_bits(int shards, bool clustered)
    {
        var update = Updates.Selected(7, PaperRange.Length, 0.01, clustered);
        var ranges = KeyRange.Split(PaperRange.Length, shards);
        var exact = ranges.Sum(range => SparseUpdateCodec.Encode(range, update, ValuePrecision.Float32).Length);
        var half = ranges.Sum(range => SparseUpdateCodec.Encode(range, update, ValuePrecision.BFloat16).Length);
        Assert.True(exact <= 5.0 * update.Count, $"{exact} bytes for {update.Count} entries");
        Assert.True(half <= 3.0 * update.Count, $"{half} bytes for {update.Count} entries");
    }

    [Fact]
    public void Positions_cost_at_most_an_eighth_of_a_bit_more_than_their_information()
    {
        foreach (var density in new[] { 0.5, 0.1, 0.01, 0.001 })
        {
            var update = Updates.Selected(3, 1_000_000, density, clustered: false, value: 1);
            var encoded = SparseUpdateCodec.Encode(new KeyRange(0, 1_000_000), update, ValuePrecision.BFloat16);
            var positionBits = 8.0 * (encoded.Length - SparseUpdateHeader.MaxLength - update.Count) / update.Count;
            var entropy = (-density * Math.Log2(density) - ((1 - density) * Math.Log2(1 - density))) / density;
            Assert.InRange(positionBits, entropy - 0.15, entropy + 0.125);
        }
    }

    [Fact]
    public void An_update_may_be_empty_or_full()
    {
        var range = new KeyRange(5, 300);
        Assert.Equal(0, RoundTrip(range, new SparseUpdate(), ValuePrecision.Float32).Count);
        var full = new SparseUpdate();
        for (var i = range.Start; i < range.End; i++)
        {
            full.Add(i, i);
        }
        Assert.Equal(full.Values.ToArray(), RoundTrip(range, full, ValuePrecision.Float32).Values.ToArray());
    }

    [Fact]
    public void The_bound_on_the_length_holds() => AnySeed.Satisfies(200, seed =>
    {
        var (range, update) = Updates.Random(seed);
        var entries = update.EntriesIn(range);
        var count = entries.End.Value - entries.Start.Value;
        var encoded = SparseUpdateCodec.Encode(range, update, ValuePrecision.Float32);
        Assert.InRange(encoded.Length, 1, SparseUpdateCodec.MaxEncodedLength(count, range));
    });

    [Fact]
    public void Encoding_into_memory_of_the_caller_gives_the_same_bytes_and_stays_inside()
    {
        var (range, update) = Updates.Random(11);
        var expected = SparseUpdateCodec.Encode(range, update, ValuePrecision.Float32);
        var memory = new byte[expected.Length + 16];
        Array.Fill(memory, (byte)0xA5);
        Assert.Equal(expected.Length, SparseUpdateCodec.Encode(range, update, ValuePrecision.Float32, memory));
        Assert.Equal(expected, memory[..expected.Length]);
        Assert.All(memory[expected.Length..], value => Assert.Equal(0xA5, value));
        Assert.Throws<ArgumentException>(() => SparseUpdateCodec.Encode(
            range, update, ValuePrecision.Float32, memory.AsSpan(0, expected.Length - 1)));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void NaN_and_infinity_are_not_encoded(float value)
    {
        var update = new SparseUpdate();
        update.Add(0, 1);
        update.Add(1, value);
        foreach (var precision in Enum.GetValues<ValuePrecision>())
        {
            var refusal = Assert.Throws<OrleansEdgeException>(
                () => SparseUpdateCodec.Encode(new KeyRange(0, 2), update, precision));
            Assert.Equal(ExitCode.Data, refusal.ExitCode);
            Assert.Contains("value 1 is", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Coding_allocates_nothing_once_the_memory_is_there()
    {
        var update = Updates.Selected(7, PaperRange.Length, 0.01, clustered: true);
        var bytes = new byte[SparseUpdateCodec.MaxEncodedLength(update.Count, PaperRange)];
        var decoded = new SparseUpdate(update.Count);
        Assert.Equal(0, Allocations.Of(() =>
        {
            var length = SparseUpdateCodec.Encode(PaperRange, update, ValuePrecision.Float32, bytes);
            SparseUpdateCodec.Decode(bytes.AsSpan(0, length), PaperRange, decoded);
        }));
    }

    private static SparseUpdate RoundTrip(KeyRange range, SparseUpdate update, ValuePrecision precision)
    {
        var decoded = new SparseUpdate();
        SparseUpdateCodec.Decode(SparseUpdateCodec.Encode(range, update, precision), range, decoded);
        return decoded;
    }

    private static int[] Bits(ReadOnlySpan<float> values) =>
        [.. values.ToArray().Select(BitConverter.SingleToInt32Bits)];

    private static float NearestBFloat16(float value)
    {
        var below = BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000;
        var above = below + 0x10000;
        var (low, high) = (BitConverter.UInt32BitsToSingle(below), BitConverter.UInt32BitsToSingle(above));
        if (!float.IsFinite(high))
        {
            return low;
        }
        var (toLow, toHigh) = (Math.Abs((double)value - low), Math.Abs((double)high - value));
        var lowIsEven = (below & 0x10000) == 0;
        return toLow < toHigh || (toLow == toHigh && lowIsEven) ? low : high;
    }
}
