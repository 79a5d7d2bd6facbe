using OrleansEdge.Client.Training;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Progress;

/// <summary>The figures of a running job at one moment.</summary>
internal sealed record TrainingFigures
{
    public required long Updates { get; init; }
    public required long TotalUpdates { get; init; }
    public required IReadOnlyList<EvaluationPoint> Curve { get; init; }
    public required double MeanStaleness { get; init; }
    public required long MaxStaleness { get; init; }
    public required long IngressBytes { get; init; }
    public required long EgressBytes { get; init; }
    public required int LostWorkers { get; init; }
    public required double VirtualSeconds { get; init; }

    /// <summary>Over the last seconds of wall time; NaN at the beginning.</summary>
    public required double UpdatesPerSecond { get; init; }

    public double ImagesPerSecond { get; init; }

    public double Share => Math.Clamp((double)Updates / TotalUpdates, 0, 1);

    /// <summary>Estimated wall time that is left; NaN at the beginning.</summary>
    public double SecondsLeft => (TotalUpdates - Updates) / UpdatesPerSecond;
}

/// <summary>Turns progress reports into figures; keeps a window of the last reports for the rate.</summary>
internal sealed class TrainingMeter(TrainingJob job, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private readonly Queue<(long Time, long Updates)> _reports = new();

    /// <summary>The figures after this report.</summary>
    public TrainingFigures Take(TrainingProgress progress)
    {
        var (now, status) = (clock.GetTimestamp(), progress.Status);
        _reports.Enqueue((now, status.Updates));
        while (_reports.Count > 2 && clock.GetElapsedTime(_reports.Peek().Time, now) > Window)
        {
            _reports.Dequeue();
        }
        var (firstTime, firstUpdates) = _reports.Peek();
        var elapsed = clock.GetElapsedTime(firstTime, now).TotalSeconds;
        var rate = elapsed > 0.2 ? (status.Updates - firstUpdates) / elapsed : double.NaN;
        var applied = Math.Max(1.0, status.Shards.Sum(shard => (double)shard.Clock));
        return new TrainingFigures
        {
            Updates = status.Updates,
            TotalUpdates = job.Updates,
            Curve = status.Curve,
            MeanStaleness = status.Shards.Sum(shard => shard.MeanStaleness * shard.Clock) / applied,
            MaxStaleness = status.Shards.Select(shard => shard.MaxStaleness).DefaultIfEmpty().Max(),
            IngressBytes = status.Shards.Sum(shard => shard.IngressBytes),
            EgressBytes = status.Shards.Sum(shard => shard.EgressBytes),
            LostWorkers = status.LostWorkers.Length,
            VirtualSeconds = progress.VirtualSeconds,
            UpdatesPerSecond = rate,
            ImagesPerSecond = rate * job.BatchSize * job.PushEvery,
        };
    }
}
