using OrleansEdge.Core;
using OrleansEdge.Client.Training;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Cluster;

/// <summary>What the cluster did with a job that was submitted.</summary>
internal enum Submission
{
    Started,

    /// <summary>It was submitted before, with the same settings.</summary>
    RunsAlready,

    /// <summary>It was submitted before, with the same settings, and has ended.</summary>
    EndedBefore,
}

/// <summary>
/// The jobs of a cluster, as a client sees them. Every call is repeated for a while when silos come and go.
/// </summary>
internal sealed class ClusterJobs(IGrains grains, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Starts a job, unless the cluster has it already. When the answer gets lost, the cluster is asked whether it has
    /// the job.
    /// </summary>
    /// <exception cref="OrleansEdgeException">The job is wrong, or another has its name (64).</exception>
    public async Task<Submission> Start(TrainingJob job, CancellationToken stop)
    {
        var asked = false;
        return await Repeat(
            async () =>
            {
                if (await Coordinator(job.Name).Job() is { } known && known.IsSameAs(job)
                    && await Coordinator(job.Name).Status() is var status && status.HoldsName())
                {
                    return asked ? Submission.Started
                        : status.Phase == JobPhase.Ended ? Submission.EndedBefore : Submission.RunsAlready;
                }
                asked = true;
                await Coordinator(job.Name).Start(job, null);
                return Submission.Started;
            },
            stop);
    }

    public Task<string[]> Running(CancellationToken stop) =>
        Repeat(() => grains.Get<IJobDirectory>(IJobDirectory.Key).Running(), stop);

    /// <exception cref="OrleansEdgeException">The cluster knows no job of this name (66).</exception>
    public async Task<(TrainingJob Job, JobStatus Status)> Status(string name, CancellationToken stop)
    {
        var job = await Repeat(() => Coordinator(name).Job(), stop) ?? throw await Unknown(name, stop);
        return (job, await Repeat(() => Coordinator(name).Status(), stop));
    }

    /// <exception cref="OrleansEdgeException">The cluster knows no job of this name (66).</exception>
    public async Task Stop(string name, CancellationToken stop)
    {
        await Status(name, stop);
        await Repeat(
            async () =>
            {
                await Coordinator(name).Stop();
                return true;
            },
            stop);
    }

    /// <summary>Reports until the job has ended or the user stops watching.</summary>
    /// <returns>The last status.</returns>
    public async Task<JobStatus> Watch(string name, Action<TrainingProgress> report, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var status = await Repeat(() => Coordinator(name).Status(), stop);
            report(new TrainingProgress(status, clock.GetElapsedTime(started).TotalSeconds));
            if (status.Phase == JobPhase.Ended)
            {
                return status;
            }
            await Task.Delay(PollInterval, clock, stop);
        }
    }

    private ITrainingCoordinator Coordinator(string name) => grains.Get<ITrainingCoordinator>(name);

    private async Task<OrleansEdgeException> Unknown(string name, CancellationToken stop)
    {
        var running = await Running(stop);
        return OrleansEdgeException.MissingInput($"job '{name}' is unknown to the cluster; " +
            (running.Length == 0 ? "none is running" : $"running: {string.Join(", ", running)}"));
    }

    /// <summary>Makes a call until it is answered, for a while.</summary>
    /// <exception cref="OrleansEdgeException">The cluster does not answer (69).</exception>
    public async Task<T> Repeat<T>(Func<Task<T>> call, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await call().WaitAsync(stop);
            }
            catch (Exception failure) when (failure is not OrleansEdgeException and not OperationCanceledException
                && clock.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(PollInterval, clock, stop);
            }
            catch (Exception failure) when (failure is not OrleansEdgeException and not OperationCanceledException)
            {
                throw new OrleansEdgeException(ExitCode.Unavailable,
                    $"the cluster has not answered for {Patience.TotalSeconds:F0} s: {failure.Message}", failure);
            }
        }
    }
}
