using System.Numerics;

namespace OrleansEdge.Core.ParameterServer.UpdateRules;

/// <summary>What several rules compute.</summary>
internal static class ShardKernels
{
    /// <summary>next = current - rate gradient; false when an element of next is not finite.</summary>
    public static bool TrySubtractScaled(
        ReadOnlySpan<float> current, ReadOnlySpan<float> gradient, float rate, Span<float> next)
    {
        // x - x is 0 for finite x, NaN otherwise; NaN survives additions.
        var residue = Vector<float>.Zero;
        var scale = new Vector<float>(-rate);
        var i = 0;
        for (; i <= current.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (g, w) = (new Vector<float>(gradient[i..]), new Vector<float>(current[i..]));
            var value = Vector.FusedMultiplyAdd(scale, g, w);
            residue += value - value;
            value.CopyTo(next[i..]);
        }
        var rest = Vector.Sum(residue);
        for (; i < current.Length; i++)
        {
            var value = float.FusedMultiplyAdd(-rate, gradient[i], current[i]);
            rest += value - value;
            next[i] = value;
        }
        return rest == 0;
    }

    /// <summary>Writes <paramref name="updated"/> to its positions when all of it is finite.</summary>
    public static bool TryScatter(ReadOnlySpan<float> updated, ReadOnlySpan<int> positions, Span<float> values)
    {
        if (!Compression.FiniteCheck.AllFinite(updated))
        {
            return false;
        }
        for (var i = 0; i < updated.Length; i++)
        {
            values[positions[i]] = updated[i];
        }
        return true;
    }

    /// <summary>Scratch memory that grows when it must.</summary>
    public static Span<float> Scratch(ref float[] memory, int length)
    {
        if (memory.Length < length)
        {
            memory = GC.AllocateUninitializedArray<float>(Math.Max(length, 2 * memory.Length));
        }
        return memory.AsSpan(0, length);
    }

    public static void RequireStateLength(string rule, int expected, int actual)
    {
        if (expected != actual)
        {
            throw OrleansEdgeException.WrongData(
                $"shard state: rule {rule} has {actual} bytes of state; expected {expected}");
        }
    }
}
