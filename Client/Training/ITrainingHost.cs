using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Training;

/// <summary>A training job and the cluster it runs in. Equal requests have equal outcomes.</summary>
internal sealed record TrainingRequest
{
    public required TrainingJob Job { get; init; }

    /// <summary>What to go on from, or null to begin.</summary>
    public JobCheckpoint? From { get; init; }

    /// <summary>Probability that a worker is lost after a push.</summary>
    public double CrashProbability { get; init; }

    /// <summary>Evaluations travel over the simulated network and take part in its times.</summary>
    public bool MeasureOnNetwork { get; init; }

    /// <summary>Processor cores to use; they change the wall time and nothing else.</summary>
    public int Cores { get; init; } = 1;
}

/// <summary>How far a run is.</summary>
/// <param name="VirtualSeconds">Time in the cluster since the job began.</param>
internal sealed record TrainingProgress(JobStatus Status, double VirtualSeconds);

/// <summary>What a run came to.</summary>
/// <param name="Checkpoint">What another run can go on from.</param>
/// <param name="TraceHash">
/// Hash of everything that happened in the virtual-time cluster, in order; empty when it ran in real time.
/// </param>
/// <param name="Parameters">The model at the end; of a diverged run the last that was none.</param>
/// <param name="ParametersAt">Clock of the shards that the model is of.</param>
internal sealed record TrainingOutcome(
    JobStatus Status, JobCheckpoint Checkpoint, string TraceHash, double VirtualSeconds, int CrashedWorkers,
    float[] Parameters, long ParametersAt);

/// <summary>Where training jobs run.</summary>
internal interface ITrainingHost
{
    /// <summary>Runs one job to its end.</summary>
    /// <param name="progress">Called now and then, one call at a time.</param>
    /// <param name="stop">
    /// Ends the run soon with the model as it is and the exit reason "stopped"; its checkpoint is no boundary then.
    /// </param>
    Task<TrainingOutcome> Run(TrainingRequest request, Action<TrainingProgress> progress, CancellationToken stop);
}
