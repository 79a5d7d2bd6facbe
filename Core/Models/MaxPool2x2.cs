using System.Runtime.CompilerServices;
using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Core.Models;

/// <summary>
/// ReLU after max-pooling over 2x2 windows (they commute), remembering which pixel won. After it only one pixel of
/// four has a gradient, and none where the ReLU is off.
/// </summary>
internal static unsafe class MaxPool2x2<T>
    where T : struct, ISimdVector<T>
{
    /// <summary>The winner's code where the pooled value is not above 0; codes 0 to 3 are 2 * row + column.</summary>
    public const int Off = 4;

    /// <summary>Pools two rows of pixels. Of equal pixels the first in row-major order wins.</summary>
    /// <param name="upper">[width][channels].</param>
    /// <param name="lower">[width][channels].</param>
    /// <param name="output">[width / 2][channels].</param>
    /// <param name="winners">[width / 2][channels].</param>
    public static void Rows(float* upper, float* lower, float* output, byte* winners, int width, int channels)
    {
        T zero = T.Zero, one = T.BroadcastInteger(1), two = T.BroadcastInteger(2);
        T three = T.BroadcastInteger(3), off = T.BroadcastInteger(Off);
        for (var x = 0; x < width; x += 2)
        {
            for (var channel = 0; channel < channels; channel += T.Count)
            {
                var best = T.Load(upper + channel);
                var code = T.BroadcastInteger(0);
                Challenge(T.Load(upper + channels + channel), one, ref best, ref code);
                Challenge(T.Load(lower + channel), two, ref best, ref code);
                Challenge(T.Load(lower + channels + channel), three, ref best, ref code);
                T.IfGreater(best, zero, code, off).StoreIntegers(winners + channel);
                T.IfGreater(zero, best, zero, best).Store(output + channel);
            }
            upper += 2 * channels;
            lower += 2 * channels;
            output += channels;
            winners += channels;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Challenge(T candidate, T itsCode, ref T best, ref T code)
    {
        code = T.IfGreater(candidate, best, itsCode, code);
        best = T.IfGreater(candidate, best, candidate, best);
    }
}
