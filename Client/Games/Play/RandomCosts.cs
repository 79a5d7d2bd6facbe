using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// Resources drawn from the seed: c(x) = slope x^degree + constant, both integers, so that potentials are exact.
/// </summary>
internal static class RandomCosts
{
    private const int LargestSlope = 9;

    private const int DrawsBetweenChecks = 1 << 12;

    /// <summary>The costs of <see cref="Coefficients"/>.</summary>
    public static LoadCost[] Draw(int resources, int degree, int typicalLoad, ulong seed) =>
        Array.ConvertAll(Coefficients(resources, degree, typicalLoad, seed), Cost);

    /// <summary>The polynomial of some coefficients.</summary>
    public static LoadCost Cost(double[] coefficients) => LoadCost.Polynomial(coefficients);

    /// <summary>
    /// Slopes are uniform from 1 to 9; constants are uniform from 0 to nine times the typical load's power, so that
    /// neither drowns the other.
    /// </summary>
    /// <param name="typicalLoad">Players that a resource has in the mean, at least 1.</param>
    /// <returns>[resources][degree + 1]</returns>
    public static double[][] Coefficients(int resources, int degree, int typicalLoad, ulong seed)
    {
        var costs = new double[resources][];
        var scale = Math.Pow(typicalLoad, degree);
        for (var resource = 0; resource < resources; resource++)
        {
            var random = new RandomStream(seed, "play.resource", (ulong)resource);
            var slope = 1 + random.NextInt(LargestSlope);
            var constant = Math.Floor(LargestSlope * scale * random.NextDouble());
            costs[resource] = new double[degree + 1];
            (costs[resource][0], costs[resource][degree]) = (constant, slope);
        }
        return costs;
    }

    /// <summary>Ends the drawing of a large game where the user wants to stop: there is nothing yet to keep.</summary>
    /// <param name="drawn">How many players are drawn.</param>
    /// <exception cref="OperationCanceledException">The user wants to stop.</exception>
    public static void CheckStop(Invocation invocation, int drawn)
    {
        if (drawn % DrawsBetweenChecks == DrawsBetweenChecks - 1)
        {
            invocation.Stop.ThrowIfCancellationRequested();
        }
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
