using System.Globalization;
using System.Runtime.CompilerServices;

namespace OrleansEdge.Core.Offloading;

/// <summary>Range checks of options: one line that names the property, the value and the allowed range (64).</summary>
internal static class Check
{
    public static void Positive(double value, [CallerArgumentExpression(nameof(value))] string property = "") =>
        Require(value > 0 && double.IsFinite(value), property, value, "a finite number above 0");

    public static void NotNegative(double value, [CallerArgumentExpression(nameof(value))] string property = "") =>
        Require(value >= 0 && double.IsFinite(value), property, value, "a finite number, 0 or more");

    public static void Within(
        double value, double least, double most, [CallerArgumentExpression(nameof(value))] string property = "") =>
        Require(value >= least && value <= most, property, value, FormattableString.Invariant($"{least} to {most}"));

    public static void AtLeast(
        double value, double least, [CallerArgumentExpression(nameof(value))] string property = "") => Require(
            value >= least && double.IsFinite(value), property, value, FormattableString.Invariant($"{least} or more"));

    public static void NotEmpty<T>(
        IReadOnlyCollection<T> values, [CallerArgumentExpression(nameof(values))] string property = "")
    {
        if (values.Count == 0)
        {
            throw OrleansEdgeException.Usage($"{property} is empty; expected at least one value");
        }
    }

    public static void Require(bool holds, string property, double value, string expected)
    {
        if (!holds)
        {
            throw OrleansEdgeException.Usage(
                $"{property} {value.ToString(CultureInfo.InvariantCulture)}; expected {expected}");
        }
    }
}
