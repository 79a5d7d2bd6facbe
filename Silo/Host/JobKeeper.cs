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
        while (!stoppingToken.IsCancellationRequested)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var lost = _lost.Reader.WaitToReadAsync(wait.Token).AsTask();
            await Task.WhenAny(lost, Task.Delay(Interval, clock, wait.Token));
            await wait.CancelAsync();
            if (!stoppingToken.IsCancellationRequested)
            {
                var isLost = _lost.Reader.TryRead(out _);
                await TryAsync(() => LookAfterJobsAsync(isLost));
                await TryAsync(LookAfterGamesAsync);
            }
        }
    }

    private async Task LookAfterJobsAsync(bool lost)
    {
        var directory = grains.GetGrain<IJobDirectory>(IJobDirectory.Key);
        foreach (var job in await directory.Running())
        {
            var coordinator = grains.GetGrain<ITrainingCoordinator>(job);
            if (lost)
            {
                await coordinator.LookAfter();
            }
            else if ((await coordinator.Status()).Phase is JobPhase.Ended or JobPhase.Idle)
            {
                await directory.Remove(job);
            }
        }
    }

    private async Task LookAfterGamesAsync()
    {
        var directory = grains.GetGrain<IJobDirectory>(IJobDirectory.GamesKey);
        foreach (var game in await directory.Running())
        {
            if ((await grains.GetGrain<IOffloadingCoordinator>(game).Status()).Phase != OffloadingPhase.Running)
            {
                await directory.Remove(game);
            }
        }
    }

    private async Task TryAsync(Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (Exception failure)
        {
            if (log.IsEnabled(LogLevel.Information))
            {
                log.LogInformation("jobs will be looked after again in {Seconds} s: {Reason}",
                    Interval.TotalSeconds, failure.Message.ReplaceLineEndings(" "));
            }
        }
    }
}
