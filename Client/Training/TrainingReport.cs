using System.Globalization;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;

namespace OrleansEdge.Client.Training;

/// <summary>The report of one or several training runs.</summary>
internal static class TrainingReport
{
    private const string Paper = "AdaComp (Hardy, Le Merrer, Sericola 2017)";

    /// <summary>A whole report of one run.</summary>
    public static ReportBuilder Of(TrainingResult result, TrainingInput input, string command)
    {
        var run = new ReportedRun(result.Plan.Name, [result], PaperResults.For(result.Plan));
        var report = new ReportBuilder(
            $"{RunNames.Of(result.Job)} on {result.Job.Data}", Subtitle(result, input.Model.ParameterCount));
        AddFacts(report, result);
        AddCharts(report, [run]);
        AddPaper(report, [run]);
        AddConfiguration(report, [run], command);
        return report;
    }

    /// <summary>One line on the setting of a run.</summary>
    public static string Subtitle(TrainingResult result, int parameters) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Job.Model} of {parameters:#,0} parameters, {result.Job.Workers:#,0} workers, {result.Updates:#,0} updates, seed {result.Job.Seed}");

    /// <summary>The charts of all runs, each a line of its own colour.</summary>
    public static void AddCharts(ReportBuilder report, IReadOnlyList<ReportedRun> runs)
    {
        report.Section("Accuracy", runs.Any(run => run.Repeats.Count > 1)
            ? "Means over the runs of a setting; the bands reach from the worst to the best run." : null);
        report.Add(TrainingCharts.AgainstUpdates(runs)).Add(TrainingCharts.AgainstIngress(runs))
            .Add(TrainingCharts.AgainstTime(runs));
        report.Section("Staleness and traffic");
        report.Add(TrainingCharts.Staleness(runs)).Add(TrainingCharts.Traffic(runs));
        if (TrainingCharts.Contribution(runs) is { } contribution)
        {
            report.Add(contribution);
        }
    }

    /// <summary>Ours beside the paper's; nothing when no run has a counterpart.</summary>
    public static void AddPaper(ReportBuilder report, IReadOnlyList<ReportedRun> runs)
    {
        var compared = runs.Where(run => run.Paper is not null).ToList();
        if (compared.Count == 0)
        {
            return;
        }
        report.Section(
            "Beside the paper", Paper + ": mean of the highest accuracy of each run, after 250,000 updates.");
        report.Add(new ReportTable(
            ["Setting", "Ours", "Paper", "Difference", "Updates", "Ingress to 97 %", "Paper"],
            [.. compared.Select(run => (IReadOnlyList<string>)
            [
                run.Name,
                Quantity.Percent(run.MeanMaxAccuracy),
                Quantity.Percent(run.Paper!.Accuracy),
                (run.MeanMaxAccuracy - run.Paper.Accuracy).ToString("+0.00 %;-0.00 %", CultureInfo.InvariantCulture),
                Quantity.Count(run.First.Updates),
                run.MeanBytesToAccuracy(0.97) is { } bytes ? Quantity.Bytes(bytes) : "never",
                run.Paper.BytesTo97Percent is { } theirs ? Quantity.Bytes(theirs) : "not reported",
            ])])
        {
            Note = "Our bytes are those of the encoded updates. The paper's dense update is about 1.8 MB, twice its parameters"
                + " in single precision.",
        });
    }

    /// <summary>The figures and the configuration of every run, and the machine.</summary>
    public static void AddConfiguration(ReportBuilder report, IReadOnlyList<ReportedRun> runs, string command)
    {
        report.Section("Runs");
        report.Add(new ReportTable(
            ["", .. runs.Select(run => run.Name)],
            [.. RunTable.Figures.Select(figure => (IReadOnlyList<string>)
                [figure.Label, .. runs.Select(run => figure.Of(run.First))])]));
        report.Add(new ReportTable(
            ["", .. runs.Select(run => run.Name)],
            [.. RunTable.Settings.Select(setting => (IReadOnlyList<string>)
                [setting.Label, .. runs.Select(run => setting.Of(run.First))])])
        {
            Title = "Configuration",
        });
        var machine = new MachineDescription();
        report.Add(new ReportTable(["", ""],
        [
            ["command", command],
            ["version", ProductVersion.Full],
            ["system", $"{machine.OperatingSystem}, {machine.Architecture}, {machine.Cores} cores, {machine.VectorBits}-bit vectors"],
            ["runtime", machine.Runtime],
        ])
        {
            Title = "Where and how",
        });
    }

    private static void AddFacts(ReportBuilder report, TrainingResult result)
    {
        var paper = PaperResults.For(result.Plan);
        report.Fact("Accuracy at the end", Quantity.Percent(result.FinalAccuracy),
            paper is null ? $"best {Quantity.Percent(result.MaxAccuracy)}" : $"paper: {Quantity.Percent(paper.Accuracy)}");
        report.Fact("Ingress", Quantity.Bytes(result.IngressBytes),
            $"{Quantity.Bytes(result.IngressBytes / Math.Max(1.0, result.Updates))} an update");
        if (result.BytesToAccuracy(0.97) is { } bytes)
        {
            report.Fact("Ingress to 97 %", Quantity.Bytes(bytes),
                paper?.BytesTo97Percent is { } theirs ? $"paper: {Quantity.Bytes(theirs)}" : null);
        }
        report.Fact(
            "Staleness", Quantity.Number(result.MeanStaleness), $"mean; most {Quantity.Count(result.MaxStaleness)}");
        report.Fact("Time in the cluster", Quantity.Duration(result.Outcome.VirtualSeconds),
            result.IsVirtual ? "virtual" : "real");
        report.Fact("Time here", Quantity.Duration(result.WallSeconds),
            $"{Quantity.Count(result.ImagesPerSecond)} images/s");
        if (result.Outcome.CrashedWorkers > 0)
        {
            report.Fact("Workers lost", Quantity.Count(result.Outcome.CrashedWorkers), $"of {result.Job.Workers}");
        }
    }
}
