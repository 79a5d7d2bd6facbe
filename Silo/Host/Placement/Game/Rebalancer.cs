using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Placement;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Silo.Placement.Game;

/// <summary>Reports the load of this silo to the ledger, and moves the activations that the ledger names.</summary>
internal sealed class Rebalancer(
    IGrainFactory grains, LocalActivations local, ClusterLoads loads, DrainState drain, ILocalSiloDetails silo,
    SiloOptions options, TimeProvider clock, ILogger<Rebalancer> log)
    : BackgroundService
{
    private long _taken = clock.GetTimestamp();

    /// <summary>One report.</summary>
    /// <returns>Activations that were told to move.</returns>
    public async Task<int> ReportAsync()
    {
        var seconds = clock.GetElapsedTime(_taken).TotalSeconds;
        _taken = clock.GetTimestamp();
        var report = new SiloReport(silo.SiloAddress, [.. local.All.Select(context => Report(context, seconds))]);
        var answer = await grains.GetGrain<IPlacementLedger>(IPlacementLedger.Key).Report(report);
        loads.Update(answer);
        return drain.Draining ? 0 : answer.Moves.Count(Move);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.RebalanceSeconds <= 0)
        {
            return;
        }
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.RebalanceSeconds), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ReportAsync();
            }
            catch (Exception failure)
            {
                // Placement goes on by what was known before.
                log.LogWarning("loads could not be reported: {Reason}", failure.Message.ReplaceLineEndings(" "));
            }
        }
    }

    private static ActivationReport Report(IGrainContext context, double seconds) => new(
        context.GrainId, context.GetComponent<ActivationLoad>()?.Take(seconds) ?? ActivationLoad.Idle,
        context.GrainInstance is IMovable);

    private bool Move(ActivationMove move)
    {
        if (local.Find(move.Grain) is not { } activation)
        {
            return false; // it has ended or moved meanwhile
        }
        activation.Migrate(new() { [IPlacementDirector.PlacementHintKey] = move.To });
        return true;
    }
}
