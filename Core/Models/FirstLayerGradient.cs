using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Core.Models;

/// <summary>
/// The weight gradient of a 3x3 convolution of one input channel under ReLU and 2x2 max-pooling. Vectors run over the
/// output channels, whose winning pixels differ; but all four pixels of a window see no more than 4x4 input pixels,
/// and these fit in one table from which each lane looks up what its own winner saw.
/// </summary>
internal sealed unsafe class FirstLayerGradient<T>(int size, int outChannels)
    where T : struct, ISimdVector<T>
{
    private const int Patch = 16;
    private readonly AlignedBuffer<float> _patches = new(size * size / 4 * Patch);
    private readonly AlignedBuffer<float> _filters = new(9 * outChannels);

    /// <summary>Starts a batch.</summary>
    public void Clear() => _filters.Span.Clear();

    /// <summary>Adds one image's share.</summary>
    /// <param name="input">[size + 2][size + 2], padded.</param>
    /// <param name="winners">[size / 2][size / 2][outChannels].</param>
    /// <param name="outputGradient">[size / 2] rows of [size / 2][outChannels].</param>
    /// <param name="outputRowStride">From one row of <paramref name="outputGradient"/> to the next.</param>
    /// <param name="biasGradient">[outChannels].</param>
    public void Accumulate(
        float* input, byte* winners, float* outputGradient, int outputRowStride, float* biasGradient)
    {
        CollectPatches(input);
        for (var channel = 0; channel < outChannels; channel += T.Count)
        {
            AddToFilters(
                winners + channel, outputGradient + channel, outputRowStride, _filters.Pointer + channel,
                biasGradient + channel);
        }
    }

    /// <summary>Writes the batch's weight gradient, [outChannels][3][3].</summary>
    public void CopyTo(float* weightGradient) => Matrix.Transpose(_filters.Pointer, weightGradient, 9, outChannels);

    /// <summary>Copies the 4x4 input pixels under each window.</summary>
    private void CollectPatches(float* input)
    {
        var patch = _patches.Pointer;
        for (var y = 0; y < size; y += 2)
        {
            for (var x = 0; x < size; x += 2, patch += Patch)
            {
                var corner = input + (y * (size + 2)) + x;
                for (var row = 0; row < 4; row++)
                {
                    Vector128.Store(Vector128.Load(corner + (row * (size + 2))), patch + (4 * row));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddToFilters(
        byte* winners, float* outputGradient, int outputRowStride, float* filters, float* biasGradient)
    {
        float* f3 = filters + (3 * outChannels), f6 = filters + (6 * outChannels);
        T a0 = T.Load(filters), a1 = T.Load(filters + outChannels), a2 = T.Load(filters + (2 * outChannels));
        T a3 = T.Load(f3), a4 = T.Load(f3 + outChannels), a5 = T.Load(f3 + (2 * outChannels));
        T a6 = T.Load(f6), a7 = T.Load(f6 + outChannels), a8 = T.Load(f6 + (2 * outChannels));
        T bias = T.Load(biasGradient), zero = T.Zero;
        var patch = _patches.Pointer;
        for (var y = 0; y < size / 2; y++, outputGradient += outputRowStride)
        {
            for (var x = 0; x < size / 2; x++, winners += outChannels, patch += Patch)
            {
                var winner = T.LoadIntegers(winners);
                var value = T.Load(outputGradient + (x * outChannels));
                value = T.IfEqual(winner, T.BroadcastInteger(MaxPool2x2<T>.Off), zero, value);
                bias += value;
                // Winners 2 and 3 lie one patch row, 4 entries, below 0 and 1.
                var at = T.AddIntegers(winner, T.AndIntegers(winner, T.BroadcastInteger(2)));
                a0 = T.MultiplyAdd(value, T.Lookup(patch, at), a0);
                a1 = T.MultiplyAdd(value, T.Lookup(patch, T.AddIntegers(at, T.BroadcastInteger(1))), a1);
                a2 = T.MultiplyAdd(value, T.Lookup(patch, T.AddIntegers(at, T.BroadcastInteger(2))), a2);
                a3 = T.MultiplyAdd(value, T.Lookup(patch, T.AddIntegers(at, T.BroadcastInteger(4))), a3);
                a4 = T.MultiplyAdd(value, T.Lookup(patch, T.AddIntegers(at, T.BroadcastInteger(5))), a4);
                a5 = T.MultiplyAdd(value, T.Lookup(patch, T.AddIntegers(at, T.BroadcastInteger(6))), a5);
                a6 = T.MultiplyAdd(value, T.Lookup(patch, T.AddIntegers(at, T.BroadcastInteger(8))), a6);
                a7 = T.MultiplyAdd(value, T.Lookup(patch, T.AddIntegers(at, T.BroadcastInteger(9))), a7);
                a8 = T.MultiplyAdd(value, T.Lookup(patch, T.AddIntegers(at, T.BroadcastInteger(10))), a8);
            }
        }
        bias.Store(biasGradient);
        Store(filters, a0, a1, a2);
        Store(f3, a3, a4, a5);
        Store(f6, a6, a7, a8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(float* filters, T first, T second, T third)
    {
        first.Store(filters);
        second.Store(filters + outChannels);
        third.Store(filters + (2 * outChannels));
    }
}
