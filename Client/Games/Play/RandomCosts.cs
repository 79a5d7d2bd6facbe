using OrleansEdge.Core;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// Resources drawn from the seed: c(x) = slope x^degree + constant, both integers, so that potentials are exact.
/// </summary>
internal static class RandomCosts
{
    private const int LargestSlope = 9;

    /// <summary>
    /// Slopes are uniform from 1 to 9; constants are uniform from 0 to nine times the typical load's power, so that
    /// neither drowns the other.
    /// </summary>
    /// <param name="typicalLoad">Players that a resource has in the mean, at least 1.</param>
    public static LoadCost[] Draw(int resources, int degree, int typicalLoad, ulong seed)
    {
        var costs = new LoadCost[resources];
        var scale = Math.Pow(typicalLoad, degree);
        for (var resource = 0; resource < resources; resource++)
        {
            var random = new RandomStream(seed, "play.resource", (ulong)resource);
            var slope = 1 + random.NextInt(LargestSlope);
            var constant = Math.Floor(LargestSlope * scale * random.NextDouble());
            var coefficients = new double[degree + 1];
            (coefficients[0], coefficients[degree]) = (constant, slope);
            costs[resource] = degree == 1 ? LoadCost.Affine(slope, constant) : LoadCost.Polynomial(coefficients);
        }
        return costs;
    }

    /// <summary>So many different numbers below a bound, ascending.</summary>
    public static int[] Subset(int count, int bound, ref RandomStream random)
    {
        var chosen = new SortedSet<int>();
        // Floyd 1987: one draw for each member.
        for (var last = bound - count; last < bound; last++)
        {
            var draw = random.NextInt(last + 1);
            chosen.Add(chosen.Contains(draw) ? last : draw);
        }
        return [.. chosen];
    }
}
