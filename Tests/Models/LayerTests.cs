using OrleansEdge.Core.Models;
using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Tests.Models;

public sealed class LayerTests
{
    [Fact]
    public void Huge_logits_give_a_finite_loss_and_gradient()
    {
        float[] logits = [1e30f, -1e30f, 0, 5000, 5000, -5000];
        var loss = SoftmaxCrossEntropy.LossAndGradient(logits, [0, 2], 3);
        Assert.Equal(10_000.693 / 2, loss, 0.01);
        Assert.Equal([0, 0, 0, 0.25f, 0.25f, -0.5f], logits);
    }

    [Fact]
    public void Softmax_of_equal_logits_costs_the_logarithm_of_the_classes()
    {
        var logits = new float[10];
        Assert.Equal(Math.Log(10), SoftmaxCrossEntropy.LossAndGradient(logits, [3], 10), 1e-6);
        for (var k = 0; k < 10; k++)
        {
            Assert.Equal(k == 3 ? -0.9f : 0.1f, logits[k], 1e-6f);
        }
    }

    [Fact]
    public void The_first_of_equal_pixels_wins_and_a_window_that_is_not_positive_is_off_on_every_path()
    {
        Pool<Simd1>();
        Pool<Simd256>();
        Pool<Simd512>();
    }

    private static unsafe void Pool<T>()
        where T : struct, ISimdVector<T>
    {
        // Windows (upper left, upper right, lower left, lower right), one to a channel, and who wins with which value.
        (float[] Window, float Value, int Winner)[] cases =
        [
            ([1, 1, 1, 1], 1, 0), ([0, 2, 2, 1], 2, 1), ([0, 1, 3, 3], 3, 2), ([-1, 0, 1, 4], 4, 3),
            ([0, 0, 0, 0], 0, 4), ([-1, -2, -3, -4], 0, 4), ([-1, 5, -3, 5], 5, 1), ([2, 1, 2, 2], 2, 0),
        ];
        const int Channels = 16;
        var (upper, lower) = (new AlignedBuffer<float>(2 * Channels), new AlignedBuffer<float>(2 * Channels));
        var (output, winners) = (new AlignedBuffer<float>(Channels), new AlignedBuffer<byte>(Channels));
        for (var channel = 0; channel < Channels; channel++)
        {
            var window = cases[channel % cases.Length].Window;
            (upper.Span[channel], upper.Span[Channels + channel]) = (window[0], window[1]);
            (lower.Span[channel], lower.Span[Channels + channel]) = (window[2], window[3]);
        }
        MaxPool2x2<T>.Rows(upper.Pointer, lower.Pointer, output.Pointer, winners.Pointer, 2, Channels);
        GC.KeepAlive(upper);
        GC.KeepAlive(lower);
        for (var channel = 0; channel < Channels; channel++)
        {
            var (_, value, winner) = cases[channel % cases.Length];
            Assert.Equal((value, (byte)winner), (output.Span[channel], winners.Span[channel]));
        }
    }
}
