using System.Globalization;
using System.Text;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;
using OrleansEdge.Client.Training;

namespace OrleansEdge.Client.Reproduction;

/// <summary>A setting's numbers beside the paper's.</summary>
internal sealed record FigureRow
{
    public required string Setting { get; init; }

    /// <summary>Mean of the runs' highest accuracies, the paper's measure.</summary>
    public required double Accuracy { get; init; }

    public required double LowestAccuracy { get; init; }

    public required double HighestAccuracy { get; init; }

    /// <summary>Mean of the runs' last accuracies.</summary>
    public required double FinalAccuracy { get; init; }

    public required double? PaperAccuracy { get; init; }

    /// <summary>Mean ingress to 97 %; null when a run never had it.</summary>
    public required double? BytesTo97Percent { get; init; }

    public required double? PaperBytesTo97Percent { get; init; }

    public required double? UpdatesTo97Percent { get; init; }

    public required double IngressBytes { get; init; }

    public required double MeanStaleness { get; init; }

    public required double CrashedWorkers { get; init; }

    public required double WallSeconds { get; init; }

    public required IReadOnlyList<string> TraceHashes { get; init; }

    public static FigureRow Of(ReportedRun run) => new()
    {
        Setting = run.Name,
        Accuracy = run.MeanMaxAccuracy,
        LowestAccuracy = run.Repeats.Min(r => r.MaxAccuracy),
        HighestAccuracy = run.Repeats.Max(r => r.MaxAccuracy),
        FinalAccuracy = run.MeanFinalAccuracy,
        PaperAccuracy = run.Paper?.Accuracy,
        BytesTo97Percent = run.MeanBytesToAccuracy(0.97),
        PaperBytesTo97Percent = run.Paper?.BytesTo97Percent,
        UpdatesTo97Percent = run.MeanUpdatesToAccuracy(0.97),
        IngressBytes = run.Repeats.Average(r => r.IngressBytes),
        MeanStaleness = run.Repeats.Average(r => r.MeanStaleness),
        CrashedWorkers = run.Repeats.Average(r => r.Outcome.CrashedWorkers),
        WallSeconds = run.Repeats.Average(r => r.WallSeconds),
        TraceHashes = [.. run.Repeats.Select(r => r.Outcome.TraceHash)],
    };
}

/// <summary>The table of a reproduced figure, for the console, the report and docs/results.</summary>
internal static class FigureTable
{
    /// <summary>Ours beside the paper's.</summary>
    public static ReportTable Of(IReadOnlyList<FigureRow> rows) => new(
        ["Setting", "Accuracy", "Paper", "Difference", "Ingress to 97 %", "Paper", "Updates to 97 %", "Ingress", "Workers lost"],
        [
            .. rows.Select(row => (IReadOnlyList<string>)
            [
                row.Setting,
                row.LowestAccuracy == row.HighestAccuracy
                    ? Quantity.Percent(row.Accuracy)
                    : $"{Quantity.Percent(row.Accuracy)} ({Quantity.Percent(row.LowestAccuracy)} to {Quantity.Percent(row.HighestAccuracy)})",
                row.PaperAccuracy is { } paper ? Quantity.Percent(paper) : "–",
                row.PaperAccuracy is { } accuracy
                    ? ((row.Accuracy - accuracy) * 100).ToString("+0.00;-0.00", CultureInfo.InvariantCulture) + " points" : "–",
                row.BytesTo97Percent is { } bytes ? Quantity.Bytes(bytes) : "never",
                row.PaperBytesTo97Percent is { } theirs ? Quantity.Bytes(theirs) : "–",
                row.UpdatesTo97Percent is { } updates ? Quantity.Count(updates) : "never",
                Quantity.Bytes(row.IngressBytes),
                Quantity.Number(row.CrashedWorkers),
            ]),
        ])
    {
        Note = "Accuracy is the mean of each run's highest, as in the paper.",
    };

    /// <summary>A Markdown page with the tables.</summary>
    /// <param name="how">Runs, updates and seeds in words.</param>
    /// <param name="command">What repeats the figure.</param>
    public static string Markdown(Figure figure, string how, string command, IEnumerable<ReportTable> tables)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# {figure.Title}\n\n{figure.Description}\n\n{how}\n\n");
        foreach (var table in tables)
        {
            page.Append(table.Title is null ? "" : $"## {table.Title}\n\n");
            MarkdownTable.Append(page, table with { Title = null });
        }
        page.Append(figure.Note is null ? "" : figure.Note + "\n\n");
        return page.Append(Origin(command)).ToString();
    }

    /// <summary>The last line of a page: command, version with commit, machine.</summary>
    public static string Origin(string command) => string.Create(
        CultureInfo.InvariantCulture, $"Made with `{command}`, version {ProductVersion.Full}, on {new MachineDescription()}.\n");
}
