using System.Runtime.CompilerServices;
using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Core.Models;

/// <summary>
/// A 3x3 convolution with stride 1 and one pixel of zero padding, on channels-last images. Inputs come padded:
/// [size + 2][size + 2][inChannels] with a border of zeros, so that no kernel has a branch for the edge.
/// </summary>
internal static unsafe class Convolution3x3<T>
    where T : struct, ISimdVector<T>
{
    /// <summary>Pixels of a row that one register block computes.</summary>
    public const int TileWidth = 7;

    /// <summary>One row of output pixels, bias added.</summary>
    /// <param name="input">The padded row above the output row.</param>
    /// <param name="weights">[3][3][inChannels][outChannels].</param>
    /// <param name="bias">[outChannels].</param>
    /// <param name="output">[width][outChannels].</param>
    public static void Row(
        float* input, float* weights, float* bias, float* output, int width, int inChannels, int outChannels)
    {
        if (SimdPaths.HasManyRegisters)
        {
            Row<SimdPair<T>>(input, weights, bias, output, width, inChannels, outChannels);
        }
        else
        {
            Row<T>(input, weights, bias, output, width, inChannels, outChannels);
        }
    }

    private static void Row<TBlock>(
        float* input, float* weights, float* bias, float* output, int width, int inChannels, int outChannels)
        where TBlock : struct, ISimdBlock<TBlock>
    {
        for (var channel = 0; channel < outChannels; channel += TBlock.Count)
        {
            for (var x = 0; x < width; x += TileWidth)
            {
                Tile<TBlock>(
                    input + (x * inChannels), (width + 2) * inChannels, weights + channel, bias + channel,
                    output + (x * outChannels) + channel, inChannels, outChannels);
            }
        }
    }

    /// <summary>7 pixels x one block of output channels, summed in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TBlock>(
        float* input, int rowStride, float* weights, float* bias, float* output, int inChannels, int outChannels)
        where TBlock : struct, ISimdBlock<TBlock>
    {
        TBlock a0, a1, a2, a3, a4, a5, a6;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = TBlock.Load(bias);
        for (var row = 0; row < 3; row++, input += rowStride)
        {
            float* p0 = input, p1 = p0 + inChannels, p2 = p1 + inChannels, p3 = p2 + inChannels;
            float* p4 = p3 + inChannels, p5 = p4 + inChannels, p6 = p5 + inChannels;
            for (nint i = 0; i < 3 * inChannels; i++, weights += outChannels)
            {
                var weight = TBlock.Load(weights);
                a0 = TBlock.MultiplyAdd(p0 + i, weight, a0);
                a1 = TBlock.MultiplyAdd(p1 + i, weight, a1);
                a2 = TBlock.MultiplyAdd(p2 + i, weight, a2);
                a3 = TBlock.MultiplyAdd(p3 + i, weight, a3);
                a4 = TBlock.MultiplyAdd(p4 + i, weight, a4);
                a5 = TBlock.MultiplyAdd(p5 + i, weight, a5);
                a6 = TBlock.MultiplyAdd(p6 + i, weight, a6);
            }
        }
        a0.Store(output);
        a1.Store(output + outChannels);
        a2.Store(output + (2 * outChannels));
        a3.Store(output + (3 * outChannels));
        a4.Store(output + (4 * outChannels));
        a5.Store(output + (5 * outChannels));
        a6.Store(output + (6 * outChannels));
    }
}
