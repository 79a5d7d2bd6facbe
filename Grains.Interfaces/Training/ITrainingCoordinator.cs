using System.Runtime.InteropServices;
using Orleans.Concurrency;

namespace OrleansEdge.Grains.Interfaces.Training;

/// <summary>Sets up shards, workers and the evaluator of one job and watches over them. Key: the job's name.</summary>
[Alias("oe.training-coordinator")]
public interface ITrainingCoordinator : IGrainWithStringKey
{
    /// <summary>
    /// Starts the job, or goes on from a checkpoint. Starting a running job again with the same settings changes
    /// nothing.
    /// </summary>
    /// <exception cref="Core.OrleansEdgeException">
    /// The job is wrong, or another has its name: one that runs with other settings, or any that has ended (64).
    /// </exception>
    [Alias("start")]
    Task Start(TrainingJob job, JobCheckpoint? from);

    [Alias("status"), AlwaysInterleave]
    Task<JobStatus> Status();

    /// <summary>Closes the shards at their present clock; the job ends when the last evaluation is in.</summary>
    [Alias("stop"), AlwaysInterleave]
    Task Stop();

    /// <summary>The state to go on from, once the job has ended.</summary>
    [Alias("checkpoint")]
    Task<JobCheckpoint> Checkpoint();

    /// <summary>The job as it was started; null when there is none.</summary>
    [Alias("job"), AlwaysInterleave]
    Task<TrainingJob?> Job();

    /// <summary>
    /// Looks at shards and workers soon. A host calls it when it has lost some of its machines, so that workers are
    /// started again without waiting for the next heartbeat.
    /// </summary>
    [Alias("look-after"), AlwaysInterleave]
    Task LookAfter();

    /// <summary>
    /// Called by a worker whose loss or gradient is not finite, or whose update would make a parameter infinite: closes
    /// the shards, and the job ends as diverged.
    /// </summary>
    /// <param name="update">Clock of the shards that the gradient was computed from.</param>
    /// <param name="loss">Of the worker's batch, in nats.</param>
    [Alias("diverged"), AlwaysInterleave]
    Task Diverged(long update, double loss);

    /// <summary>Called by the evaluator.</summary>
    [Alias("evaluated"), AlwaysInterleave]
    Task Evaluated(EvaluationPoint point);
}

/// <summary>Measures the accuracy of the model as the shards send it. Key: "job/evaluator".</summary>
[Alias("oe.evaluator")]
public interface IEvaluator : IGrainWithStringKey
{
    /// <summary>Begins anew; slices of earlier epochs count no more.</summary>
    [Alias("start")]
    Task Start(TrainingJob job, int epoch);

    /// <summary>
    /// One shard's values at a clock; when all shards' values of a clock are there they are evaluated.
    /// </summary>
    [Alias("offer")]
    Task Offer(EvaluationSlice slice);

    /// <summary>
    /// The last measured model that was no suspect of a divergence, before there is one the last with a finite loss;
    /// null before the first, and after a restart.
    /// </summary>
    [Alias("kept"), AlwaysInterleave]
    Task<KeptModel?> Kept();
}

/// <param name="Updates">Clock of the shards.</param>
/// <param name="Values">[shards], dense.</param>
[GenerateSerializer, Immutable, Alias("oe.kept-model")]
public sealed record KeptModel([property: Id(0)] long Updates, [property: Id(1)] Payload[] Values)
{
    /// <summary>The model, [parameters].</summary>
    public float[] Parameters() =>
        [.. Values.SelectMany(values => MemoryMarshal.Cast<byte, float>(values.Bytes.Span).ToArray())];
}

/// <param name="Final">The shard's last slice; final slices belong together whatever their clocks.</param>
/// <param name="IngressBytes">The shard's ingress up to this clock.</param>
/// <param name="Epoch">That of the shard's configuration.</param>
[GenerateSerializer, Immutable, Alias("oe.evaluation-slice")]
public sealed record EvaluationSlice(
    [property: Id(0)] int Shard,
    [property: Id(1)] long Clock,
    [property: Id(2)] long IngressBytes,
    [property: Id(3)] long EgressBytes,
    [property: Id(4)] bool Final,
    [property: Id(5)] Payload Values,
    [property: Id(6)] int Epoch);

/// <summary>One point of the learning curve.</summary>
/// <param name="Updates">Clock of the shards.</param>
/// <param name="Accuracy">Share of the test examples classified right, 0 to 1.</param>
/// <param name="Loss">Mean cross-entropy on the test examples, in nats.</param>
/// <param name="Seconds">Time since the job began, on the host's clock.</param>
/// <param name="Final">The job's last point.</param>
[GenerateSerializer, Immutable, Alias("oe.evaluation-point")]
public sealed record EvaluationPoint(
    [property: Id(0)] long Updates,
    [property: Id(1)] double Accuracy,
    [property: Id(2)] double Loss,
    [property: Id(3)] long IngressBytes,
    [property: Id(4)] long EgressBytes,
    [property: Id(5)] double Seconds,
    [property: Id(6)] bool Final);

[GenerateSerializer, Alias("oe.job-phase")]
public enum JobPhase
{
    Idle = 0,
    Running = 1,
    Ended = 2,
}

/// <param name="ExitReason">
/// "updates-reached", "target-reached", "stopped", "all-workers-lost", "diverged at update N, loss L", "failed: why" or
/// "failed to start: why"; null while running.
/// </param>
/// <param name="Updates">The lowest clock among the shards as last heard.</param>
/// <param name="Shards">Status of each shard as last heard.</param>
/// <param name="LostWorkers">Workers that no longer answer.</param>
[GenerateSerializer, Immutable, Alias("oe.job-status")]
public sealed record JobStatus(
    [property: Id(0)] JobPhase Phase,
    [property: Id(1)] string? ExitReason,
    [property: Id(2)] long Updates,
    [property: Id(3)] EvaluationPoint[] Curve,
    [property: Id(4)] ShardStatus[] Shards,
    [property: Id(5)] int[] LostWorkers)
{
    /// <summary>How the exit reason of a job begins that could not be set up.</summary>
    public const string NotStarted = "failed to start: ";

    /// <summary>How the exit reason of a job begins whose loss grew without bound.</summary>
    public const string DivergedReason = "diverged at update ";

    /// <summary>Whether the job ended because its loss grew without bound.</summary>
    public bool HasDiverged() => ExitReason?.StartsWith(DivergedReason, StringComparison.Ordinal) == true;

    /// <summary>Whether no other job may have the name: this one runs or has run.</summary>
    public bool HoldsName() => Phase == JobPhase.Running
        || (Phase == JobPhase.Ended && ExitReason?.StartsWith(NotStarted, StringComparison.Ordinal) != true);
}

/// <summary>What a job goes on from, bit for bit.</summary>
/// <param name="Epoch">The segment that ended with this checkpoint.</param>
/// <param name="Seconds">Time since the job began, on the host's clock.</param>
/// <param name="Shards">State of each shard.</param>
/// <param name="LostWorkers">Workers that no longer answer.</param>
[GenerateSerializer, Immutable, Alias("oe.job-checkpoint")]
public sealed record JobCheckpoint(
    [property: Id(0)] int Epoch,
    [property: Id(1)] double Seconds,
    [property: Id(2)] Payload[] Shards,
    [property: Id(3)] int[] LostWorkers,
    [property: Id(4)] EvaluationPoint[] Curve);
