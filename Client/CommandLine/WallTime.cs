using System.Globalization;

namespace OrleansEdge.Client.CommandLine;

/// <summary>A span of wall time as options take it: <c>30s</c>, <c>5m</c>, <c>1.5h</c>, or <c>0</c>.</summary>
internal readonly record struct WallTime(TimeSpan Span)
{
    /// <summary>Ends the sentence "expected ...".</summary>
    public const string Expected = "0 or a number with s, m or h, such as 30s or 5m, up to 1000h";

    private const double MostSeconds = 1000 * 3600;

    public static bool TryParse(string text, out WallTime time)
    {
        time = default;
        if (text == "0")
        {
            return true;
        }
        var unit = text.Length == 0 ? 0 : UnitOf(text[^1]);
        if (unit == 0
            || !double.TryParse(
                text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var number)
            || !(number * unit <= MostSeconds))
        {
            return false;
        }
        time = new WallTime(TimeSpan.FromSeconds(number * unit));
        return true;
    }

    public override string ToString() => Span == TimeSpan.Zero ? "0"
        : Span.TotalSeconds % 3600 == 0 ? Text(Span.TotalHours, 'h')
        : Span.TotalSeconds % 60 == 0 ? Text(Span.TotalMinutes, 'm')
        : Text(Span.TotalSeconds, 's');

    private static double UnitOf(char letter) => letter switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => 0,
    };

    private static string Text(double number, char unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:0.###}{unit}");
}
