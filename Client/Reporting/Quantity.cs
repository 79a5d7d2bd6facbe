using System.Globalization;

namespace OrleansEdge.Client.Reporting;

/// <summary>Quantities as people read them.</summary>
public static class Quantity
{
    private static readonly string[] ByteUnits = ["B", "kB", "MB", "GB", "TB", "PB"];

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>Such as "1.33 GB", in powers of 1000.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        while (Math.Abs(bytes) >= 999.5 && unit < ByteUnits.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }
        return string.Create(Invariant, $"{Significant(bytes, unit == 0)} {ByteUnits[unit]}");
    }

    /// <summary>A share from 0 to 1, such as "98.59 %"; "–" where there is none.</summary>
    public static string Percent(double share, int digits = 2) =>
        double.IsFinite(share) ? (share * 100).ToString("F" + digits, Invariant) + " %" : "–";

    /// <summary>Such as "250,000".</summary>
    public static string Count(double count) => double.IsFinite(count) ? count.ToString("#,0", Invariant) : "–";

    /// <summary>With a thousands separator and as many digits as matter.</summary>
    public static string Number(double value) => double.IsFinite(value)
        ? value.ToString(Math.Abs(value) >= 100 ? "#,0" : Math.Abs(value) >= 1 ? "0.##" : "0.####", Invariant)
        : "–";

    /// <summary>Such as "12.3 s", "4 min 10 s" or "3 h 20 min".</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            return "–";
        }
        var whole = TimeSpan.FromSeconds(Math.Round(Math.Min(seconds, 1e9)));
        return seconds < 99.5 ? string.Create(Invariant, $"{seconds:0.0} s")
            : whole.TotalHours < 1 ? string.Create(Invariant, $"{(int)whole.TotalMinutes} min {whole.Seconds:00} s")
            : whole.TotalDays < 2 ? string.Create(Invariant, $"{(int)whole.TotalHours} h {whole.Minutes:00} min")
            : string.Create(Invariant, $"{whole.TotalDays:0.0} d");
    }

    private static string Significant(double value, bool isWhole) =>
        value.ToString(isWhole || Math.Abs(value) >= 100 ? "0" : Math.Abs(value) >= 10 ? "0.0" : "0.00", Invariant);
}
