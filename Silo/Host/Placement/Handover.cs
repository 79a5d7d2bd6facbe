using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansEdge.Silo.Placement;

/// <summary>
/// Moves the grains of a silo that is told to stop to the others, with their memory, before Orleans ends it.
/// </summary>
internal sealed class Handover(
    LocalActivations local, DrainState drain, ISiloStatusOracle membership, SiloOptions options, ILogger<Handover> log)
    : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (membership.GetApproximateSiloStatuses(onlyActive: true).Count <= 1 || options.DrainSeconds <= 0)
        {
            return;
        }
        drain.Draining = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(options.DrainSeconds));
        var moved = 0;
        try
        {
            // Grains that were placed here meanwhile make further rounds.
            for (var activations = local.All; activations.Count > 0; activations = local.All)
            {
                foreach (var activation in activations)
                {
                    activation.Migrate(null, limit.Token);
                }
                moved += activations.Count;
                await Task.WhenAll(activations.Select(activation => activation.Deactivated)).WaitAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            log.LogWarning("{Count} grains were not handed over in {Seconds} s", local.All.Count, options.DrainSeconds);
        }
        if (log.IsEnabled(LogLevel.Information))
        {
            log.LogInformation("stopping: {Count} grains handed over", moved);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
