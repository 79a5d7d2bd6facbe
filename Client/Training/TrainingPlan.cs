using OrleansEdge.Client.CommandLine;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Training;

/// <summary>One training run as the user asked for it.</summary>
internal sealed record TrainingPlan
{
    /// <summary>Shown in reports and legends.</summary>
    public required string Name { get; init; }

    public required TrainingJob Job { get; init; }

    public DeviceClasses Classes { get; init; } = DeviceClasses.One;

    /// <summary>Probability that a worker is lost after a push, 0 to 1.</summary>
    public double CrashProbability { get; init; }

    /// <summary>Updates between boundaries, where every run closes and can be taken up; at least 1.</summary>
    public const long DefaultBoundaryEvery = 5_000;

    /// <summary>Wall time between checkpoints.</summary>
    public static readonly WallTime DefaultCheckpointEvery = new(TimeSpan.FromMinutes(2));

    /// <inheritdoc cref="DefaultBoundaryEvery"/>
    public long BoundaryEvery { get; init; } = DefaultBoundaryEvery;

    /// <summary>Evaluations travel over the simulated network and take part in its times.</summary>
    public bool MeasureOnNetwork { get; init; }

    /// <summary>Wall time between checkpoints, which hold the last boundary passed; it decides nothing else.</summary>
    public WallTime CheckpointEvery { get; init; } = DefaultCheckpointEvery;

    public int Cores { get; init; } = 1;

    /// <summary>What to go on from, or null to begin.</summary>
    public SavedRun? From { get; init; }
}

/// <summary>A checkpoint with what is needed to go on from it.</summary>
/// <param name="TraceHash">Of the run so far.</param>
internal sealed record SavedRun(TrainingPlan Plan, JobCheckpoint Checkpoint, string TraceHash)
{
    /// <summary>Updates done.</summary>
    public long Updates => Checkpoint.Curve is [.., var last] ? last.Updates : 0;
}
