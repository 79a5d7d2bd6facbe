using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;
using OrleansEdge.Client.Training;
using OrleansEdge.Core.Data;
using OrleansEdge.Grains.Interfaces.Training;
using Spectre.Console;

namespace OrleansEdge.Client.Demo;

/// <summary>A fleet of edge workers trains a digit classifier, with dense updates and with AdaComp's.</summary>
internal sealed class TrainingDemo : IDemoPart
{
    private const int Workers = 80;
    private const long Updates = 16_000;
    private const long EvaluateEvery = 1_600;
    private const double Level = 0.9;

    public int Order => 10;

    public string Name => "training";

    public async Task<object> Run(Invocation invocation, RunFolder folder, ReportBuilder report)
    {
        TrainingJob[] jobs =
        [
            Job(invocation.Seed) with { Algorithm = TrainingAlgorithms.Asgd },
            Job(invocation.Seed) with { Algorithm = TrainingAlgorithms.AdaComp, Compression = 0.01 },
        ];
        var session = new TrainingSession(invocation);
        var runs = new List<FinishedRun>();
        foreach (var job in jobs)
        {
            var plan = new TrainingPlan { Name = RunNames.Of(job), Job = job, Cores = Environment.ProcessorCount };
            var inner = folder.Inner(job.Algorithm);
            var run = await session.Run(plan, inner);
            invocation.AfterResult(() => session.Write(run, inner));
            runs.Add(run);
            if (run.Result.ExitReason == ExitReasons.Stopped)
            {
                break;
            }
        }
        if (runs.Count < jobs.Length)
        {
            return new { Dense = runs[0].Summary, Compressed = (TrainingSummary?)null };
        }
        var (dense, compressed) = (runs[0].Result, runs[1].Result);
        var rows = Comparison(dense, compressed);
        AddTo(report, runs, rows);
        if (!invocation.Json)
        {
            Show(invocation.Out, rows, runs[0].Input.Model.ParameterCount);
        }
        return new { Dense = runs[0].Summary, Compressed = runs[1].Summary };
    }

    private static TrainingJob Job(ulong seed) => new()
    {
        Model = "cnn",
        Data = DataCatalog.Synthetic,
        Workers = Workers,
        Updates = Updates,
        EvaluateEvery = EvaluateEvery,
        Seed = seed,
    };

    private static List<string[]> Comparison(TrainingResult dense, TrainingResult compressed)
    {
        var rows = new List<string[]>();
        void Row(string label, Func<TrainingResult, double?> value, Func<double, string> text, bool lessIsBetter)
        {
            var (a, b) = (value(dense), value(compressed));
            rows.Add(
            [
                label,
                a is null ? "never" : text(a.Value),
                b is null ? "never" : text(b.Value),
                lessIsBetter && a > 0 && b > 0 ? Ratio(a.Value / b.Value) : "",
            ]);
        }
        double? Both(EvaluationPoint? point) => point is null ? null : (double)point.IngressBytes + point.EgressBytes;
        EvaluationPoint? Reached(TrainingResult run) => run.Curve.FirstOrDefault(point => point.Accuracy >= Level);
        Row("accuracy at the end", run => run.FinalAccuracy, accuracy => Quantity.Percent(accuracy), false);
        Row("updates to 90 %", run => Reached(run)?.Updates, Quantity.Count, true);
        Row("bytes to 90 %, both ways", run => Both(Reached(run)), Quantity.Bytes, true);
        Row("to the servers", run => Reached(run)?.IngressBytes, Quantity.Bytes, true);
        Row("back to the devices", run => Reached(run)?.EgressBytes, Quantity.Bytes, true);
        Row("virtual time to 90 %", run => Reached(run)?.Seconds, Quantity.Duration, true);
        Row("bytes of an update to the servers", run => run.IngressBytes / (double)Math.Max(1, run.Updates), Quantity.Bytes, true);
        Row("mean staleness", run => run.MeanStaleness, Quantity.Number, false);
        return rows;
    }

    private static string Ratio(double ratio) =>
        ratio >= 1.05 ? $"{Quantity.Number(Math.Round(ratio, 1))} times less"
        : ratio <= 1 / 1.05 ? $"{Quantity.Number(Math.Round(1 / ratio, 1))} times more"
        : "";

    private static void AddTo(ReportBuilder report, IReadOnlyList<FinishedRun> runs, IReadOnlyList<string[]> rows)
    {
        report.Section(
            "Edge learning",
            $"{Workers} edge devices with slow uplinks train a convolutional network of "
            + $"{Quantity.Count(runs[0].Input.Model.ParameterCount)} parameters on digits drawn by code. Every device pulls the model, "
            + "computes a gradient on its own images and pushes it when it is done; by then others have changed the model. ASGD "
            + "pushes the whole gradient and divides its rate by the staleness; AdaComp pushes the largest hundredth of it and "
            + "corrects each parameter by its own staleness.");
        report.Add(new ReportTable(["", .. runs.Select(run => run.Result.Plan.Name), ""], rows));
        IReadOnlyList<ReportedRun> reported =
            [.. runs.Select(run => new ReportedRun(run.Result.Plan.Name, [run.Result], null))];
        TrainingReport.AddCharts(report, reported);
        var both = rows.Single(row => row[0].StartsWith("bytes to 90 %", StringComparison.Ordinal));
        report.Fact("Bytes to 90 %, both ways, AdaComp", both[2], $"ASGD: {both[1]}");
        report.Fact("Accuracy, AdaComp", rows[0][2], $"ASGD: {rows[0][1]}");
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<string[]> rows, int parameters)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey)
            .Title($"[bold]Edge learning[/]: {Workers} devices, CNN of {Quantity.Count(parameters)} parameters, "
                + $"{Quantity.Count(Updates)} updates each")
            .AddColumn("").AddColumn(new TableColumn("ASGD").RightAligned())
            .AddColumn(new TableColumn("[bold]AdaComp c = 0.01[/]").RightAligned()).AddColumn("");
        foreach (var row in rows)
        {
            table.AddRow($"[grey]{row[0]}[/]", row[1], $"[bold]{row[2]}[/]", row[3].EndsWith("more", StringComparison.Ordinal) ? $"[red]{row[3]}[/]" : $"[green]{row[3]}[/]");
        }
        console.Write(table);
    }
}
