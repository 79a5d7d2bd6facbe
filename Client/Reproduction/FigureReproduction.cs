using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Training;
using Spectre.Console;

namespace OrleansEdge.Client.Reproduction;

/// <summary>How large a reproduction is.</summary>
internal sealed record FigureScale
{
    public required long Updates { get; init; }

    /// <summary>Runs of each setting.</summary>
    public required int Runs { get; init; }

    public required string Data { get; init; }

    public required int Cores { get; init; }
}

/// <summary>Runs all settings of a figure and sets them beside the paper's.</summary>
internal sealed class FigureReproduction(Invocation invocation, Figure figure, FigureScale scale)
{
    /// <summary>Runs, shows the table, and writes table.md, report.html and a folder for each run.</summary>
    public async Task<ExitCode> Run()
    {
        var clock = invocation.Environment.Clock;
        var started = clock.GetTimestamp();
        var folder = invocation.OpenFolder("reproduce-" + figure.Name);
        var manifest = new Manifest
        {
            Command = invocation.CommandText,
            Started = clock.GetUtcNow(),
            Seed = invocation.Seed,
            Configuration = scale,
        };
        folder.WriteManifest(manifest);
        var runs = await RunSettings(folder);
        var isWhole = runs.Count == figure.Settings.Count;
        var rows = runs.Select(FigureRow.Of).ToList();
        var ratios = Ratios(runs);
        var result = new
        {
            Command = "reproduce",
            Figure = figure.Name,
            scale.Updates,
            scale.Runs,
            scale.Data,
            invocation.Seed,
            Rows = rows,
            TimesLessThanAsgd = ratios,
            PaperTimesLessThanAsgd = ratios.Count > 0 ? PaperResults.TimesLessThanAsgd : (double?)null,
            WallSeconds = clock.GetElapsedTime(started).TotalSeconds,
            ExitReason = isWhole ? ExitReasons.UpdatesReached : ExitReasons.Stopped,
            Output = folder.Path,
        };
        var stopped = $"stopped: {runs.Count} of {figure.Settings.Count} settings are done";
        Show(result, rows, ratios);
        var isWritten = invocation.AfterResult(() =>
        {
            folder.WriteManifest(manifest with { Result = result });
            if (runs.Count > 0)
            {
                Write(folder, runs, rows, ratios, isWhole ? How : $"{How} This run was {stopped}.");
            }
        });
        if (isWritten && runs.Count > 0 && !invocation.Json)
        {
            invocation.Out.MarkupLineInterpolated(
                $"written: [bold]{folder.File("report.html")}[/], {folder.File("table.md")}");
        }
        return isWhole ? ExitCode.Success : throw new OrleansEdgeException(
            ExitCode.NotReached,
            $"{stopped}; {folder.Path} has {(runs.Count > 0 ? "them and " : "")}the run that was stopped");
    }

    private async Task<List<ReportedRun>> RunSettings(RunFolder folder)
    {
        var session = new TrainingSession(invocation);
        var runs = new List<ReportedRun>();
        for (var s = 0; s < figure.Settings.Count; s++)
        {
            var setting = figure.Settings[s];
            var repeats = new List<TrainingResult>();
            for (var repeat = 0; repeat < scale.Runs && !invocation.Stop.IsCancellationRequested; repeat++)
            {
                var plan = PlanOf(setting, invocation.Seed + (ulong)repeat);
                var inner = folder.Inner($"{s + 1}-seed-{plan.Job.Seed}");
                var run = await session.Run(plan, inner);
                invocation.AfterResult(() => session.Write(run, inner));
                if (run.Result.ExitReason != ExitReasons.Stopped)
                {
                    repeats.Add(run.Result);
                }
            }
            if (repeats.Count < scale.Runs)
            {
                break;
            }
            runs.Add(new ReportedRun(setting.Name, repeats, setting.Paper));
        }
        return runs;
    }

    private TrainingPlan PlanOf(Setting setting, ulong seed)
    {
        var job = setting.Job with
        {
            Data = scale.Data,
            Updates = scale.Updates,
            EvaluateEvery = TrainingOptions.DefaultEvaluateEvery(scale.Updates),
            Seed = seed,
        };
        return new TrainingPlan
        {
            Name = setting.Name,
            Job = job with { TrainExamples = ExamplesOf(job) },
            Classes = setting.Classes,
            CrashProbability = setting.LosesHalf ? Math.Min(1, 0.5 * job.Workers / scale.Updates) : 0,
            Cores = scale.Cores,
        };
    }

