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
        for (var channel = 0; channel < outChannels; channel += 2 * T.Count)
        {
            for (var x = 0; x < width; x += TileWidth)
            {
                Tile(
                    input + (x * inChannels), (width + 2) * inChannels, weights + channel, bias + channel,
                    output + (x * outChannels) + channel, inChannels, outChannels);
            }
        }
    }

    /// <summary>7 pixels x 2 vectors of output channels, held in 14 registers.</summary>
    private static void Tile(
        float* input, int rowStride, float* weights, float* bias, float* output, int inChannels, int outChannels)
    {
        T a0, a1, a2, a3, a4, a5, a6, b0, b1, b2, b3, b4, b5, b6;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = T.Load(bias);
        b0 = b1 = b2 = b3 = b4 = b5 = b6 = T.Load(bias + T.Count);
        for (var row = 0; row < 3; row++, input += rowStride)
        {
            float* p0 = input, p1 = p0 + inChannels, p2 = p1 + inChannels, p3 = p2 + inChannels;
            float* p4 = p3 + inChannels, p5 = p4 + inChannels, p6 = p5 + inChannels;
            for (nint i = 0; i < 3 * inChannels; i++, weights += outChannels)
            {
                var (u, v) = (T.Load(weights), T.Load(weights + T.Count));
                var x = T.Broadcast(p0[i]);
                (a0, b0) = (T.MultiplyAdd(x, u, a0), T.MultiplyAdd(x, v, b0));
                x = T.Broadcast(p1[i]);
                (a1, b1) = (T.MultiplyAdd(x, u, a1), T.MultiplyAdd(x, v, b1));
                x = T.Broadcast(p2[i]);
                (a2, b2) = (T.MultiplyAdd(x, u, a2), T.MultiplyAdd(x, v, b2));
                x = T.Broadcast(p3[i]);
                (a3, b3) = (T.MultiplyAdd(x, u, a3), T.MultiplyAdd(x, v, b3));
                x = T.Broadcast(p4[i]);
                (a4, b4) = (T.MultiplyAdd(x, u, a4), T.MultiplyAdd(x, v, b4));
                x = T.Broadcast(p5[i]);
                (a5, b5) = (T.MultiplyAdd(x, u, a5), T.MultiplyAdd(x, v, b5));
                x = T.Broadcast(p6[i]);
                (a6, b6) = (T.MultiplyAdd(x, u, a6), T.MultiplyAdd(x, v, b6));
            }
        }
        Store(output, a0, b0);
        Store(output += outChannels, a1, b1);
        Store(output += outChannels, a2, b2);
        Store(output += outChannels, a3, b3);
        Store(output += outChannels, a4, b4);
        Store(output += outChannels, a5, b5);
        Store(output += outChannels, a6, b6);
    }

    private static void Store(float* output, T first, T second)
    {
        first.Store(output);
        second.Store(output + T.Count);
    }
}
