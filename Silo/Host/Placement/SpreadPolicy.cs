namespace OrleansEdge.Silo.Placement;

/// <summary>
/// Spreads numbered grains over silos in proportion to capacity. Who computes it does not matter: the choice depends on
/// the silos and the number alone.
/// </summary>
internal static class SpreadPolicy
{
    /// <summary>The silo of the grain with <paramref name="number"/>.</summary>
    /// <param name="capacities">Capacity of each silo, in an order that every silo agrees on.</param>
    /// <param name="number">0-based number of the grain; any number of consecutive grains is spread evenly.</param>
    /// <returns>Index into <paramref name="capacities"/>.</returns>
    /// <remarks>
    /// Grain k goes to the silo that is furthest below its share of the first k + 1 grains, the earlier one on a tie;
    /// the sequence repeats once all shares are whole, at latest after 4096 grains here.
    /// </remarks>
    public static int Choose(ReadOnlySpan<double> capacities, int number)
    {
        ArgumentOutOfRangeException.ThrowIfZero(capacities.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var total = 0.0;
        foreach (var capacity in capacities)
        {
            total += capacity;
        }
        var assigned = new int[capacities.Length];
        var chosen = 0;
        for (var k = 0; k <= number % 4096; k++)
        {
            var largestLack = double.NegativeInfinity;
            for (var s = 0; s < capacities.Length; s++)
            {
                var lack = (capacities[s] * (k + 1) / total) - assigned[s];
                if (lack > largestLack + 1e-9)
                {
                    (largestLack, chosen) = (lack, s);
                }
            }
            assigned[chosen]++;
        }
        return chosen;
    }

    /// <summary>A number below 2^16 from a name, the same in every process (FNV-1a, 32 bits folded).</summary>
    public static int NumberOf(ReadOnlySpan<char> name)
    {
        var hash = 2166136261u;
        foreach (var character in name)
        {
            hash = (hash ^ character) * 16777619u;
        }
        return (int)((hash ^ (hash >> 16)) & 0xffff);
    }
}
