using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Silo;

/// <summary>
/// Keeps running jobs and games running: wakes their coordinators, which may have died with a silo, and tells those of
/// jobs when the cluster has lost one.
/// </summary>
internal sealed class JobKeeper(
    IGrainFactory grains, ISiloStatusOracle membership, TimeProvider clock, ILogger<JobKeeper> log)
    : BackgroundService, ISiloStatusListener
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Channel<SiloAddress> _lost = Channel.CreateBounded<SiloAddress>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status is SiloStatus.Dead or SiloStatus.ShuttingDown)
        {
            _lost.Writer.TryWrite(updatedSilo);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        membership.SubscribeToSiloStatusEvents(this);
        var isLost = false; // until every running job has been told
        while (!stoppingToken.IsCancellationRequested)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var lost = _lost.Reader.WaitToReadAsync(wait.Token).AsTask();
            await Task.WhenAny(lost, Task.Delay(Interval, clock, wait.Token));
            await wait.CancelAsync();
            if (!stoppingToken.IsCancellationRequested)
            {
                isLost |= _lost.Reader.TryRead(out _);
                isLost &= !await LookAfterJobsAsync(isLost);
                await LookAfterGamesAsync();
            }
        }
    }

    /// <summary>Whether all of them could be looked after; one that does not answer keeps no other waiting.</summary>
    private Task<bool> LookAfterJobsAsync(bool lost) => LookAfterAllAsync(IJobDirectory.Key, async job =>
    {
        var coordinator = grains.GetGrain<ITrainingCoordinator>(job);
        if (lost)
        {
            await coordinator.LookAfter();
            return true;
        }
        return (await coordinator.Status()).Phase == JobPhase.Running;
    });

    private Task<bool> LookAfterGamesAsync() => LookAfterAllAsync(IJobDirectory.GamesKey, async game =>
        (await grains.GetGrain<IOffloadingCoordinator>(game).Status()).Phase == OffloadingPhase.Running);

    private async Task<bool> LookAfterAllAsync(string key, Func<string, Task<bool>> isRunning)
    {
        var directory = grains.GetGrain<IJobDirectory>(key);
        string[] running = [];
        var isWhole = await TryAsync(async () => running = await directory.Running());
        foreach (var name in running)
        {
            isWhole &= await TryAsync(async () =>
            {
                if (!await isRunning(name))
                {
                    await directory.Remove(name);
                }
            });
        }
        return isWhole;
    }

    private async Task<bool> TryAsync(Func<Task> look)
    {
        try
        {
            await look();
            return true;
        }
        catch (Exception failure)
        {
            if (log.IsEnabled(LogLevel.Information))
            {
                log.LogInformation("jobs will be looked after again in {Seconds} s: {Reason}",
                    Interval.TotalSeconds, failure.Message.ReplaceLineEndings(" "));
            }
            return false;
        }
    }
}
