using System.Runtime.CompilerServices;

namespace OrleansEdge.Core;

/// <summary>
/// Checks of options (64) and of data (65): one line that names what is wrong, its value and what was expected.
/// </summary>
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

    /// <summary>Checks an option.</summary>
    public static void Require(bool holds, string property, object value, string expected)
    {
        if (!holds)
        {
            throw OrleansEdgeException.Usage(FormattableString.Invariant($"{property} {value}; expected {expected}"));
        }
    }

    /// <summary>Checks input data.</summary>
    public static void Data(bool holds, string message)
    {
        if (!holds)
        {
            throw OrleansEdgeException.WrongData(message);
        }
    }
}
