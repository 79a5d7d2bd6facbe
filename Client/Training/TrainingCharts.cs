using OrleansEdge.Client.Reporting;

namespace OrleansEdge.Client.Training;

/// <summary>The charts of training runs.</summary>
internal static class TrainingCharts
{
    private const int Bins = 50;
    private const int Window = 7;

    private static Axis Accuracy =>
        new("Accuracy (by the logarithm of the error)", AxisScale.Nines, AxisFormat.Percent);

    /// <summary>Accuracy against updates, with the papers' accuracies as dashed lines.</summary>
    public static LineChart AgainstUpdates(IReadOnlyList<ReportedRun> runs) =>
        new("Accuracy against updates", new Axis("Updates") { Least = 0 }, Accuracy, Lines(runs, point => point.Updates))
        {
            Wide = true,
            Note = $"Moving averages over {Window} evaluations, as in the AdaComp paper; single evaluations thinly behind.",
            References =
            [
                .. runs.Where(run => run.Paper is not null)
                    .Select(run => new Reference("paper, " + run.Paper!.Setting, run.Paper.Accuracy)),
            ],
        };

    /// <summary>Accuracy against the bytes that the shards have received.</summary>
    public static LineChart AgainstIngress(IReadOnlyList<ReportedRun> runs) =>
        new("Accuracy against ingress", new Axis("Bytes received by the shards", AxisScale.Log, AxisFormat.Bytes), Accuracy,
            Lines(runs, point => point.IngressBytes));

    /// <summary>Accuracy against the time in the cluster.</summary>
    public static LineChart AgainstTime(IReadOnlyList<ReportedRun> runs) =>
        new("Accuracy against virtual time", new Axis("Time in the cluster", Format: AxisFormat.Seconds) { Least = 0 },
            Accuracy, Lines(runs, point => point.Seconds));

    /// <summary>How many updates were applied between the pull and the push of an update.</summary>
    public static LineChart Staleness(IReadOnlyList<ReportedRun> runs)
    {
        var histograms = runs.Select(run => run.First.StalenessHistogram()).ToList();
        var used = histograms.Max(histogram => Array.FindLastIndex(histogram, count => count > 0)) + 1;
        var width = Math.Max(1, (used + Bins - 1) / Bins);
        return new LineChart(
            "Staleness of the updates",
            new Axis("Updates applied between pull and push"), new Axis("Share of updates", Format: AxisFormat.Percent),
            [.. runs.Select((run, i) => Histogram(run.Name, histograms[i], width, used))])
        {
            Note = runs.Any(run => run.Repeats.Count > 1) ? "Of each first run." : null,
        };
    }

    /// <summary>Bytes to the shards and back.</summary>
    public static BarChart Traffic(IReadOnlyList<ReportedRun> runs) =>
        new("Traffic by direction", new Axis("Bytes", Format: AxisFormat.Bytes), ["to the shards", "to the workers"],
            [.. runs.Select(run => new BarGroup(
                run.Name, [run.Repeats.Average(r => r.IngressBytes), run.Repeats.Average(r => r.EgressBytes)]))]);

    /// <summary>Where the updates come from; null when no run has device classes.</summary>
    public static BarChart? Contribution(IReadOnlyList<ReportedRun> runs)
    {
        var mixed = runs.Where(run => run.First.Plan.Classes.Classes.Count > 1).ToList();
        var classes = mixed.FirstOrDefault()?.First.Plan.Classes;
        return classes is null ? null : new BarChart(
            "Contribution by device class", new Axis("Share of the updates", Format: AxisFormat.Percent),
            [.. classes.Classes.Select(device => device.Label)],
            [.. mixed.Where(run => run.First.Plan.Classes.Classes.Count == classes.Classes.Count)
                .Select(run => new BarGroup(run.Name, run.First.ContributionByClass()))]);
    }

    private static List<Series> Lines(IReadOnlyList<ReportedRun> runs, Func<CurvePoint, double> x)
    {
        var lines = new List<Series>();
        foreach (var run in runs)
        {
            var curve = run.Curve();
            var isBand = run.Repeats.Count > 1;
            lines.Add(new Series(run.Name, [.. curve.Select(x)], [.. curve.Select(point => point.Accuracy)])
            {
                Low = isBand ? [.. curve.Select(point => point.Lowest)] : null,
                High = isBand ? [.. curve.Select(point => point.Highest)] : null,
                Window = Window,
            });
        }
        return lines;
    }

    private static Series Histogram(string name, long[] counts, int width, int used)
    {
        var total = Math.Max(1.0, counts.Sum());
        var (x, y) = (new List<double>(), new List<double>());
        for (var start = 0; start < used; start += width)
        {
            x.Add(start);
            y.Add(counts.Skip(start).Take(width).Sum() / total);
        }
        x.Add(used);
        y.Add(0);
        return new Series(name, x, y) { Steps = true };
    }
}
