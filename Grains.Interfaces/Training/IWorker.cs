using Orleans.Concurrency;

namespace OrleansEdge.Grains.Interfaces.Training;

/// <summary>
/// An edge worker: pulls the model, computes a gradient on its own examples, pushes it. It holds nothing that the
/// shards could not tell it again, so a lost worker can begin anew anywhere. Key: "job/worker/index", or
/// "job/worker/index@site" for one that is pinned to a site.
/// </summary>
[Alias("oe.worker")]
public interface IWorker : IGrainWithStringKey
{
    /// <summary>
    /// Begins the training loop, anew when it has ended without a failure. Repeating it with the same epoch while the
    /// loop goes on changes nothing.
    /// </summary>
    [Alias("start")]
    Task Start(WorkerAssignment assignment);

    [Alias("status"), AlwaysInterleave]
    Task<WorkerStatus> Status();

    /// <summary>Ends the loop after the current turn.</summary>
    [Alias("stop"), AlwaysInterleave]
    Task Stop();
}

/// <param name="Worker">Index, 0 to workers - 1.</param>
/// <param name="Epoch">Which segment of the job this is.</param>
[GenerateSerializer, Immutable, Alias("oe.worker-assignment")]
public sealed record WorkerAssignment(
    [property: Id(0)] TrainingJob Job,
    [property: Id(1)] int Worker,
    [property: Id(2)] int Epoch);

/// <param name="Epoch">The epoch of the last assignment, -1 when there is none.</param>
/// <param name="Running">The loop goes on.</param>
/// <param name="Steps">Gradients computed since the assignment.</param>
/// <param name="Loss">Loss of the last batch in nats, 0 before the first.</param>
/// <param name="Failure">Why the loop ended, when it did not end as it should.</param>
/// <param name="Acknowledged">
/// [shards], number of the worker's last update that each shard has acknowledged to this activation, 0 before the
/// first.
/// </param>
[GenerateSerializer, Immutable, Alias("oe.worker-status")]
public sealed record WorkerStatus(
    [property: Id(0)] int Epoch,
    [property: Id(1)] bool Running,
    [property: Id(2)] long Steps,
    [property: Id(3)] double Loss,
    [property: Id(4)] string? Failure,
    [property: Id(5)] long[] Acknowledged);
