using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Silo.Placement;

/// <summary>
/// Moves the grains of a silo that is told to stop to the others, with their memory, before Orleans ends it.
/// </summary>
internal sealed class Handover(
    LocalActivations local, DrainState drain, ISiloStatusOracle membership, IGrainFactory grains, SiloOptions options,
    ILogger<Handover> log)
    : IHostedLifecycleService
{
    private static readonly TimeSpan LookupPatience = TimeSpan.FromSeconds(1);

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
                    activation.Migrate(await ApartFromItsTwin(activation), limit.Token);
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

    /// <summary>
    /// Tells the placement which silo to avoid: the replica's for a shard, the shard's for a replica. They would part
    /// again anyway, but until then the loss of one silo would be the loss of both.
    /// </summary>
    private async Task<Dictionary<string, object>?> ApartFromItsTwin(IGrainContext activation)
    {
        var key = activation.GrainId.Key.ToString()!;
        IAddressable? twin = activation.GrainInstance switch
        {
            ParameterShardGrain => grains.GetGrain<IShardReplica>(GrainKeys.ReplicaOf(key)),
            ShardReplicaGrain when GrainKeys.ShardOf(key) is { } shard => grains.GetGrain<IParameterShard>(shard),
            _ => null,
        };
        if (twin is null)
        {
            return null;
        }
        try
        {
            var silo = await grains.GetGrain<IManagementGrain>(0).GetActivationAddress(twin).AsTask().WaitAsync(LookupPatience);
            return silo is null ? null : new() { [PlacementCandidates.AvoidedKey] = silo };
        }
        catch (Exception)
        {
            return null; // where the twin is cannot be learnt now
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
