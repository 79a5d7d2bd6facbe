using OrleansEdge.Core.Models;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;
using OrleansEdge.Simulation.Hosting;

namespace OrleansEdge.Simulation.Training;

/// <param name="Checkpoint">What another run can go on from.</param>
/// <param name="Parameters">The model at the end, [parameters].</param>
/// <param name="CrashedWorkers">Devices that crashed, in this run and before it.</param>
public sealed record SimulatedTrainingResult(
    JobStatus Status, JobCheckpoint Checkpoint, float[] Parameters, ulong TraceHash, int CrashedWorkers);

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
    /// <param name="stop">Closes the shards; the job then ends with the exit reason "stopped".</param>
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
        Ask(cluster, job, coordinator => coordinator.Start(job, from));
        var status = Watch(cluster, job, progress, stop);
        var checkpoint = Ask(cluster, job, coordinator => coordinator.Checkpoint());
        var parameters = ShardStates.Parameters(job, checkpoint.Shards);
        return new SimulatedTrainingResult(
            status, checkpoint, parameters, cluster.TraceHash, checkpoint.LostWorkers.Length);
    }

    private static JobStatus Watch(
        VirtualCluster cluster, TrainingJob job, Action<JobStatus, TimeSpan>? progress, CancellationToken stop)
    {
        var stopping = false;
        while (true)
        {
            cluster.RunFor(PollInterval, CancellationToken.None); // stopping closes the shards instead
            var status = Ask(cluster, job, coordinator => coordinator.Status());
            progress?.Invoke(status, cluster.Now);
            if (status.Phase == JobPhase.Ended)
            {
                return status;
            }
            if (stop.IsCancellationRequested && !stopping)
            {
                stopping = true;
                Ask(cluster, job, coordinator => coordinator.Stop());
            }
        }
    }

    /// <summary>Asks again while the coordinator's silo is down or it is busy waiting for others that do not answer.</summary>
    private static T Ask<T>(VirtualCluster cluster, TrainingJob job, Func<ITrainingCoordinator, Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return cluster.Run(grains => call(grains.Get<ITrainingCoordinator>(job.Name)), CancellationToken.None);
            }
            catch (TimeoutException) when (attempt < Attempts)
            {
                // It has waited half a minute of virtual time already.
            }
        }
    }

    private static void Ask(VirtualCluster cluster, TrainingJob job, Func<ITrainingCoordinator, Task> call) => Ask(
        cluster, job,
        async coordinator =>
        {
            await call(coordinator);
            return true;
        });
}
