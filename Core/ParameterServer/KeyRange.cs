namespace OrleansEdge.Core.ParameterServer;

/// <summary>A half-open range [<paramref name="Start"/>, <paramref name="End"/>) of parameter indices.</summary>
public readonly record struct KeyRange(int Start, int End)
{
    public int Length => End - Start;

    /// <summary>
    /// Splits [0, <paramref name="count"/>) into contiguous ranges whose lengths differ by at most one.
    /// </summary>
    public static KeyRange[] Split(int count, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parts);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, parts);
        return [.. Enumerable.Range(0, parts).Select(i =>
            new KeyRange((int)((long)count * i / parts), (int)((long)count * (i + 1) / parts)))];
    }
}
