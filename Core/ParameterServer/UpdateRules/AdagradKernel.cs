using System.Numerics;

namespace OrleansEdge.Core.ParameterServer.UpdateRules;

/// <summary>The arithmetic of <see cref="AdagradRule"/>.</summary>
internal static class AdagradKernel
{
    /// <summary>sum + g^2, at most the largest finite number.</summary>
    public static float AddSquare(float sum, float gradient) =>
        MathF.Min(float.MaxValue, float.FusedMultiplyAdd(gradient, gradient, sum));

    /// <summary>w - gamma g / sqrt(sum + epsilon), with the present g already in the sum.</summary>
    public static float Step(float value, float sum, float gradient, float gamma) =>
        value - (gamma * gradient / MathF.Sqrt(sum + AdagradRule.Epsilon));

    /// <summary>Writes the values after one step; false when one of them is not finite.</summary>
    public static bool TryStep(
        ReadOnlySpan<float> values,
        ReadOnlySpan<float> sums,
        ReadOnlySpan<float> gradient,
        float gamma,
        Span<float> next)
    {
        var residue = Vector<float>.Zero;
        var largest = new Vector<float>(float.MaxValue);
        var epsilon = new Vector<float>(AdagradRule.Epsilon);
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradient[i..]);
            var sum = Vector.Min(largest, Vector.FusedMultiplyAdd(g, g, new Vector<float>(sums[i..])));
            var value = new Vector<float>(values[i..]) - (gamma * g / Vector.SquareRoot(sum + epsilon));
            residue += value - value;
            value.CopyTo(next[i..]);
        }
        var rest = Vector.Sum(residue);
        for (; i < values.Length; i++)
        {
            var value = Step(values[i], AddSquare(sums[i], gradient[i]), gradient[i], gamma);
            rest += value - value;
            next[i] = value;
        }
        return rest == 0;
    }

    /// <summary>Adds g^2 to each sum.</summary>
    public static void AccumulateSquares(ReadOnlySpan<float> gradient, Span<float> sums)
    {
        var largest = new Vector<float>(float.MaxValue);
        var i = 0;
        for (; i <= sums.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradient[i..]);
            Vector.Min(largest, Vector.FusedMultiplyAdd(g, g, new Vector<float>(sums[i..]))).CopyTo(sums[i..]);
        }
        for (; i < sums.Length; i++)
        {
            sums[i] = AddSquare(sums[i], gradient[i]);
        }
    }
}
