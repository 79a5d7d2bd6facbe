using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Core.Models;

/// <summary>
/// The gradients of a 3x3 convolution under ReLU and 2x2 max-pooling. A pooled value has at most one convolution pixel with a
/// gradient, so weight and input gradients are sums over these pixels only: at most a quarter of the dense work.
/// </summary>
internal sealed unsafe class PooledGradient<T>
    where T : struct, ISimdVector<T>
{
    private readonly int _inChannels;
    private readonly int _outChannels;
    private readonly int _windows;
    private readonly int _rowStride;
    private readonly AlignedBuffer<int> _windowOrder;
    private readonly AlignedBuffer<int> _windowOffsets;
    private readonly AlignedBuffer<int> _winnerOffsets;
    private readonly AlignedBuffer<int> _offsets;
    private readonly AlignedBuffer<float> _values;

    public PooledGradient(int size, int inChannels, int outChannels)
    {
        (_inChannels, _outChannels, _windows) = (inChannels, outChannels, size * size / 4);
        _rowStride = (size + 2) * inChannels;
        _windowOrder = new(_windows);
        _windowOffsets = new(_windows);
        _winnerOffsets = new(MaxPool2x2<T>.Off + 1);
        _offsets = new(_windows + 1);
        _values = new(_windows + 1);
        for (var code = 0; code < MaxPool2x2<T>.Off; code++)
        {
            _winnerOffsets.Span[code] = ((code / 2) * _rowStride) + ((code % 2) * inChannels);
        }
        // Neighbouring windows overlap in the input; every second one first keeps a store clear of the next load.
        var ordered = Enumerable.Range(0, _windows).OrderBy(window => window % 2).ToArray();
        for (var i = 0; i < _windows; i++)
        {
            var (y, x) = int.DivRem(ordered[i], size / 2);
            _windowOrder.Span[i] = ordered[i] * outChannels;
            _windowOffsets.Span[i] = (2 * y * _rowStride) + (2 * x * inChannels);
        }
    }

    /// <summary>Adds one image's share to the gradients.</summary>
    /// <param name="input">[size + 2][size + 2][inChannels], padded.</param>
    /// <param name="winners">[size / 2][size / 2][outChannels].</param>
    /// <param name="outputGradient">[size / 2][size / 2][outChannels].</param>
    /// <param name="weights">[outChannels][3][3][inChannels].</param>
    /// <param name="weightGradient">As <paramref name="weights"/>.</param>
    /// <param name="biasGradient">[outChannels].</param>
    /// <param name="inputGradient">As <paramref name="input"/>.</param>
    public void Accumulate(
        float* input, byte* winners, float* outputGradient, float* weights, float* weightGradient, float* biasGradient,
        float* inputGradient)
    {
        for (var channel = 0; channel < _outChannels; channel++)
        {
            var count = ListActive(winners + channel, outputGradient + channel);
            var sum = 0f;
            for (var i = 0; i < count; i++)
            {
                sum += _values.Pointer[i];
            }
            biasGradient[channel] += sum;
            var filter = channel * 9 * _inChannels;
            for (var i = 0; i < _inChannels; i += T.Count)
            {
                AddToWeights(input + i, weightGradient + filter + i, count);
                AddToInput(inputGradient + i, weights + filter + i, count);
            }
        }
    }

    /// <summary>Lists where in the input, and how much, one channel's winning pixels count.</summary>
    private int ListActive(byte* winners, float* outputGradient)
    {
        int* order = _windowOrder.Pointer, bases = _windowOffsets.Pointer, deltas = _winnerOffsets.Pointer;
        var offsets = _offsets.Pointer;
        var values = _values.Pointer;
        nint count = 0;
        for (nint i = 0; i < _windows; i++)
        {
            nint at = order[i];
            nint winner = winners[at];
            offsets[count] = bases[i] + deltas[winner];
            values[count] = outputGradient[at];
            count += winner < MaxPool2x2<T>.Off ? 1 : 0;
        }
        return (int)count;
    }

    private void AddToWeights(float* input, float* gradient, int count)
    {
        var offsets = _offsets.Pointer;
        var values = _values.Pointer;
        nint rowStride = _rowStride;
        nint one = _inChannels, two = 2 * _inChannels;
        float* g1 = gradient + (3 * one), g2 = gradient + (6 * one);
        T a0 = T.Load(gradient), a1 = T.Load(gradient + one), a2 = T.Load(gradient + two);
        T a3 = T.Load(g1), a4 = T.Load(g1 + one), a5 = T.Load(g1 + two);
        T a6 = T.Load(g2), a7 = T.Load(g2 + one), a8 = T.Load(g2 + two);
        for (nint i = 0; i < count; i++)
        {
            var value = T.Broadcast(values[i]);
            float* x0 = input + offsets[i], x1 = x0 + rowStride, x2 = x1 + rowStride;
            a0 = T.MultiplyAdd(value, T.Load(x0), a0);
            a1 = T.MultiplyAdd(value, T.Load(x0 + one), a1);
            a2 = T.MultiplyAdd(value, T.Load(x0 + two), a2);
            a3 = T.MultiplyAdd(value, T.Load(x1), a3);
            a4 = T.MultiplyAdd(value, T.Load(x1 + one), a4);
            a5 = T.MultiplyAdd(value, T.Load(x1 + two), a5);
            a6 = T.MultiplyAdd(value, T.Load(x2), a6);
            a7 = T.MultiplyAdd(value, T.Load(x2 + one), a7);
            a8 = T.MultiplyAdd(value, T.Load(x2 + two), a8);
        }
        Store(gradient, one, a0, a1, a2);
        Store(g1, one, a3, a4, a5);
        Store(g2, one, a6, a7, a8);
    }

    private void AddToInput(float* gradient, float* weights, int count)
    {
        var offsets = _offsets.Pointer;
        var values = _values.Pointer;
        nint rowStride = _rowStride;
        nint one = _inChannels, two = 2 * _inChannels;
        float* w1 = weights + (3 * one), w2 = weights + (6 * one);
        T a0 = T.Load(weights), a1 = T.Load(weights + one), a2 = T.Load(weights + two);
        T a3 = T.Load(w1), a4 = T.Load(w1 + one), a5 = T.Load(w1 + two);
        T a6 = T.Load(w2), a7 = T.Load(w2 + one), a8 = T.Load(w2 + two);
        for (nint i = 0; i < count; i++)
        {
            var value = T.Broadcast(values[i]);
            float* x0 = gradient + offsets[i], x1 = x0 + rowStride, x2 = x1 + rowStride;
            T.MultiplyAdd(value, a0, T.Load(x0)).Store(x0);
            T.MultiplyAdd(value, a1, T.Load(x0 + one)).Store(x0 + one);
            T.MultiplyAdd(value, a2, T.Load(x0 + two)).Store(x0 + two);
            T.MultiplyAdd(value, a3, T.Load(x1)).Store(x1);
            T.MultiplyAdd(value, a4, T.Load(x1 + one)).Store(x1 + one);
            T.MultiplyAdd(value, a5, T.Load(x1 + two)).Store(x1 + two);
            T.MultiplyAdd(value, a6, T.Load(x2)).Store(x2);
            T.MultiplyAdd(value, a7, T.Load(x2 + one)).Store(x2 + one);
            T.MultiplyAdd(value, a8, T.Load(x2 + two)).Store(x2 + two);
        }
    }

    private static void Store(float* target, nint stride, T first, T second, T third)
    {
        first.Store(target);
        second.Store(target + stride);
        third.Store(target + stride + stride);
    }
}
