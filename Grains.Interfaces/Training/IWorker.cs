using Orleans.Concurrency;

namespace OrleansEdge.Grains.Interfaces.Training;

/// <summary>An edge worker: pulls the model, computes a gradient on its own examples, pushes it. Key: "job/worker/index".</summary>
[Alias("oe.worker")]
public interface IWorker : IGrainWithStringKey
{
    /// <summary>Begins, or goes on with, the training loop. Repeating it with the same epoch changes nothing.</summary>
    [Alias("start")]
    Task Start(WorkerAssignment assignment);

    [Alias("status"), AlwaysInterleave]
    Task<WorkerStatus> Status();

    /// <summary>Ends the loop after the current turn.</summary>
    [Alias("stop"), AlwaysInterleave]
    Task Stop();
}

/// <param name="Job">The whole job.</param>
/// <param name="Worker">Index, 0 to workers - 1.</param>
/// <param name="Epoch">Which segment of the job this is.</param>
/// <param name="Steps">Steps done in earlier segments.</param>
[GenerateSerializer, Immutable, Alias("oe.worker-assignment")]
public sealed record WorkerAssignment(
    [property: Id(0)] TrainingJob Job,
    [property: Id(1)] int Worker,
    [property: Id(2)] int Epoch,
    [property: Id(3)] long Steps);

[GenerateSerializer, Immutable, Alias("oe.worker-status")]
public sealed record WorkerStatus(
    [property: Id(0)] long Steps,
    [property: Id(1)] bool Running,
    [property: Id(2)] double MeanLoss,
    [property: Id(3)] string? Failure);
