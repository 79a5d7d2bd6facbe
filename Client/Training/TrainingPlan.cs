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

    /// <summary>Updates between checkpoints; 0 for one at the end. It is part of what decides the outcome.</summary>
    public long CheckpointEvery { get; init; }

    public int Cores { get; init; } = 1;

    /// <summary>What to go on from, or null to begin.</summary>
    public SavedRun? From { get; init; }
}

/// <summary>A checkpoint with what is needed to go on from it.</summary>
/// <param name="TraceHash">Of the run so far.</param>
internal sealed record SavedRun(TrainingPlan Plan, JobCheckpoint Checkpoint, string TraceHash);