    /// <summary>The paper's share of MNIST's 60,000 images, of whatever set is used here.</summary>
    private int ExamplesOf(TrainingJob job)
    {
        const int paperExamples = 60_000;
        var all = invocation.Environment.Data.Open(scale.Data).Train.Count;
        return job.TrainExamples is 0 or paperExamples ? 0 : (int)((long)all * job.TrainExamples / paperExamples);
    }

    private static IReadOnlyList<TrafficRatio> Ratios(IReadOnlyList<ReportedRun> runs)
    {
        var asgd = runs.FirstOrDefault(run => run.First.Job.Algorithm == TrainingAlgorithms.Asgd);
        var adaComp = runs.FirstOrDefault(
            run => run.First.Job is { Algorithm: TrainingAlgorithms.AdaComp, Compression: 0.01 });
        return asgd is null || adaComp is null ? [] : TrafficRatio.Of(asgd, adaComp, 0.97);
    }

    private string How =>
        $"{scale.Runs} run{(scale.Runs == 1 ? "" : "s")} of each setting with seeds from {invocation.Seed} on, "
        + $"{Quantity.Count(scale.Updates)} updates each (the paper: 3 runs of 250,000), data: {scale.Data}.";

    private string Repeat => FormattableString.Invariant(
        $"oe reproduce {figure.Name} --updates {scale.Updates} --runs {scale.Runs} --seed {invocation.Seed}");

    private void Write(
        RunFolder folder, IReadOnlyList<ReportedRun> runs, IReadOnlyList<FigureRow> rows,
        IReadOnlyList<TrafficRatio> ratios, string how)
    {
        var tables = new List<ReportTable> { FigureTable.Of(rows) };
        if (ratios.Count > 0)
        {
            tables.Add(TrafficRatio.Table(ratios, "97 %"));
        }
        AtomicFile.WriteText(
            folder.File("table.md"), FigureTable.Markdown(figure, how, Repeat, tables));
        var report = new ReportBuilder(figure.Title, figure.Description);
        foreach (var row in rows)
        {
            report.Fact(
                row.Setting, Quantity.Percent(row.Accuracy),
                row.PaperAccuracy is { } paper ? "paper: " + Quantity.Percent(paper) : null);
        }
        report.Section("Beside the paper", how);
        tables.ForEach(table => report.Add(table));
        if (figure.Note is not null)
        {
            report.Paragraph(figure.Note);
        }
        TrainingReport.AddCharts(report, runs);
        TrainingReport.AddConfiguration(report, runs, invocation.CommandText);
        folder.WriteReport(report);
    }

    private void Show<T>(T result, IReadOnlyList<FigureRow> rows, IReadOnlyList<TrafficRatio> ratios)
    {
        if (invocation.Json)
        {
            invocation.WriteJson(result);
            return;
        }
        if (rows.Count == 0)
        {
            return;
        }
        var table =
            new Table().RoundedBorder().BorderColor(Color.Grey).Title($"[bold]{Markup.Escape(figure.Title)}[/]");
        table.AddColumn("setting");
        foreach (var column in (string[])["accuracy", "paper", "ingress to 97 %", "paper", "lost"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }
        foreach (var row in rows)
        {
            table.AddRow(
                row.Setting,
                Quantity.Percent(row.Accuracy),
                row.PaperAccuracy is { } paper ? Quantity.Percent(paper) : "–",
                row.BytesTo97Percent is { } bytes ? Quantity.Bytes(bytes) : "never",
                row.PaperBytesTo97Percent is { } theirs ? Quantity.Bytes(theirs) : "–",
                Quantity.Number(row.CrashedWorkers));
        }
        invocation.Out.Write(table);
        foreach (var ratio in ratios)
        {
            invocation.Out.MarkupLineInterpolated(
                $"AdaComp c = 0.01 to 97 %, {ratio.Way}: {ratio.RatioText} less than ASGD");
        }
        if (figure.Note is not null)
        {
            invocation.Out.MarkupLineInterpolated($"[grey]{figure.Note}[/]");
        }
    }
}
