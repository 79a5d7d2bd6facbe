using Orleans.Concurrency;

namespace OrleansEdge.Grains.Interfaces.Training;

/// <summary>Sets up shards, workers and the evaluator of one job and watches over them. Key: the job's name.</summary>
[Alias("oe.training-job")]
public interface ITrainingJobGrain : IGrainWithStringKey
{
    /// <summary>Starts the job, or goes on from a checkpoint.</summary>
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

    /// <summary>Called by the evaluator.</summary>
    [Alias("evaluated"), AlwaysInterleave]
    Task Evaluated(EvaluationPoint point);
}

/// <summary>Measures the accuracy of the model as the shards send it. Key: "job/evaluator".</summary>
[Alias("oe.evaluator")]
public interface IEvaluator : IGrainWithStringKey
{
    [Alias("start")]
    Task Start(TrainingJob job);

    /// <summary>One shard's values at a clock; when all shards' values of a clock are there they are evaluated.</summary>
    [Alias("offer")]
    Task Offer(EvaluationSlice slice);
}

/// <summary>One training job. Every number that decides its outcome is here.</summary>
/// <param name="Algorithm">"asgd", "comp-asgd", "adacomp" or "downpour".</param>
/// <param name="Model">A name of the model catalogue.</param>
/// <param name="Data">A name or folder of the data catalogue, or "synthetic".</param>
/// <param name="TrainExamples">Training examples used; 0 for all.</param>
/// <param name="Partition">"equal", "label" or "dirichlet:ALPHA".</param>
/// <param name="Compression">Share of each block's gradient entries that is pushed; 1 is dense.</param>
/// <param name="HalfPrecisionValues">Pushed values have 16 bits.</param>
/// <param name="Updates">Clock at which the job ends.</param>
/// <param name="MeanWaitSeconds">Mean of the random wait between gradient and push of a device of speed 1.</param>
/// <param name="FetchEvery">Downpour's n_fetch: steps between pulls.</param>
/// <param name="PushEvery">Downpour's n_push: steps between pushes.</param>
/// <param name="WarmUpUpdates">Updates that worker 0 makes alone before the others begin.</param>
/// <param name="WorkerSpeeds">Relative speed of each worker's device; empty when all are 1.</param>
[GenerateSerializer, Immutable, Alias("oe.training-job-specification")]
public sealed record TrainingJob(
    [property: Id(0)] string Name,
    [property: Id(1)] string Algorithm,
    [property: Id(2)] string Model,
    [property: Id(3)] string Data,
    [property: Id(4)] int TrainExamples,
    [property: Id(5)] string Partition,
    [property: Id(6)] int Workers,
    [property: Id(7)] int Shards,
    [property: Id(8)] int BatchSize,
    [property: Id(9)] float LearningRate,
    [property: Id(10)] double Compression,
    [property: Id(11)] bool HalfPrecisionValues,
    [property: Id(12)] long Updates,
    [property: Id(13)] long EvaluateEvery,
    [property: Id(14)] double MeanWaitSeconds,
    [property: Id(15)] int FetchEvery,
    [property: Id(16)] int PushEvery,
    [property: Id(17)] long WarmUpUpdates,
    [property: Id(18)] double[] WorkerSpeeds,
    [property: Id(19)] ulong Seed);

/// <param name="IngressBytes">The shard's ingress up to this clock.</param>
[GenerateSerializer, Immutable, Alias("oe.evaluation-slice")]
public sealed record EvaluationSlice(
    [property: Id(0)] int Shard,
    [property: Id(1)] long Clock,
    [property: Id(2)] long IngressBytes,
    [property: Id(3)] long EgressBytes,
    [property: Id(4)] Payload Values);

/// <summary>One point of the learning curve.</summary>
/// <param name="Updates">Clock of the shards.</param>
/// <param name="Accuracy">Share of the test examples classified right, 0 to 1.</param>
/// <param name="Loss">Mean cross-entropy on the test examples, in nats.</param>
/// <param name="Seconds">Time since the job began, on the host's clock.</param>
[GenerateSerializer, Immutable, Alias("oe.evaluation-point")]
public sealed record EvaluationPoint(
    [property: Id(0)] long Updates,
    [property: Id(1)] double Accuracy,
    [property: Id(2)] double Loss,
    [property: Id(3)] long IngressBytes,
    [property: Id(4)] long EgressBytes,
    [property: Id(5)] double Seconds);

[GenerateSerializer, Alias("oe.job-phase")]
public enum JobPhase
{
    Idle = 0,
    Running = 1,
    Ended = 2,
}

/// <param name="ExitReason">"updates-reached", "stopped", "all-workers-lost" or "failed: why"; null while running.</param>
/// <param name="Shards">Status of each shard as last heard.</param>
[GenerateSerializer, Immutable, Alias("oe.job-status")]
public sealed record JobStatus(
    [property: Id(0)] JobPhase Phase,
    [property: Id(1)] string? ExitReason,
    [property: Id(2)] long Updates,
    [property: Id(3)] EvaluationPoint[] Curve,
    [property: Id(4)] ShardStatus[] Shards);

/// <summary>What a job goes on from, bit for bit.</summary>
/// <param name="WorkerSteps">Steps done by each worker; -1 for a worker that is lost.</param>
[GenerateSerializer, Immutable, Alias("oe.job-checkpoint")]
public sealed record JobCheckpoint(
    [property: Id(0)] int Epoch,
    [property: Id(1)] double Seconds,
    [property: Id(2)] ShardSnapshot[] Shards,
    [property: Id(3)] long[] WorkerSteps,
    [property: Id(4)] EvaluationPoint[] Curve);
