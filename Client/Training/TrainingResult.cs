using System.Globalization;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Training;

/// <summary>A run that has ended, with the figures that are told about it.</summary>
/// <param name="FirstUpdate">Clock at which this run began; above 0 when it was resumed.</param>
internal sealed record TrainingResult(TrainingPlan Plan, TrainingOutcome Outcome, long FirstUpdate, double WallSeconds)
{
    private static readonly double[] Levels = [0.5, 0.8, 0.9, 0.95, 0.96, 0.97, 0.975, 0.98, 0.985, 0.99, 0.995];

    public TrainingJob Job => Plan.Job;

    /// <summary>It ran in the virtual-time cluster, not on machines in real time.</summary>
    public bool IsVirtual => Outcome.TraceHash.Length > 0;

    /// <summary>The evaluations with a finite loss; a run that diverges may end with one that has none.</summary>
    public IReadOnlyList<EvaluationPoint> Curve { get; } =
        [.. Outcome.Status.Curve.Where(point => double.IsFinite(point.Loss))];

    public long Updates => Outcome.Status.Updates;

    public string ExitReason => Outcome.Status.ExitReason ?? "failed: no exit reason";

    /// <summary>Accuracy of the last evaluation, NaN without one.</summary>
    public double FinalAccuracy => Curve is [.., var last] ? last.Accuracy : double.NaN;

    /// <summary>The highest accuracy of all evaluations, the paper's measure; NaN without one.</summary>
    public double MaxAccuracy => Curve.Count == 0 ? double.NaN : Curve.Max(point => point.Accuracy);

    public double FinalLoss => Curve is [.., var last] ? last.Loss : double.NaN;

    public long IngressBytes => Outcome.Status.Shards.Sum(shard => shard.IngressBytes);

    public long EgressBytes => Outcome.Status.Shards.Sum(shard => shard.EgressBytes);

    /// <summary>Mean over all updates of all shards.</summary>
    public double MeanStaleness => Outcome.Status.Shards.Sum(shard => shard.Clock) is var updates and > 0
        ? Outcome.Status.Shards.Sum(shard => shard.MeanStaleness * shard.Clock) / updates
        : 0;

    public long MaxStaleness => Outcome.Status.Shards.Select(shard => shard.MaxStaleness).DefaultIfEmpty().Max();

    /// <summary>Training images that went into updates of this run, by second of wall time.</summary>
    public double ImagesPerSecond =>
        WallSeconds > 0 ? (Updates - FirstUpdate) * (double)Job.BatchSize * Job.PushEvery / WallSeconds : 0;

    /// <summary>
    /// Bytes of ingress at the first evaluation of at least this accuracy, or null when there was none.
    /// </summary>
    public long? BytesToAccuracy(double accuracy) =>
        Curve.FirstOrDefault(point => point.Accuracy >= accuracy)?.IngressBytes;

    /// <summary>Bytes of ingress by accuracy level; levels that were not reached are absent.</summary>
    public IReadOnlyDictionary<string, long> BytesToLevels() => Levels
        .Where(level => BytesToAccuracy(level) is not null)
        .ToDictionary(level => level.ToString(CultureInfo.InvariantCulture), level => BytesToAccuracy(level)!.Value);

    /// <summary>
    /// Updates by staleness over all shards; element k counts staleness k, the last one also all beyond.
    /// </summary>
    public long[] StalenessHistogram() => Sum(Outcome.Status.Shards.Select(shard => shard.StalenessHistogram));

    /// <summary>Share of the updates that came from each device class.</summary>
    public double[] ContributionByClass()
    {
        var updates = Sum(Outcome.Status.Shards.Select(shard => shard.UpdatesByWorker));
        var classes = Plan.Classes.Assign(Job.Workers, Job.Seed);
        var total = Math.Max(1.0, updates.Sum());
        return [.. Plan.Classes.Classes.Select((_, device) => updates.Where((_, w) => classes[w] == device).Sum() / total)];
    }

    private static long[] Sum(IEnumerable<long[]> counts)
    {
        long[] sum = [];
        foreach (var one in counts)
        {
            Array.Resize(ref sum, Math.Max(sum.Length, one.Length));
            for (var i = 0; i < one.Length; i++)
            {
                sum[i] += one[i];
            }
        }
        return sum;
    }
}
