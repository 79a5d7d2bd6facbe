using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Core.Models;

/// <summary>
/// A fully connected layer: y = W x + b, with W row-major [outputs][inputs]. Each kernel computes a register block of
/// 5 rows x 2; where an extent is not a multiple of the block, the last rows are computed twice, with the same
/// result.
/// </summary>
internal static unsafe class Dense<T>
    where T : struct, ISimdVector<T>
{
    /// <summary>
    /// Partial sums of an inner product; the same on every path, so that the paths agree bit for bit.
    /// </summary>
    private const int Lanes = 16;

    /// <summary>output[n][o] = bias[o] + sum over i of weights[o][i] input[n][i].</summary>
    public static void Forward(
        float* input, float* weights, float* bias, float* output, int batch, int inputs, int outputs)
    {
        var sums = stackalloc float[10 * Lanes];
        for (var n = 0; n < batch; n += 5)
        {
            var last = batch - 1;
            var (n1, n2) = (Math.Min(n + 1, last), Math.Min(n + 2, last));
            var (n3, n4) = (Math.Min(n + 3, last), Math.Min(n + 4, last));
            for (var o = 0; o < outputs; o += 2)
            {
                var o1 = Math.Min(o + 1, outputs - 1);
                InnerProducts(
                    input + ((nint)n * inputs), input + ((nint)n1 * inputs), input + ((nint)n2 * inputs),
                    input + ((nint)n3 * inputs), input + ((nint)n4 * inputs),
                    weights + ((nint)o * inputs), weights + ((nint)o1 * inputs), inputs, sums);
                for (var i = 0; i < 5; i++)
                {
                    var row = output + ((nint)Math.Min(n + i, last) * outputs);
                    row[o] = Sum(sums + (2 * i * Lanes)) + bias[o];
                    row[o1] = Sum(sums + (((2 * i) + 1) * Lanes)) + bias[o1];
                }
            }
        }
    }

    /// <summary>
    /// weightGradient[o][i] = sum over n of outputGradient[n][o] input[n][i]; biasGradient[o] likewise.
    /// </summary>
    public static void WeightGradient(
        float* outputGradient, float* input, float* weightGradient, float* biasGradient, int batch, int inputs,
        int outputs)
    {
        new Span<float>(biasGradient, outputs).Clear();
        for (var n = 0; n < batch; n++)
        {
            for (var o = 0; o < outputs; o++)
            {
                biasGradient[o] += outputGradient[(n * outputs) + o];
            }
        }
        Products(outputGradient, 1, outputs, input, weightGradient, outputs, batch, inputs);
    }

    /// <summary>inputGradient[n][i] = sum over o of outputGradient[n][o] weights[o][i].</summary>
    public static void InputGradient(
        float* outputGradient, float* weights, float* inputGradient, int batch, int inputs, int outputs) =>
        Products(outputGradient, outputs, 1, weights, inputGradient, batch, outputs, inputs);

    /// <summary>
    /// result[r][c] = sum over k of left[r * rowStride + k * termStride] right[k][c], for r below rows and c below
    /// columns.
    /// </summary>
    private static void Products(
        float* left, int rowStride, int termStride, float* right, float* result, int rows, int terms, int columns)
    {
        if (columns < 2 * T.Count)
        {
            if (columns == 1)
            {
                Column(left, rowStride, termStride, right, result, rows, terms);
            }
            else
            {
                Dense<Simd1>.Products(left, rowStride, termStride, right, result, rows, terms, columns);
            }
            return;
        }
        for (var column = 0; column < columns; column += 2 * T.Count)
        {
            var c = Math.Min(column, columns - (2 * T.Count));
            for (var r = 0; r < rows; r += 5)
            {
                ProductsTile(left, rowStride, termStride, right + c, result + c, r, rows - 1, terms, columns);
            }
        }
    }

    private static void Column(
        float* left, int rowStride, int termStride, float* right, float* result, int rows, int terms)
    {
        for (var r = 0; r < rows; r++)
        {
            var sum = 0f;
            for (var k = 0; k < terms; k++)
            {
                sum = MathF.FusedMultiplyAdd(left[(r * rowStride) + (k * termStride)], right[k], sum);
            }
            result[r] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ProductsTile(
        float* left, int rowStride, int termStride, float* right, float* result, int row, int lastRow,
        int terms, int columns)
    {
        nint r0 = row, r1 = Math.Min(row + 1, lastRow), r2 = Math.Min(row + 2, lastRow);
        nint r3 = Math.Min(row + 3, lastRow), r4 = Math.Min(row + 4, lastRow);
        float* p0 = left + (r0 * rowStride), p1 = left + (r1 * rowStride), p2 = left + (r2 * rowStride);
        float* p3 = left + (r3 * rowStride), p4 = left + (r4 * rowStride);
        SimdPair<T> a0, a1, a2, a3, a4;
        a0 = a1 = a2 = a3 = a4 = SimdPair<T>.Zero;
        for (nint k = 0; k < (nint)terms * termStride; k += termStride, right += columns)
        {
            var vector = SimdPair<T>.Load(right);
            a0 = SimdPair<T>.MultiplyAdd(p0 + k, vector, a0);
            a1 = SimdPair<T>.MultiplyAdd(p1 + k, vector, a1);
            a2 = SimdPair<T>.MultiplyAdd(p2 + k, vector, a2);
            a3 = SimdPair<T>.MultiplyAdd(p3 + k, vector, a3);
            a4 = SimdPair<T>.MultiplyAdd(p4 + k, vector, a4);
        }
        a0.Store(result + (r0 * columns));
        a1.Store(result + (r1 * columns));
        a2.Store(result + (r2 * columns));
        a3.Store(result + (r3 * columns));
        a4.Store(result + (r4 * columns));
    }

    /// <summary>The inner products of 5 inputs with 2 weight rows, each as <see cref="Lanes"/> partial sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InnerProducts(
        float* p0, float* p1, float* p2, float* p3, float* p4, float* w0, float* w1, int length, float* sums)
    {
        var whole = length - (length % Lanes);
        for (nint lane = 0; lane < Lanes; lane += T.Count)
        {
            SimdPair<T> a0, a1, a2, a3, a4;
            a0 = a1 = a2 = a3 = a4 = SimdPair<T>.Zero;
            for (var i = lane; i < whole; i += Lanes)
            {
                var weights = new SimdPair<T>(T.Load(w0 + i), T.Load(w1 + i));
                a0 = SimdPair<T>.MultiplyAdd(T.Load(p0 + i), weights, a0);
                a1 = SimdPair<T>.MultiplyAdd(T.Load(p1 + i), weights, a1);
                a2 = SimdPair<T>.MultiplyAdd(T.Load(p2 + i), weights, a2);
                a3 = SimdPair<T>.MultiplyAdd(T.Load(p3 + i), weights, a3);
                a4 = SimdPair<T>.MultiplyAdd(T.Load(p4 + i), weights, a4);
            }
            var target = sums + lane;
            a0.Store(target, target + Lanes);
            a1.Store(target + (2 * Lanes), target + (3 * Lanes));
            a2.Store(target + (4 * Lanes), target + (5 * Lanes));
            a3.Store(target + (6 * Lanes), target + (7 * Lanes));
            a4.Store(target + (8 * Lanes), target + (9 * Lanes));
        }
        for (nint lane = 0; lane < length - whole; lane++)
        {
            var (i, u, v) = (whole + lane, w0[whole + lane], w1[whole + lane]);
            AddTail(sums + lane, p0[i], u, v);
            AddTail(sums + lane + (2 * Lanes), p1[i], u, v);
            AddTail(sums + lane + (4 * Lanes), p2[i], u, v);
            AddTail(sums + lane + (6 * Lanes), p3[i], u, v);
            AddTail(sums + lane + (8 * Lanes), p4[i], u, v);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTail(float* sums, float x, float u, float v)
    {
        sums[0] = MathF.FusedMultiplyAdd(x, u, sums[0]);
        sums[Lanes] = MathF.FusedMultiplyAdd(x, v, sums[Lanes]);
    }

    /// <summary>The partial sums added pairwise: lane j to lane j + 8, then 4, 2, 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(float* sums)
    {
        var quarters = (Vector128.Load(sums) + Vector128.Load(sums + 8))
            + (Vector128.Load(sums + 4) + Vector128.Load(sums + 12));
        var halves = quarters + Vector128.Shuffle(quarters, Vector128.Create(2, 3, 0, 1));
        return halves[0] + halves[1];
    }
}
