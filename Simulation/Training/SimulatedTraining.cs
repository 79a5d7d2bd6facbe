using OrleansEdge.Core.Models;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;
using OrleansEdge.Simulation.Hosting;

namespace OrleansEdge.Simulation.Training;

/// <param name="Checkpoint">What another run can go on from.</param>
/// <param name="Parameters">The model at the end, [parameters]; of a diverged job the last that was none.</param>
/// <param name="ParametersAt">Clock of the shards that the model is of.</param>
/// <param name="CrashedWorkers">Devices that crashed, in this run and before it.</param>
public sealed record SimulatedTrainingResult(
    JobStatus Status, JobCheckpoint Checkpoint, float[] Parameters, long ParametersAt, ulong TraceHash,
    int CrashedWorkers);

/// <summary>
/// Runs training jobs in a virtual-time cluster. The result depends on the job, the fleet and the checkpoint alone,
/// never on the machine.
/// </summary>
/// <param name="data">Where examples come from.</param>
/// <param name="cores">Threads that compute gradients; 0 for one per core of the machine.</param>
public sealed class SimulatedTraining(WorkerData data, int cores = 0)
{
    /// <summary>Virtual time between two looks at the job.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private const int Attempts = 20;

    private readonly ModelPool _models = new();
    private readonly GradientWorkspaces _workspaces = new();

    /// <summary>Runs one job to its end.</summary>
    /// <param name="from">What to go on from, or null to begin.</param>
    /// <param name="progress">
    /// Called every few virtual seconds with the job's status and the virtual time of this run.
    /// </param>
    /// <param name="stop">
    /// Ends the run between two events with the shards as they are and the exit reason "stopped"; there is no last
    /// evaluation.
    /// </param>
    /// <exception cref="Core.OrleansEdgeException">The job, its data or the checkpoint are wrong.</exception>
    public SimulatedTrainingResult Run(
        TrainingJob job, EdgeFleet fleet, JobCheckpoint? from, Action<JobStatus, TimeSpan>? progress, CancellationToken stop)
    {
        job.Validate();
        using var cluster = new VirtualCluster(new VirtualClusterOptions
        {
            Seed = new Core.RandomStream(job.Seed, "cluster", (ulong)((from?.Epoch + 1) ?? 0)).NextUInt64(),
            Nodes = fleet.Nodes(job),
            Network = fleet.Network,
            Faults = fleet.FaultsOf(job),
            Placement = fleet.Placement,
            Storage = fleet.Storage,
            Grains = new GrainClasses().AddGrains(typeof(Worker).Assembly),
            Services = new ServiceTable().Add(data).Add(_models).Add(_workspaces),
            DegreeOfParallelism = cores,
            StopAtFailedTurn = true,
        });
        Ask(cluster, job, async coordinator =>
        {
            await coordinator.Start(job, from);
            return true;
        });
        try
        {
            return Ended(cluster, job, Watch(cluster, job, progress, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Stopped(cluster, job, from);
        }
    }

    private static JobStatus Watch(
        VirtualCluster cluster, TrainingJob job, Action<JobStatus, TimeSpan>? progress, CancellationToken stop)
    {
        while (true)
        {
            cluster.RunFor(PollInterval, stop);
            var status = Ask(cluster, job, coordinator => coordinator.Status());
            progress?.Invoke(status, cluster.Now);
            if (status.Phase == JobPhase.Ended)
            {
                return status;
            }
        }
    }

    private static SimulatedTrainingResult Ended(VirtualCluster cluster, TrainingJob job, JobStatus status)
    {
        var checkpoint = Ask(cluster, job, coordinator => coordinator.Checkpoint());
        var (parameters, at) = (ShardStates.Parameters(job, checkpoint.Shards), status.Updates);
        if (status.HasDiverged() && Kept(cluster, job) is { } kept)
        {
            (parameters, at) = (kept.Parameters(), kept.Updates);
        }
        return new SimulatedTrainingResult(
            status, checkpoint, parameters, at, cluster.TraceHash, checkpoint.LostWorkers.Length);
    }

    /// <summary>The job as it is.</summary>
    private static SimulatedTrainingResult Stopped(VirtualCluster cluster, TrainingJob job, JobCheckpoint? from)
    {
        var status = Ask(cluster, job, coordinator => coordinator.Status());
        var shards = AskShards(cluster, job, shard => shard.Status());
        var states = AskShards(cluster, job, shard => shard.Export());
        status = status with
        {
            Phase = JobPhase.Ended,
            ExitReason = "stopped",
            Updates = shards.Min(shard => shard.Clock),
            Shards = shards,
        };
        var checkpoint = new JobCheckpoint(
            (from?.Epoch + 1) ?? 0, (from?.Seconds ?? 0) + cluster.Now.TotalSeconds, states, status.LostWorkers,
            status.Curve);
        return new SimulatedTrainingResult(
            status, checkpoint, ShardStates.Parameters(job, states), status.Updates, cluster.TraceHash,
            status.LostWorkers.Length);
    }

    private static KeptModel? Kept(VirtualCluster cluster, TrainingJob job) =>
        Ask(cluster, grains => grains.Get<IEvaluator>(GrainKeys.Evaluator(job.Name)).Kept());

    private static T[] AskShards<T>(VirtualCluster cluster, TrainingJob job, Func<IParameterShard, Task<T>> call) =>
        Ask(cluster, grains => Task.WhenAll(Enumerable.Range(0, job.Shards).Select(
            i => call(grains.Get<IParameterShard>(GrainKeys.Shard(job.Name, i))))));

    private static T Ask<T>(VirtualCluster cluster, TrainingJob job, Func<ITrainingCoordinator, Task<T>> call) =>
        Ask(cluster, grains => call(grains.Get<ITrainingCoordinator>(job.Name)));

    /// <summary>Asks again while a silo is down or the grain is busy waiting for others that do not answer.</summary>
    private static T Ask<T>(VirtualCluster cluster, Func<IGrains, Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return cluster.Run(call, CancellationToken.None);
            }
            catch (TimeoutException) when (attempt < Attempts)
            {
                // It has waited half a minute of virtual time already.
            }
        }
    }
}
