using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansEdge.Core.Models;

/// <summary>Moves of row-major matrices.</summary>
internal static unsafe class Matrix
{
    /// <summary>target[column][row] = source[row][column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, float* target, int rows, int columns)
    {
        var (wholeRows, wholeColumns) = (rows & ~3, columns & ~3);
        for (var column = 0; column < wholeColumns; column += 4)
        {
            for (var row = 0; row < wholeRows; row += 4)
            {
                TransposeBlock(source + (row * columns) + column, columns, target + (column * rows) + row, rows);
            }
        }
        for (var row = 0; row < rows; row++)
        {
            for (var column = row < wholeRows ? wholeColumns : 0; column < columns; column++)
            {
                target[(column * rows) + row] = source[(row * columns) + column];
            }
        }
    }

    /// <summary>4x4 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var a = Vector128.Load(source);
        var b = Vector128.Load(source + sourceStride);
        var c = Vector128.Load(source + (2 * sourceStride));
        var d = Vector128.Load(source + (3 * sourceStride));
        var (low02, high02) = Interleave(a, c);
        var (low13, high13) = Interleave(b, d);
        var (first, second) = Interleave(low02, low13);
        var (third, fourth) = Interleave(high02, high13);
        first.Store(target);
        second.Store(target + targetStride);
        third.Store(target + (2 * targetStride));
        fourth.Store(target + (3 * targetStride));
    }

    /// <summary>(x0, y0, x1, y1) and (x2, y2, x3, y3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Interleave(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported
            ? (Sse.UnpackLow(x, y), Sse.UnpackHigh(x, y))
            : (Vector128.Create(x[0], y[0], x[1], y[1]), Vector128.Create(x[2], y[2], x[3], y[3]));
}
