using Orleans.Concurrency;

namespace OrleansEdge.Grains.Interfaces.Offloading;

/// <summary>
/// An edge site: owns the loads of its channels, as the sum of what each member holds there. It keeps them in memory
/// alone; when it has lost them, it is opened anew with what the members say. Key: "job/site/index",
/// or "job/site/index@place" for one that is pinned to the silos of a place.
/// </summary>
[Alias("oe.edge-site")]
public interface IEdgeSite : IGrainWithStringKey
{
    /// <summary>
    /// Begins an epoch with the given holdings; without effect if the site has seen this epoch or a later one.
    /// </summary>
    [Alias("open")]
    Task Open(SiteOpening opening);

    [Alias("loads"), ReadOnly]
    Task<SiteLoads> Loads();

    /// <summary>
    /// Replaces what a member holds on this site's channels. A holding that is older than the one it would replace
    /// changes nothing, so that a repeated or late message never counts a user twice.
    /// </summary>
    /// <exception cref="InvalidOperationException">The site is not in the holding's epoch.</exception>
    [Alias("hold")]
    Task Hold(long epoch, Holding holding);
}

/// <summary>What one member's users put on one site's channels.</summary>
/// <param name="Member">Number of the player or group.</param>
/// <param name="Sequence">Grows with every holding of the member, on whichever site.</param>
/// <param name="Channels">0-based channels of the site that carry something of this member.</param>
/// <param name="Powers">The sum of its users' powers on each of them, in integer units.</param>
[GenerateSerializer, Immutable, Alias("oe.offloading-holding")]
public sealed record Holding(
    [property: Id(0)] int Member,
    [property: Id(1)] long Sequence,
    [property: Id(2)] int[] Channels,
    [property: Id(3)] long[] Powers);

/// <param name="Epoch">Above that of all openings before.</param>
/// <param name="Channels">Channels of the site.</param>
/// <param name="Holdings">Of all members that hold something there.</param>
[GenerateSerializer, Immutable, Alias("oe.site-opening")]
public sealed record SiteOpening(
    [property: Id(0)] long Epoch,
    [property: Id(1)] int Channels,
    [property: Id(2)] Holding[] Holdings);

/// <param name="Epoch">The epoch that the site is in; 0 while it has not been opened.</param>
/// <param name="Loads">[channels of the site] the powers of all users there, in integer units.</param>
[GenerateSerializer, Immutable, Alias("oe.site-loads")]
public sealed record SiteLoads(
    [property: Id(0)] long Epoch,
    [property: Id(1)] long[] Loads);
