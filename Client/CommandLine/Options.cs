using System.CommandLine;
using System.Globalization;

namespace OrleansEdge.Client.CommandLine;

/// <summary>Makes options whose values are checked against a range.</summary>
internal static class Options
{
    /// <summary>As long as a timer takes.</summary>
    private static readonly TimeSpan MaximumDuration = TimeSpan.FromDays(40);

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>An integer from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static CheckedOption<int> Integer(string name, string description, int standard, int least, int most)
    {
        var option = new CheckedOption<int>(
            name, description, string.Create(Invariant, $"an integer from {least} to {most}"), "N",
            (string text, out int value) =>
                int.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out value)
                    && value >= least && value <= most);
        option.DefaultValueFactory = _ => standard;
        return option;
    }

    /// <summary>A long integer from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static CheckedOption<long> Long(
        string name, string description, long standard, long least, long most = 1_000_000_000_000)
    {
        var option = new CheckedOption<long>(
            name, description, string.Create(Invariant, $"an integer from {least} to {most}"), "N",
            (string text, out long value) =>
                long.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out value)
                    && value >= least && value <= most);
        option.DefaultValueFactory = _ => standard;
        return option;
    }

    /// <summary>A finite number in an interval; <paramref name="aboveLeast"/> leaves the lower end out.</summary>
    public static CheckedOption<double> Number(
        string name, string description, double standard, double least, double most, bool aboveLeast = false)
    {
        var lower = aboveLeast ? $"above {least.ToString(Invariant)} and" : $"from {least.ToString(Invariant)}";
        var upper = aboveLeast ? $"at most {most.ToString(Invariant)}" : $"to {most.ToString(Invariant)}";
        var option = new CheckedOption<double>(
            name, description, $"a number {lower} {upper}", "X",
            (string text, out double value) =>
                double.TryParse(text, NumberStyles.Float, Invariant, out value)
                && (aboveLeast ? value > least : value >= least) && value <= most);
        option.DefaultValueFactory = _ => standard;
        return option;
    }

    /// <summary>One of some names.</summary>
    public static CheckedOption<string> Choice(
        string name, string description, string standard, IReadOnlyCollection<string> names)
    {
        var option = new CheckedOption<string>(
            name, $"{description} One of {string.Join(", ", names)}.", "one of " + string.Join(", ", names), "NAME",
            (string text, out string value) =>
            {
                value = text;
                return names.Contains(text);
            });
        option.DefaultValueFactory = _ => standard;
        return option;
    }

    /// <summary>A text that is not empty; null when it is not given.</summary>
    /// <param name="writes">It names a file that is written.</param>
    public static CheckedOption<string?> Text(
        string name, string description, string expected, string helpName, bool writes = false) =>
        new(name, description, expected, helpName, (string text, out string? value) =>
        {
            value = text;
            return !string.IsNullOrWhiteSpace(text);
        })
        {
            Writes = writes,
        };

    /// <summary>A length of time such as "90", "30s", "5m" or "2h"; without a unit it is in seconds.</summary>
    public static CheckedOption<TimeSpan?> Duration(string name, string description, TimeSpan? standard = null)
    {
        var option = new CheckedOption<TimeSpan?>(
            name, description, "a length of time above 0, such as 90, 30s, 5m or 2h", "TIME",
            (string text, out TimeSpan? value) =>
            {
                var unit = text.Length == 0 ? 's' : text[^1];
                var seconds = unit switch { 'm' => 60, 'h' => 3600, _ => 1 };
                var number = unit is 's' or 'm' or 'h' ? text.AsSpan(0, Math.Max(text.Length - 1, 0)) : text;
                var read = double.TryParse(number, NumberStyles.AllowDecimalPoint, Invariant, out var length)
                    && length > 0 && length * seconds <= MaximumDuration.TotalSeconds;
                value = read ? TimeSpan.FromSeconds(length * seconds) : null;
                return read;
            });
        option.DefaultValueFactory = _ => standard;
        return option;
    }

    /// <summary>A switch.</summary>
    public static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };
}
