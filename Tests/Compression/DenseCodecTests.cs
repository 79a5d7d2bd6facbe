using OrleansEdge.Core;
using OrleansEdge.Core.Compression;

namespace OrleansEdge.Tests.Compression;

public sealed class DenseCodecTests
{
    [Fact]
    public void Numbers_travel_as_little_endian_single_precision()
    {
        var bytes = new byte[DenseCodec.EncodedLength(2)];
        Assert.Equal(8, DenseCodec.Encode([1f, -2.5f], bytes));
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0], bytes);
        var numbers = new float[2];
        DenseCodec.Decode(bytes, numbers);
        Assert.Equal([1f, -2.5f], numbers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(16)]
    public void A_payload_of_another_length_is_refused(int length)
    {
        var refusal = Assert.Throws<OrleansEdgeException>(() => DenseCodec.Decode(new byte[length], new float[3]));
        Assert.Equal(ExitCode.Data, refusal.ExitCode);
        Assert.Contains($"{length} bytes; expected 12", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_not_finite_is_found_wherever_it_is()
    {
        foreach (var value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            for (var i = 0; i < 67; i++)
            {
                var numbers = new float[67];
                Array.Fill(numbers, float.MaxValue);
                Assert.Equal(-1, FiniteCheck.IndexOfNonFinite(numbers));
                numbers[i] = value;
                Assert.Equal(i, FiniteCheck.IndexOfNonFinite(numbers));
                var bytes = new byte[DenseCodec.EncodedLength(numbers.Length)];
                DenseCodec.Encode(numbers, bytes);
                var refusal = Assert.Throws<OrleansEdgeException>(() => DenseCodec.Decode(bytes, new float[67]));
                Assert.Contains($"number {i} is", refusal.Message, StringComparison.Ordinal);
            }
        }
    }
}
