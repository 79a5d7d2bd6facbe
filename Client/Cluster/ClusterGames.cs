using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Offloading;

namespace OrleansEdge.Client.Cluster;

/// <summary>The offloading games of a cluster, as a client sees them.</summary>
internal sealed class ClusterGames(IGrains grains, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a game may take to end its slot and say its profile when the user wants to stop.</summary>
    private static readonly TimeSpan AfterStop = TimeSpan.FromSeconds(1.5);

    private readonly ClusterJobs _cluster = new(grains, clock);

    /// <summary>Plays a game to its end.</summary>
    /// <param name="progress">Called a few times a second.</param>
    /// <param name="stop">Ends the game after the slot.</param>
    /// <returns>
    /// The coordinator's account; where each user says that it is, 0 for local, or a 1-based channel.
    /// </returns>
    /// <exception cref="OrleansEdgeException">
    /// The job is wrong or another of its name is running (64), the cluster does not answer (69), or it has given the
    /// game up (75).
    /// </exception>
    public async Task<(OffloadingStatus Status, int[] Profile)> Play(
        OffloadingJob job, Action<OffloadingStatus> progress, CancellationToken stop)
    {
        await Start(job, stop);
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        using var stopping = stop.Register(() => late.CancelAfter(AfterStop));
        try
        {
            var status = await Watch(job.Name, progress, stop, late.Token);
            return (status, await Profile(job, status, late.Token));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new OrleansEdgeException(ExitCode.NotReached, $"game '{job.Name}' was told to end, but has not said "
                + $"within {AfterStop.TotalSeconds} s how it ended");
        }
    }

    /// <summary>The game of a name; null when the cluster knows none.</summary>
    public Task<OffloadingJob?> Find(string name, CancellationToken stop) =>
        _cluster.Repeat(() => Coordinator(name).Job(), stop);

    public Task<string[]> Running(CancellationToken stop) =>
        _cluster.Repeat(() => grains.Get<IJobDirectory>(IJobDirectory.GamesKey).Running(), stop);

    public Task<OffloadingStatus> Status(string name, CancellationToken stop) =>
        _cluster.Repeat(() => Coordinator(name).Status(), stop);

    /// <summary>Ends a game after its slot, and returns when it has ended: it may forget that it was asked to.</summary>
    public Task<OffloadingStatus> End(string name, CancellationToken stop) =>
        Watch(name, _ => { }, new CancellationToken(canceled: true), stop);

    private Task Stop(string name, CancellationToken stop) => _cluster.Repeat(
        async () =>
        {
            await Coordinator(name).Stop();
            return true;
        },
        stop);

    /// <summary>Reports until the game has ended or the user stops watching.</summary>
    /// <returns>The last status.</returns>
    public Task<OffloadingStatus> Watch(string name, Action<OffloadingStatus> progress, CancellationToken stop) =>
        Watch(name, progress, CancellationToken.None, stop);

    /// <summary>Where each user of a game that has ended says that it is, 0 for local, or a 1-based channel.</summary>
    /// <exception cref="OrleansEdgeException">
    /// The game runs or was given up (75); the cluster has lost where users are (66).
    /// </exception>
    public async Task<int[]> Profile(OffloadingJob job, OffloadingStatus status, CancellationToken stop)
    {
        if (status.Phase != OffloadingPhase.Ended)
        {
            throw new OrleansEdgeException(ExitCode.NotReached,
                $"game '{job.Name}' is running: {status.Slots} slots, {status.Updates} moves; 'oe cluster watch {job.Name}' "
                + $"waits for its end, 'oe cluster stop {job.Name}' ends it");
        }
        if (status.ExitReason!.StartsWith("failed", StringComparison.Ordinal))
        {
            throw new OrleansEdgeException(
                ExitCode.NotReached, $"game '{job.Name}' after {status.Slots} slots {status.ExitReason}");
        }
        return await _cluster.Repeat(() => OffloadingProfile.Collect(grains, clock, job), stop);
    }

    /// <summary>Starts a game. When the answer gets lost, the cluster is asked whether it has the game.</summary>
    private async Task Start(OffloadingJob job, CancellationToken stop)
    {
        if (await _cluster.Repeat(() => grains.Get<ITrainingCoordinator>(job.Name).Job(), stop) is not null)
        {
            throw OrleansEdgeException.Usage(
                $"'{job.Name}' is the name of a training job; submit this game under another name (--name)");
        }
        var asked = false;
        await _cluster.Repeat(
            async () =>
            {
                if (!asked || JsonText.Of(await Coordinator(job.Name).Job()) != JsonText.Of(job))
                {
                    asked = true;
                    await Coordinator(job.Name).Start(job);
                }
                return true;
            },
            stop);
    }

    private async Task<OffloadingStatus> Watch(
        string name, Action<OffloadingStatus> progress, CancellationToken stop, CancellationToken late)
    {
        while (true)
        {
            if (stop.IsCancellationRequested)
            {
                await Stop(name, late);
            }
            var status = await Status(name, late);
            progress(status);
            if (status.Phase == OffloadingPhase.Ended)
            {
                return status;
            }
            await Task.Delay(PollInterval, clock, late); // stopping lets the slot end instead
        }
    }

    private IOffloadingCoordinator Coordinator(string name) => grains.Get<IOffloadingCoordinator>(name);
}
