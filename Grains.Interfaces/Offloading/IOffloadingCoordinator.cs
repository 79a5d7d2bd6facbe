using Orleans.Concurrency;

namespace OrleansEdge.Grains.Interfaces.Offloading;

/// <summary>
/// Runs one offloading game: sets up players and sites, then announces, draws and grants, slot by slot, until nobody
/// requests an update. It watches over the sites: one that stops answering is closed and its players move on; one
/// that comes back is told anew who is with it. Key: the job's name.
/// </summary>
[Alias("oe.offloading-coordinator")]
public interface IOffloadingCoordinator : IGrainWithStringKey
{
    /// <exception cref="Core.OrleansEdgeException">The job is wrong, or a game of its name is running (64).</exception>
    [Alias("start")]
    Task Start(OffloadingJob job);

    /// <summary>The game as it was started; null when there is none.</summary>
    [Alias("job"), AlwaysInterleave]
    Task<OffloadingJob?> Job();

    [Alias("status"), AlwaysInterleave]
    Task<OffloadingStatus> Status();

    /// <summary>Ends the game after the current slot.</summary>
    [Alias("stop"), AlwaysInterleave]
    Task Stop();
}

[GenerateSerializer, Alias("oe.offloading-phase")]
public enum OffloadingPhase
{
    Idle = 0,
    Running = 1,
    Ended = 2,
}

/// <param name="ExitReason">"equilibrium", "slot-limit", "stopped" or "failed: why"; null while running.</param>
/// <param name="Slots">Slots so far; turns of a group in the scaled mode.</param>
/// <param name="Rounds">Times that all members have been asked: the slots, or the begun rounds of all groups.</param>
/// <param name="Requests">Requests to update (RTU); none in the scaled mode.</param>
/// <param name="Updates">Users' moves that were granted (UP), or made in a group's turn.</param>
/// <param name="Evictions">
/// Users that lost their channel because its site failed; they compute locally until they move on.
/// </param>
/// <param name="ClosedSites">Sites that do not take part now.</param>
/// <param name="SiteOpenings">
/// Times that a site was told its channels and who is with it; once each unless sites fail.
/// </param>
/// <param name="Retries">Calls that were made again.</param>
/// <param name="Seconds">Time from the start to now or to the end, on the host's clock.</param>
[GenerateSerializer, Immutable, Alias("oe.offloading-status")]
public sealed record OffloadingStatus(
    [property: Id(0)] OffloadingPhase Phase,
    [property: Id(1)] string? ExitReason,
    [property: Id(2)] long Slots,
    [property: Id(3)] long Rounds,
    [property: Id(4)] long Requests,
    [property: Id(5)] long Updates,
    [property: Id(6)] long Evictions,
    [property: Id(7)] int[] ClosedSites,
    [property: Id(8)] long SiteOpenings,
    [property: Id(9)] long Retries,
    [property: Id(10)] double Seconds);
