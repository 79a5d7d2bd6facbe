using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Core.Models;

/// <summary>
/// The gradients of a 3x3 convolution under ReLU and 2x2 max-pooling. A pooled value has at most one convolution
/// pixel with a gradient, so weight and input gradients are sums over these pixels only: at most a quarter of the
/// dense work.
/// </summary>
internal sealed unsafe class PooledGradient<T>
    where T : struct, ISimdVector<T>
{
    private readonly int _inChannels;
    private readonly int _outChannels;
    private readonly int _windows;
    private readonly int _rowStride;
    private readonly AlignedBuffer<int> _windowOffsets;
    private readonly AlignedBuffer<int> _winnerOffsets;
    private readonly AlignedBuffer<Entry> _active;

    public PooledGradient(int size, int inChannels, int outChannels)
    {
        (_inChannels, _outChannels, _windows) = (inChannels, outChannels, size * size / 4);
        _rowStride = (size + 2) * inChannels;
        _windowOffsets = new(_windows);
        _winnerOffsets = new(MaxPool2x2<T>.Off + 1);
        _active = new(_windows + 1);
        for (var code = 0; code < MaxPool2x2<T>.Off; code++)
        {
            _winnerOffsets.Span[code] = ((code / 2) * _rowStride) + ((code % 2) * inChannels);
        }
        for (var window = 0; window < _windows; window++)
        {
            var (y, x) = int.DivRem(window, size / 2);
            _windowOffsets.Span[window] = (2 * y * _rowStride) + (2 * x * inChannels);
        }
    }

    /// <summary>Adds one image's share to the gradients of weights and biases.</summary>
    /// <param name="input">[size + 2][size + 2][inChannels], padded.</param>
    /// <param name="winners">[size / 2][size / 2][outChannels].</param>
    /// <param name="outputGradient">[size / 2][size / 2][outChannels].</param>
    /// <param name="weightGradient">[outChannels][3][3][inChannels].</param>
    /// <param name="biasGradient">[outChannels].</param>
    public void AddToParameters(
        float* input, byte* winners, float* outputGradient, float* weightGradient, float* biasGradient)
    {
        AddToBias(winners, outputGradient, biasGradient);
        for (var channel = 0; channel < _outChannels; channel++)
        {
            var count = ListActive(winners + channel, outputGradient + channel);
            var filter = weightGradient + (channel * 9 * _inChannels);
            if (SimdPaths.HasManyRegisters)
            {
                AddToFilter<SimdPair<T>>(input, filter, count);
            }
            else
            {
                AddToFilter<T>(input, filter, count);
            }
        }
    }

    /// <summary>Adds to the gradient of one image's input.</summary>
    /// <param name="winners">[size / 2][size / 2][outChannels].</param>
    /// <param name="outputGradient">[size / 2][size / 2][outChannels].</param>
    /// <param name="weights">[outChannels][3][3][inChannels].</param>
    /// <param name="inputGradient">
    /// [size + 2][size + 2][inChannels], padded; what falls on the border means nothing.
    /// </param>
    public void AddToInput(byte* winners, float* outputGradient, float* weights, float* inputGradient)
    {
        for (var window = 0; window < _windows; window++)
        {
            AddWindow(inputGradient + _windowOffsets.Pointer[window], weights, winners, outputGradient);
            winners += _outChannels;
            outputGradient += _outChannels;
        }
    }

    private void AddToBias(byte* winners, float* outputGradient, float* biasGradient)
    {
        T zero = T.Zero, off = T.BroadcastInteger(MaxPool2x2<T>.Off);
        for (var channel = 0; channel < _outChannels; channel += T.Count)
        {
            var sum = T.Load(biasGradient + channel);
            for (var at = channel; at < _windows * _outChannels; at += _outChannels)
            {
                sum += T.IfEqual(T.LoadIntegers(winners + at), off, zero, T.Load(outputGradient + at));
            }
            sum.Store(biasGradient + channel);
        }
    }

    /// <summary>Lists where in the input, and how much, one channel's winning pixels count.</summary>
    private int ListActive(byte* winners, float* outputGradient)
    {
        int* bases = _windowOffsets.Pointer, deltas = _winnerOffsets.Pointer;
        var next = _active.Pointer;
        nint windows = _windows, stride = _outChannels;
        for (nint window = 0; window < windows; window++, winners += stride, outputGradient += stride)
        {
            nint winner = *winners;
            next->Offset = bases[window] + deltas[winner];
            next->Value = *outputGradient;
            next += winner < MaxPool2x2<T>.Off ? 1 : 0;
        }
        return (int)(next - _active.Pointer);
    }

    private void AddToFilter<TBlock>(float* input, float* gradient, int count)
        where TBlock : struct, ISimdBlock<TBlock>
    {
        for (var i = 0; i < _inChannels; i += TBlock.Count)
        {
            AddToFilterBlock<TBlock>(input + i, gradient + i, count);
        }
    }

    /// <summary>9 x one block of input channels, summed in registers.</summary>
    private void AddToFilterBlock<TBlock>(float* input, float* gradient, int count)
        where TBlock : struct, ISimdBlock<TBlock>
    {
        nint one = _inChannels, two = 2 * _inChannels, rowStride = _rowStride;
        float* g3 = gradient + (3 * one), g6 = gradient + (6 * one);
        TBlock a0 = TBlock.Load(gradient), a1 = TBlock.Load(gradient + one), a2 = TBlock.Load(gradient + two);
        TBlock a3 = TBlock.Load(g3), a4 = TBlock.Load(g3 + one), a5 = TBlock.Load(g3 + two);
        TBlock a6 = TBlock.Load(g6), a7 = TBlock.Load(g6 + one), a8 = TBlock.Load(g6 + two);
        var active = _active.Pointer;
        for (nint i = 0; i < count; i++)
        {
            var value = &active[i].Value;
            float* x0 = input + active[i].Offset, x3 = x0 + rowStride, x6 = x3 + rowStride;
            a0 = TBlock.MultiplyAdd(value, TBlock.Load(x0), a0);
            a1 = TBlock.MultiplyAdd(value, TBlock.Load(x0 + one), a1);
            a2 = TBlock.MultiplyAdd(value, TBlock.Load(x0 + two), a2);
            a3 = TBlock.MultiplyAdd(value, TBlock.Load(x3), a3);
            a4 = TBlock.MultiplyAdd(value, TBlock.Load(x3 + one), a4);
            a5 = TBlock.MultiplyAdd(value, TBlock.Load(x3 + two), a5);
            a6 = TBlock.MultiplyAdd(value, TBlock.Load(x6), a6);
            a7 = TBlock.MultiplyAdd(value, TBlock.Load(x6 + one), a7);
            a8 = TBlock.MultiplyAdd(value, TBlock.Load(x6 + two), a8);
        }
        Store(gradient, one, a0, a1, a2);
        Store(g3, one, a3, a4, a5);
        Store(g6, one, a6, a7, a8);
    }

    /// <summary>
    /// One window's share of the input gradient. The channels that one pixel won for are summed in registers, over
    /// the 3x3 input pixels that it saw, before memory is touched.
    /// </summary>
    private void AddWindow(float* gradient, float* weights, byte* winners, float* outputGradient)
    {
        for (var channel = 0; channel < _outChannels; channel += 32)
        {
            var codes = Vector256.Load(winners + channel);
            for (var pixel = 0; pixel < MaxPool2x2<T>.Off; pixel++)
            {
                var won = Vector256.Equals(codes, Vector256.Create((byte)pixel)).ExtractMostSignificantBits();
                if (won == 0)
                {
                    continue;
                }
                var target = gradient + _winnerOffsets.Pointer[pixel];
                var filters = weights + (channel * 9 * _inChannels);
                if (SimdPaths.HasManyRegisters)
                {
                    AddFilters<SimdPair<T>>(target, filters, outputGradient + channel, won);
                }
                else
                {
                    AddFilters<T>(target, filters, outputGradient + channel, won);
                }
            }
        }
    }

    /// <summary>Adds the filters whose bit is set, each times its gradient.</summary>
    private void AddFilters<TBlock>(float* target, float* filters, float* outputGradient, uint won)
        where TBlock : struct, ISimdBlock<TBlock>
    {
        for (var i = 0; i < _inChannels; i += TBlock.Count)
        {
            AddFilterBlocks<TBlock>(target + i, filters + i, outputGradient, won);
        }
    }

    /// <summary>9 x one block of input channels, summed in registers.</summary>
    private void AddFilterBlocks<TBlock>(float* target, float* filters, float* outputGradient, uint won)
        where TBlock : struct, ISimdBlock<TBlock>
    {
        nint one = _inChannels, two = 2 * _inChannels, filter = 9 * _inChannels, rowStride = _rowStride;
        TBlock a0, a1, a2, a3, a4, a5, a6, a7, a8;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = a8 = TBlock.Zero;
        for (; won != 0; won &= won - 1)
        {
            nint channel = BitOperations.TrailingZeroCount(won);
            var value = outputGradient + channel;
            float* w0 = filters + (channel * filter), w3 = w0 + (3 * one), w6 = w3 + (3 * one);
            a0 = TBlock.MultiplyAdd(value, TBlock.Load(w0), a0);
            a1 = TBlock.MultiplyAdd(value, TBlock.Load(w0 + one), a1);
            a2 = TBlock.MultiplyAdd(value, TBlock.Load(w0 + two), a2);
            a3 = TBlock.MultiplyAdd(value, TBlock.Load(w3), a3);
            a4 = TBlock.MultiplyAdd(value, TBlock.Load(w3 + one), a4);
            a5 = TBlock.MultiplyAdd(value, TBlock.Load(w3 + two), a5);
            a6 = TBlock.MultiplyAdd(value, TBlock.Load(w6), a6);
            a7 = TBlock.MultiplyAdd(value, TBlock.Load(w6 + one), a7);
            a8 = TBlock.MultiplyAdd(value, TBlock.Load(w6 + two), a8);
        }
        float* t3 = target + rowStride, t6 = t3 + rowStride;
        Store(target, one, TBlock.Load(target) + a0, TBlock.Load(target + one) + a1, TBlock.Load(target + two) + a2);
        Store(t3, one, TBlock.Load(t3) + a3, TBlock.Load(t3 + one) + a4, TBlock.Load(t3 + two) + a5);
        Store(t6, one, TBlock.Load(t6) + a6, TBlock.Load(t6 + one) + a7, TBlock.Load(t6 + two) + a8);
    }

    /// <summary>A pixel that counts: where its 3x3 input pixels begin, and its gradient.</summary>
    private struct Entry
    {
        public int Offset;
        public float Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TBlock>(float* target, nint stride, TBlock first, TBlock second, TBlock third)
        where TBlock : struct, ISimdBlock<TBlock>
    {
        first.Store(target);
        second.Store(target + stride);
        third.Store(target + stride + stride);
    }
}
