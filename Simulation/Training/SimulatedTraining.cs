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
        foreach (var lost in from?.LostWorkers ?? [])
        {
            cluster.CrashNode(EdgeFleet.DeviceName(lost)); // it does not come back because the run closed meanwhile
        }
        Ask(cluster, job, async coordinator =>
        {
            await coordinator.Start(job, from);
            return true;
        });
        try
        {
            var status = Watch(cluster, job, progress, stop);
            return Ended(cluster, job, status, Gone(cluster, job, fleet));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Stopped(cluster, job, from, Gone(cluster, job, fleet));
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

    /// <summary>Workers whose devices have crashed for good, whether or not the coordinator has noticed.</summary>
    private static int[] Gone(VirtualCluster cluster, TrainingJob job, EdgeFleet fleet)
    {
        var down = cluster.Nodes.Where(node => !node.IsUp).Select(node => node.Profile.Name).ToHashSet();
        down.ExceptWith(fleet.Faults.Crashes.Where(crash => crash.RestartAfterSeconds is not null).Select(crash => crash.Node));
        return [.. Enumerable.Range(0, job.Workers).Where(worker => down.Contains(EdgeFleet.DeviceName(worker)))];
    }

    private static SimulatedTrainingResult Ended(
        VirtualCluster cluster, TrainingJob job, JobStatus status, int[] gone)
    {
        var checkpoint = Ask(cluster, job, coordinator => coordinator.Checkpoint());
        checkpoint = checkpoint with { LostWorkers = [.. checkpoint.LostWorkers.Union(gone).Order()] };
        var (parameters, at) = (ShardStates.Parameters(job, checkpoint.Shards), status.Updates);
        if (status.HasDiverged() && Kept(cluster, job) is { } kept)
        {
            (parameters, at) = (kept.Parameters(), kept.Updates);
        }
        return new SimulatedTrainingResult(
            status, checkpoint, parameters, at, cluster.TraceHash, checkpoint.LostWorkers.Length);
    }

    /// <summary>The job as it is.</summary>
    private static SimulatedTrainingResult Stopped(
        VirtualCluster cluster, TrainingJob job, JobCheckpoint? from, int[] gone)
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
        int[] lost = [.. status.LostWorkers.Union(gone).Order()];
        var checkpoint = new JobCheckpoint(
            (from?.Epoch + 1) ?? 0, (from?.Seconds ?? 0) + cluster.Now.TotalSeconds, states, lost, status.Curve);
        return new SimulatedTrainingResult(
            status, checkpoint, ShardStates.Parameters(job, states), status.Updates, cluster.TraceHash, lost.Length);
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
