using OrleansEdge.Core;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Tests.Compression;

public sealed class SparseUpdateDamageTests
{
    [Fact]
    public void Random_bytes_are_refused_or_decode_to_something_valid() => AnySeed.Satisfies(3000, seed =>
    {
        var random = new RandomStream(seed, "bytes");
        var bytes = new byte[random.NextInt(200)];
        Fill(bytes, ref random);
        if (bytes.Length > 0 && random.NextInt(2) == 0)
        {
            bytes[0] = (byte)(0x10 | random.NextInt(2));
        }
        DecodesOrIsRefused(bytes, new KeyRange(0, 1 + random.NextInt(100)));
    });

    [Fact]
    public void Damaged_updates_are_refused_or_decode_to_something_valid() => AnySeed.Satisfies(1500, seed =>
    {
        var random = new RandomStream(seed, "damage");
        var (range, update) = Updates.Random(seed);
        var bytes = SparseUpdateCodec.Encode(range, update, (ValuePrecision)random.NextInt(2));
        for (var i = 0; i < 1 + random.NextInt(4); i++)
        {
            // Most of the damage goes where it hurts most: into the header.
            var at = random.NextInt(random.NextInt(2) == 0 ? Math.Min(14, bytes.Length) : bytes.Length);
            bytes[at] ^= (byte)(1 << random.NextInt(8));
        }
        DecodesOrIsRefused(bytes, range);
    });

    [Fact]
    public void An_update_that_is_cut_off_or_too_long_is_refused()
    {
        var (range, update) = Updates.Random(21);
        foreach (var precision in Enum.GetValues<ValuePrecision>())
        {
            var bytes = SparseUpdateCodec.Encode(range, update, precision);
            for (var length = 0; length < bytes.Length; length++)
            {
                IsRefused(bytes.AsSpan(0, length), range);
            }
            for (var extra = 1; extra < 20; extra++)
            {
                IsRefused([.. bytes, .. new byte[extra]], range);
            }
        }
    }

    [Fact]
    public void An_update_of_another_range_is_refused()
    {
        var (range, update) = Updates.Random(22);
        var bytes = SparseUpdateCodec.Encode(range, update, ValuePrecision.Float32);
        var message = IsRefused(bytes, new KeyRange(range.Start + 1, range.End + 1));
        Assert.Contains($"range [{range.Start}, {range.End})", message, StringComparison.Ordinal);
        IsRefused(bytes, new KeyRange(range.Start, range.End - 1));
        IsRefused(bytes, new KeyRange(range.Start, range.End + 1));
    }

    [Fact]
    public void A_value_with_all_exponent_bits_set_is_refused()
    {
        var update = new SparseUpdate();
        update.Add(0, float.MaxValue);
        var range = new KeyRange(0, 1);
        var bytes = SparseUpdateCodec.Encode(range, update, ValuePrecision.Float32);
        Assert.Equal(254, bytes[2]);
        bytes[2] = 255;
        IsRefused(bytes, range);
    }

    private static string IsRefused(ReadOnlySpan<byte> bytes, KeyRange range)
    {
        var copy = bytes.ToArray();
        var update = new SparseUpdate();
        var refusal = Assert.Throws<OrleansEdgeException>(() => SparseUpdateCodec.Decode(copy, range, update));
        Assert.Equal(ExitCode.Data, refusal.ExitCode);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal(0, update.Count);
        return refusal.Message;
    }

    private static void DecodesOrIsRefused(byte[] bytes, KeyRange range)
    {
        var update = new SparseUpdate();
        try
        {
            SparseUpdateCodec.Decode(bytes, range, update);
        }
        catch (OrleansEdgeException refusal)
        {
            Assert.Equal(ExitCode.Data, refusal.ExitCode);
            Assert.Equal(0, update.Count);
            return;
        }
        var previous = -1;
        foreach (var index in update.Indices)
        {
            Assert.InRange(index, previous + 1, range.Length - 1);
            previous = index;
        }
        Assert.True(FiniteCheck.AllFinite(update.Values));
    }

    private static void Fill(Span<byte> bytes, ref RandomStream random)
    {
        foreach (ref var value in bytes)
        {
            value = (byte)random.NextInt(256);
        }
    }
}
