using OrleansEdge.Client.Reporting;
using OrleansEdge.Grains.Interfaces.Training;
using Spectre.Console;

namespace OrleansEdge.Client.Progress;

/// <summary>What the live display and the progress lines show.</summary>
internal static class TrainingPanel
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const int SparkWidth = 32;

    /// <summary>All figures in one line.</summary>
    public static string Line(TrainingFigures figures)
    {
        var accuracy = figures.Curve is [.., var last] ? $"accuracy {Quantity.Percent(last.Accuracy)}, " : "";
        return $"{Quantity.Count(figures.Updates)} of {Quantity.Count(figures.TotalUpdates)} updates, {accuracy}"
            + $"staleness {Quantity.Number(figures.MeanStaleness)}, {Quantity.Bytes(figures.IngressBytes)} in, "
            + $"{Quantity.Count(figures.UpdatesPerSecond)} updates/s, {Quantity.Duration(figures.SecondsLeft)} left";
    }

    /// <summary>The figures as a panel.</summary>
    public static Panel Render(string name, TrainingFigures figures)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().NoWrap());
        void Row(string label, string value) => grid.AddRow($"[grey]{label}[/]", value);
        Row("updates", $"{Bar(figures.Share)} {Quantity.Count(figures.Updates)} of {Quantity.Count(figures.TotalUpdates)}");
        if (figures.Curve is [.., var last])
        {
            Row("accuracy", $"[bold]{Quantity.Percent(last.Accuracy)}[/]  best "
                + $"{Quantity.Percent(figures.Curve.Max(point => point.Accuracy))}  loss {Quantity.Number(last.Loss)}  "
                + $"[green]{Spark(figures.Curve)}[/]");
        }
        Row("staleness", $"{Quantity.Number(figures.MeanStaleness)} mean, {Quantity.Count(figures.MaxStaleness)} most");
        Row("traffic", $"{Quantity.Bytes(figures.IngressBytes)} to the shards, {Quantity.Bytes(figures.EgressBytes)} back");
        Row("rate", $"{Quantity.Count(figures.UpdatesPerSecond)} updates/s, {Quantity.Count(figures.ImagesPerSecond)} images/s");
        Row("cluster", $"{Quantity.Duration(figures.VirtualSeconds)} of virtual time"
            + (figures.LostWorkers > 0 ? $", [red]{figures.LostWorkers} workers lost[/]" : ""));
        Row("left", $"{Quantity.Duration(figures.SecondsLeft)}   [grey]Ctrl+C ends the run and keeps what there is[/]");
        return new Panel(grid).Header($" {Markup.Escape(name)} ").RoundedBorder().BorderColor(Color.Grey);
    }

    private static string Bar(double share)
    {
        const int width = 40;
        var filled = (int)Math.Round(share * width);
        return $"[blue]{new string('━', filled)}[/][grey]{new string('─', width - filled)}[/] {share * 100,3:F0} %";
    }

    private static string Spark(IReadOnlyList<EvaluationPoint> curve)
    {
        var points = Enumerable.Range(0, Math.Min(SparkWidth, curve.Count))
            .Select(i => curve[(int)((i + 1L) * curve.Count / Math.Min(SparkWidth, curve.Count)) - 1].Accuracy);
        return string.Concat(points.Select(accuracy =>
            Bars[Math.Clamp((int)(accuracy * Bars.Length), 0, Bars.Length - 1)]));
    }
}
