using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;

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
        if (await Repeat(() => grains.Get<IOffloadingCoordinator>(job.Name).Job(), stop) is not null)
        {
            throw OrleansEdgeException.Usage(
                $"'{job.Name}' is the name of a game; submit this job under another name (--name)");
        }
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

    public Task<string[]> Running(CancellationToken stop) => Running(IJobDirectory.Key, stop);

    /// <exception cref="OrleansEdgeException">The cluster knows no job of this name (66).</exception>
    public async Task<(TrainingJob Job, JobStatus Status)> Status(string name, CancellationToken stop)
    {
        var job = await Repeat(() => Coordinator(name).Job(), stop) ?? throw await Unknown(name, stop);
        var status = await Repeat(() => Coordinator(name).Status(), stop);
        // A coordinator that was activated anew after the end does not ask the shards any more.
        return status is { Phase: JobPhase.Ended, Shards: [] } && status.HoldsName()
            ? (job, await WithShards(job, status, stop))
            : (job, status);
    }

    /// <summary>A job that has ended, with its state: all that its run folder holds.</summary>
    /// <exception cref="OrleansEdgeException">
    /// The cluster knows no job of this name or has lost its state (66), it runs or could not be set up (75), or its
    /// state is damaged (65).
    /// </exception>
    public async Task<TrainingResult> Result(string name, CancellationToken stop)
    {
        var (job, status) = await Status(name, stop);
        if (status.Phase != JobPhase.Ended)
        {
            throw new OrleansEdgeException(ExitCode.NotReached,
                $"job '{name}' is running: {status.Updates} of {job.Updates} updates; 'oe cluster watch {name}' waits for its " +
                $"end, 'oe cluster stop {name}' ends it");
        }
        if (!status.HoldsName())
        {
            throw new OrleansEdgeException(ExitCode.NotReached, $"job '{name}' has no model: it {status.ExitReason}");
        }
        status = await WithShards(job, status, stop);
        if (Array.FindIndex(status.Shards, shard => !shard.Configured) is >= 0 and var lost)
        {
            throw OrleansEdgeException.MissingInput($"job '{name}' has ended ({status.ExitReason}), but the cluster has lost " +
                $"the state of shard {lost}: it was not stored (--persist-every), or only in the memory of silos");
        }
        var states = new List<Payload>();
        foreach (var shard in Shards(job))
        {
            states.Add(await Repeat(shard.Export, stop));
        }
        var seconds = status.Curve is [.., var last] ? last.Seconds : 0;
        var plan = new TrainingPlan
        {
            Name = RunNames.Of(job),
            Job = job,
            Classes = DeviceClasses.FromSpeeds(job.WorkerSpeeds, job.Seed),
        };
        var (parameters, at) = (ShardStates.Parameters(job, states), status.Updates);
        var evaluator = grains.Get<IEvaluator>(GrainKeys.Evaluator(job.Name));
        if (status.HasDiverged() && await Repeat(evaluator.Kept, stop) is { } kept)
        {
            (parameters, at) = (kept.Parameters(), kept.Updates);
        }
        var outcome = new TrainingOutcome(
            status, new JobCheckpoint(0, seconds, [.. states], status.LostWorkers, status.Curve), TraceHash: "", seconds,
            status.LostWorkers.Length, parameters, at);
        return new TrainingResult(plan, outcome, FirstUpdate: 0, seconds);
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

    /// <summary>What is told to whoever leaves a job or a game running.</summary>
    public static string GoesOn(string kind, string name) =>
        $"{kind} {name} goes on; '{ProgramName.Text} cluster watch {name}' shows it, '{ProgramName.Text} cluster fetch {name}' "
        + $"writes its run folder once it has ended, '{ProgramName.Text} cluster stop {name}' ends it";

    private ITrainingCoordinator Coordinator(string name) => grains.Get<ITrainingCoordinator>(name);

    private IEnumerable<IParameterShard> Shards(TrainingJob job) =>
        Enumerable.Range(0, job.Shards).Select(shard => grains.Get<IParameterShard>(GrainKeys.Shard(job.Name, shard)));

    /// <summary>The status with what the shards themselves say.</summary>
    private async Task<JobStatus> WithShards(TrainingJob job, JobStatus status, CancellationToken stop)
    {
        var shards = new List<ShardStatus>();
        foreach (var shard in Shards(job))
        {
            shards.Add(await Repeat(shard.Status, stop));
        }
        return status with { Shards = [.. shards], Updates = shards.Min(shard => shard.Clock) };
    }

    private async Task<OrleansEdgeException> Unknown(string name, CancellationToken stop)
    {
        string[] running = [.. await Running(stop), .. await Running(IJobDirectory.GamesKey, stop)];
        return OrleansEdgeException.MissingInput($"job '{name}' is unknown to the cluster; " +
            (running.Length == 0 ? "none is running" : $"running: {string.Join(", ", running)}"));
    }

    private Task<string[]> Running(string directory, CancellationToken stop) =>
        Repeat(() => grains.Get<IJobDirectory>(directory).Running(), stop);

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
