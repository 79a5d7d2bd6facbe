using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Silo;

/// <summary>
/// Keeps running jobs running: wakes their coordinators, which may have died with a silo, and tells them when the cluster has
/// lost or gained one.
/// </summary>
internal sealed class JobKeeper(IGrainFactory grains, ISiloStatusOracle membership, TimeProvider clock, ILogger<JobKeeper> log)
    : BackgroundService, ISiloStatusListener
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _changed = new(0, 1);

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status is SiloStatus.Dead or SiloStatus.ShuttingDown && _changed.CurrentCount == 0)
        {
            _changed.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        membership.SubscribeToSiloStatusEvents(this);
        using var timer = new PeriodicTimer(Interval, clock);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        var change = _changed.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAny(tick, change).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var lost = change.IsCompletedSuccessfully;
            change = change.IsCompleted ? _changed.WaitAsync(stoppingToken) : change;
            tick = tick.IsCompleted ? timer.WaitForNextTickAsync(stoppingToken).AsTask() : tick;
            if (!stoppingToken.IsCancellationRequested)
            {
                await LookAfterJobsAsync(lost);
            }
        }
    }

    private async Task LookAfterJobsAsync(bool lost)
    {
        try
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
