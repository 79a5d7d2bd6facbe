using System.Numerics;

namespace OrleansEdge.Core.Compression;

/// <summary>Finds NaN and infinity.</summary>
public static class FiniteCheck
{
    /// <summary>True when no element is NaN or infinite.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        // x - x is 0 for finite x, NaN otherwise; NaN survives additions.
        var residue = Vector<float>.Zero;
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = new Vector<float>(values[i..]);
            residue += value - value;
        }
        var rest = Vector.Sum(residue);
        for (; i < values.Length; i++)
        {
            rest += values[i] - values[i];
        }
        return rest == 0;
    }

    /// <summary>Index of the first element that is NaN or infinite, -1 when there is none.</summary>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        if (!AllFinite(values))
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (!float.IsFinite(values[i]))
                {
                    return i;
                }
            }
        }
        return -1;
    }
}
