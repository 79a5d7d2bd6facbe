using System.Globalization;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Games;
using Spectre.Console;

namespace OrleansEdge.Client.Games.Play;

/// <summary>A game's outcome as people read it.</summary>
internal static class PlayText
{
    /// <summary>The rows that every game has, and those of this one.</summary>
    public static IReadOnlyList<(string Label, string Value)> Rows(GameOutcome outcome)
    {
        var certificate = outcome.Certificate;
        var rows = new List<(string, string)>
        {
            ("equilibrium", Verdict(outcome)),
            ("regret", $"{Number(certificate.MaxRegret)} at most, {Number(certificate.MeanRegret)} in the mean; "
                + (certificate.IsEquilibrium ? $"tolerance {Number(certificate.Tolerance)}"
                    : $"{Quantity.Count(certificate.PositiveRegretCount)} players could gain")
                + (certificate.UnaskedCount == 0 ? ""
                    : $"; {Quantity.Count(certificate.UnaskedCount)} players were not asked")),
            ("steps", $"{Quantity.Count(certificate.Steps)} moves, {Quantity.Count(certificate.Slots)} decision slots, "
                + $"{Quantity.Count(certificate.Messages)} messages ({outcome.Solver})"),
            ("social cost", Number(outcome.SocialCost)),
        };
        if (certificate is { PotentialStart: { } start, PotentialEnd: { } end })
        {
            rows.Add(("potential", $"{Number(start)} to {Number(end)}"));
        }
        rows.AddRange(outcome.Figures.Select(figure => (figure.Label, Value(figure.Value))));
        rows.Add(("time", string.Create(CultureInfo.InvariantCulture, $"{outcome.WallSeconds * 1000:0.###} ms")));
        rows.Add(("hash", certificate.ProfileHash.ToString("x16", CultureInfo.InvariantCulture)));
        return rows;
    }

    /// <summary>Writes the outcome to a console.</summary>
    public static void Write(IAnsiConsole console, string game, GameOutcome outcome, ulong seed)
    {
        console.MarkupLineInterpolated($"[bold]{game}[/]: {outcome.Setting}, seed {seed}");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach (var (label, value) in Rows(outcome))
        {
            grid.AddRow($"[grey]{Markup.Escape(label)}[/]", Markup.Escape(value));
        }
        console.Write(grid);
        if (outcome.Comparison is { } comparison)
        {
            Write(console, comparison);
        }
        WriteWarnings(console, outcome);
    }

    /// <summary>Writes what is bad about an outcome.</summary>
    public static void WriteWarnings(IAnsiConsole console, GameOutcome outcome)
    {
        foreach (var warning in outcome.Warnings)
        {
            console.MarkupLineInterpolated($"[yellow]![/] {warning}.");
        }
    }

    /// <summary>Writes a report's table to a console; the first row, the result's own, stands out.</summary>
    public static void Write(IAnsiConsole console, ReportTable comparison)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey);
        table.Title = comparison.Title is null ? null : new TableTitle(Markup.Escape(comparison.Title));
        foreach (var (column, name) in comparison.Columns.Index())
        {
            var header = new TableColumn(Markup.Escape(name));
            table.AddColumn(column == 0 ? header : header.RightAligned());
        }
        foreach (var (index, row) in comparison.Rows.Index())
        {
            table.AddRow([.. row.Select(cell => index == 0 ? $"[bold]{Markup.Escape(cell)}[/]" : Markup.Escape(cell))]);
        }
        console.Write(table);
    }

    /// <summary>A value of any type.</summary>
    public static string Value(object? value) => value switch
    {
        null => "undefined",
        double number => Number(number),
        int count => Quantity.Count(count),
        long count => Quantity.Count(count),
        bool flag => flag ? "yes" : "no",
        _ => value.ToString() ?? "–",
    };

    /// <summary>Six digits, as people write numbers where that is short.</summary>
    public static string Number(double value) => !double.IsFinite(value) ? "undefined"
        : Math.Abs(value) is >= 1e4 and < 1e12 ? value.ToString("#,0", CultureInfo.InvariantCulture)
        : (value + 0.0).ToString("g6", CultureInfo.InvariantCulture);

    private static string Verdict(GameOutcome outcome)
    {
        var certificate = outcome.Certificate;
        return certificate.IsEquilibrium ? "yes, certified: nobody gains by moving alone"
            : certificate.StopReason == StopReason.StepLimit && !outcome.SeeksEquilibrium ? "no, nor is one sought"
            : $"no ({certificate.StopReason})";
    }
}
