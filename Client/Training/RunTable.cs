using System.Globalization;
using OrleansEdge.Client.Reporting;

namespace OrleansEdge.Client.Training;

/// <summary>One row of a table over runs.</summary>
internal sealed record RunRow(string Label, Func<TrainingResult, string> Of);

/// <summary>The rows of the tables over runs.</summary>
internal static class RunTable
{
    /// <summary>What came out.</summary>
    public static IReadOnlyList<RunRow> Figures { get; } =
    [
        new("accuracy at the end", run => Quantity.Percent(run.FinalAccuracy)),
        new("highest accuracy", run => Quantity.Percent(run.MaxAccuracy)),
        new("loss at the end, nats", run => Quantity.Number(run.FinalLoss)),
        new("updates", run => Quantity.Count(run.Updates)),
        new("ingress", run => Quantity.Bytes(run.IngressBytes)),
        new("egress", run => Quantity.Bytes(run.EgressBytes)),
        new("ingress to 90 %", run => Reached(run, 0.9)),
        new("ingress to 95 %", run => Reached(run, 0.95)),
        new("ingress to 97 %", run => Reached(run, 0.97)),
        new("mean staleness", run => Quantity.Number(run.MeanStaleness)),
        new("largest staleness", run => Quantity.Count(run.MaxStaleness)),
        new("workers lost", run => Quantity.Count(run.Outcome.CrashedWorkers)),
        new("time in the cluster", run => Quantity.Duration(run.Outcome.VirtualSeconds)),
        new("time here", run => Quantity.Duration(run.WallSeconds)),
        new("images a second here", run => Quantity.Count(run.ImagesPerSecond)),
        new("ended because", run => run.ExitReason),
        new("trace hash", run => run.IsVirtual ? run.Outcome.TraceHash : "none, it ran in real time"),
    ];

    /// <summary>What was set.</summary>
    public static IReadOnlyList<RunRow> Settings { get; } =
    [
        new("algorithm", run => run.Job.Algorithm),
        new("model", run => run.Job.Model),
        new("data", run => run.Job.Data),
        new("training examples", run => run.Job.TrainExamples == 0 ? "all" : Quantity.Count(run.Job.TrainExamples)),
        new("partition", run => run.Job.Partition),
        new("workers", run => Quantity.Count(run.Job.Workers)),
        new("shards", run => Quantity.Count(run.Job.Shards)),
        new("batch", run => Quantity.Count(run.Job.BatchSize)),
        new("learning rate", run => run.Job.LearningRate.ToString("R", CultureInfo.InvariantCulture)),
        new("learning rate at the end", run => (run.Job.FinalRate?.Rate ?? run.Job.LearningRate).ToString(
            "R", CultureInfo.InvariantCulture)),
        new("compression", run => run.Job.Compression.ToString("R", CultureInfo.InvariantCulture)),
        new("bits of a pushed value", run => run.Job.HalfPrecisionValues ? "16" : "32"),
        new("mean wait, s", run => Quantity.Number(run.Job.MeanWaitSeconds)),
        new("device classes", run => string.Join(", ", run.Plan.Classes.Classes.Select(device => device.Label))),
        new("crash probability per push", run => Quantity.Number(run.Plan.CrashProbability)),
        new("gradients between fetches", run => Quantity.Count(run.Job.FetchEvery)),
        new("gradients between pushes", run => Quantity.Count(run.Job.PushEvery)),
        new("warm-up updates", run => Quantity.Count(run.Job.WarmUpUpdates)),
        new("updates asked for", run => Quantity.Count(run.Job.Updates)),
        new("updates between boundaries", run => Quantity.Count(run.Plan.BoundaryEvery)),
        new("evaluations", run => run.Plan.MeasureOnNetwork ? "on the network" : "outside the network"),
        new("seed", run => run.Job.Seed.ToString(CultureInfo.InvariantCulture)),
    ];

    private static string Reached(TrainingResult run, double accuracy) =>
        run.BytesToAccuracy(accuracy) is { } bytes ? Quantity.Bytes(bytes) : "never";
}
