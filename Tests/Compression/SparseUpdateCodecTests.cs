using FsCheck;
using FsCheck.Fluent;
using OrleansEdge.Core.Compression;

namespace OrleansEdge.Tests.Compression;

public sealed class SparseUpdateCodecTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void Every_update_comes_back_bit_for_bit()
    {
        Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), seed =>
        {
            var (range, update) = Updates.Random((ulong)seed);
            var decoded = new SparseUpdate();
            SparseUpdateCodec.Decode(SparseUpdateCodec.Encode(range, update, ValuePrecision.Float32), range, decoded);
            var entries = update.EntriesIn(range);
            Assert.Equal(update.Indices[entries].ToArray(), decoded.Indices.ToArray().Select(i => i + range.Start));
            Assert.Equal(
                update.Values[entries].ToArray().Select(BitConverter.SingleToInt32Bits),
                decoded.Values.ToArray().Select(BitConverter.SingleToInt32Bits));
        }).Check(Many);
    }
}
