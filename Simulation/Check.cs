using System.Globalization;
using OrleansEdge.Core;

namespace OrleansEdge.Simulation;

/// <summary>Range checks of options.</summary>
internal static class Check
{
    public static void AtLeast(double bound, double value, string owner, string property, bool orInfinite = false)
    {
        if (!(value >= bound) || (double.IsInfinity(value) && !orInfinite))
        {
            throw Wrong(value, owner, property, $"at least {Text(bound)}{(orInfinite ? ", possibly infinite" : "")}");
        }
    }

    public static void Above(double bound, double value, string owner, string property, bool orInfinite = false)
    {
        if (!(value > bound) || (double.IsInfinity(value) && !orInfinite))
        {
            throw Wrong(value, owner, property, $"above {Text(bound)}{(orInfinite ? ", possibly infinite" : "")}");
        }
    }

    public static void Probability(double value, string owner, string property)
    {
        if (!(value >= 0 && value <= 1))
        {
            throw Wrong(value, owner, property, "a probability in [0, 1]");
        }
    }

    public static void Factor(double value, string owner, string property)
    {
        if (!(value > 0 && value <= 1))
        {
            throw Wrong(value, owner, property, "above 0, at most 1");
        }
    }

    private static OrleansEdgeException Wrong(double value, string owner, string property, string expected) =>
        OrleansEdgeException.Usage($"{owner}: {property} is {Text(value)}; expected {expected}.");

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
