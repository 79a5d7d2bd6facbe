using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Core.Models;

/// <summary>
/// The weight gradient of a 3x3 convolution under ReLU and 2x2 max-pooling with few input channels: vectors run over the
/// output channels, and each of a window's four pixels counts in the lanes where it won.
/// </summary>
internal sealed unsafe class FirstLayerGradient<T>(int size, int inChannels, int outChannels)
    where T : struct, ISimdVector<T>
{
    private readonly AlignedBuffer<float> _filters = new(9 * inChannels * outChannels);

    /// <summary>Starts a batch.</summary>
    public void Clear() => _filters.Span.Clear();

    /// <summary>Adds one image's share.</summary>
    /// <param name="input">[size + 2][size + 2][inChannels], padded.</param>
    /// <param name="winners">[size / 2][size / 2][outChannels].</param>
    /// <param name="outputGradient">[size / 2] rows of [size / 2][outChannels].</param>
    /// <param name="outputRowStride">From one row of <paramref name="outputGradient"/> to the next.</param>
    /// <param name="biasGradient">[outChannels].</param>
    public void Accumulate(
        float* input, byte* winners, float* outputGradient, int outputRowStride, float* biasGradient)
    {
        for (var channel = 0; channel < outChannels; channel += T.Count)
        {
            for (var i = 0; i < inChannels; i++)
            {
                AddToWeights(
                    input + i, winners + channel, outputGradient + channel, outputRowStride,
                    _filters.Pointer + (i * outChannels) + channel);
            }
            AddToBias(winners + channel, outputGradient + channel, outputRowStride, biasGradient + channel);
        }
    }

    /// <summary>Writes the batch's weight gradient, [outChannels][3][3][inChannels].</summary>
    public void CopyTo(float* weightGradient)
    {
        var filters = _filters.Pointer;
        var length = 9 * inChannels;
        for (var i = 0; i < length; i++)
        {
            for (var channel = 0; channel < outChannels; channel++)
            {
                weightGradient[(channel * length) + i] = filters[(i * outChannels) + channel];
            }
        }
    }

    private void AddToWeights(float* input, byte* winners, float* outputGradient, int outputRowStride, float* filters)
    {
        nint tap = inChannels * outChannels;
        nint one = inChannels, two = 2 * inChannels, rowStride = (size + 2) * inChannels;
        float* f1 = filters + (3 * tap), f2 = filters + (6 * tap);
        T a0 = T.Load(filters), a1 = T.Load(filters + tap), a2 = T.Load(filters + tap + tap);
        T a3 = T.Load(f1), a4 = T.Load(f1 + tap), a5 = T.Load(f1 + tap + tap);
        T a6 = T.Load(f2), a7 = T.Load(f2 + tap), a8 = T.Load(f2 + tap + tap);
        var zero = T.Broadcast(0);
        for (var y = 0; y < size / 2; y++)
        {
            for (var x = 0; x < size / 2; x++)
            {
                var (code, all) = (T.LoadBytes(winners), T.Load(outputGradient + (x * outChannels)));
                for (var pixel = 0; pixel < 4; pixel++)
                {
                    var value = T.IfEqual(code, T.Broadcast(pixel), all, zero);
                    var x0 = input + ((((2 * y) + (pixel / 2)) * rowStride) + (((2 * x) + (pixel % 2)) * one));
                    float* x1 = x0 + rowStride, x2 = x1 + rowStride;
                    a0 = T.MultiplyAdd(value, T.Broadcast(*x0), a0);
                    a1 = T.MultiplyAdd(value, T.Broadcast(x0[one]), a1);
                    a2 = T.MultiplyAdd(value, T.Broadcast(x0[two]), a2);
                    a3 = T.MultiplyAdd(value, T.Broadcast(*x1), a3);
                    a4 = T.MultiplyAdd(value, T.Broadcast(x1[one]), a4);
                    a5 = T.MultiplyAdd(value, T.Broadcast(x1[two]), a5);
                    a6 = T.MultiplyAdd(value, T.Broadcast(*x2), a6);
                    a7 = T.MultiplyAdd(value, T.Broadcast(x2[one]), a7);
                    a8 = T.MultiplyAdd(value, T.Broadcast(x2[two]), a8);
                }
                winners += outChannels;
            }
            outputGradient += outputRowStride;
        }
        Store(filters, tap, a0, a1, a2);
        Store(f1, tap, a3, a4, a5);
        Store(f2, tap, a6, a7, a8);
    }

    private void AddToBias(byte* winners, float* outputGradient, int outputRowStride, float* biasGradient)
    {
        T zero = T.Broadcast(0), off = T.Broadcast(MaxPool2x2<T>.Off);
        var sum = T.Load(biasGradient);
        for (var y = 0; y < size / 2; y++)
        {
            for (var x = 0; x < size / 2; x++)
            {
                sum += T.IfEqual(T.LoadBytes(winners), off, zero, T.Load(outputGradient + (x * outChannels)));
                winners += outChannels;
            }
            outputGradient += outputRowStride;
        }
        sum.Store(biasGradient);
    }

    private static void Store(float* target, nint stride, T first, T second, T third)
    {
        first.Store(target);
        second.Store(target + stride);
        third.Store(target + stride + stride);
    }
}
