using Orleans.Concurrency;

namespace OrleansEdge.Grains.Interfaces.Offloading;

/// <summary>One mobile user of the faithful mode. It alone knows where it is. Key: "job/player/number".</summary>
[Alias("oe.offloading-player")]
public interface IOffloadingPlayer : IGrainWithStringKey
{
    /// <summary>
    /// Enters a game, computing locally. Repeating it with the same or an earlier epoch changes nothing.
    /// </summary>
    [Alias("enrol")]
    Task Enrol(Enrolment enrolment);

    /// <summary>Hears the loads of a slot.</summary>
    [Alias("announce")]
    Task<SlotReply> Announce(LoadAnnouncement announcement);

    /// <summary>
    /// UP: the player is granted the update that it requested in this slot, and moves. Repeating it changes nothing.
    /// </summary>
    [Alias("update")]
    Task<MoveReply> Update(long slot);

    [Alias("report"), ReadOnly]
    Task<MemberReport> Report();
}

/// <summary>Many users of the scaled mode. It alone knows where they are. Key: "job/group/number".</summary>
[Alias("oe.player-group")]
public interface IPlayerGroup : IGrainWithStringKey
{
    /// <summary>
    /// Enters a game, with all users local. Repeating it with the same or an earlier epoch changes nothing.
    /// </summary>
    [Alias("enrol")]
    Task Enrol(Enrolment enrolment);

    /// <summary>
    /// The group's turn: each user makes its best response to the announced loads and to the moves of the users
    /// before it. Repeating a turn moves nobody and gives the same answer.
    /// </summary>
    [Alias("turn")]
    Task<MoveReply> Turn(LoadAnnouncement announcement);

    [Alias("report"), ReadOnly]
    Task<MemberReport> Report();
}

/// <summary>The users that a member of the game owns.</summary>
/// <param name="Epoch">Of the game; above that of all games before under this name.</param>
/// <param name="Member">Number of the player or group.</param>
/// <param name="FirstUser">Number of the member's first user in the game.</param>
/// <param name="Channels">Channels of all sites.</param>
/// <param name="Sites">Sites that share them.</param>
/// <param name="Powers">Q: [users of this member], in integer units.</param>
/// <param name="Thresholds">T: [users of this member], in integer units.</param>
/// <param name="SiteNames">See <see cref="OffloadingJob.SiteNames"/>.</param>
[GenerateSerializer, Immutable, Alias("oe.offloading-enrolment")]
public sealed record Enrolment(
    [property: Id(0)] long Epoch,
    [property: Id(1)] int Member,
    [property: Id(2)] int FirstUser,
    [property: Id(3)] int Channels,
    [property: Id(4)] int Sites,
    [property: Id(5)] long[] Powers,
    [property: Id(6)] long[] Thresholds,
    [property: Id(7)] string[] SiteNames);

/// <summary>What is announced at the beginning of a slot.</summary>
/// <param name="Slot">Number of the slot, or of the group's turn; grows, and need not be the next one.</param>
/// <param name="Loads">[channels] in integer units; that of a closed site's channel is above all thresholds.</param>
/// <param name="SiteEpochs">[sites] the epoch that each is in; 0 for a closed one.</param>
[GenerateSerializer, Immutable, Alias("oe.load-announcement")]
public sealed record LoadAnnouncement(
    [property: Id(0)] long Slot,
    [property: Id(1)] long[] Loads,
    [property: Id(2)] long[] SiteEpochs);

/// <param name="RequestsUpdate">RTU: the player has a better response.</param>
/// <param name="Evicted">Its site is closed; it computes locally now.</param>
/// <param name="Settled">
/// It had forgotten what the sites know of it and has told them anew; what was announced may not have counted it.
/// </param>
[GenerateSerializer, Immutable, Alias("oe.slot-reply")]
public sealed record SlotReply(
    [property: Id(0)] bool RequestsUpdate,
    [property: Id(1)] bool Evicted,
    [property: Id(2)] bool Settled);

/// <param name="Moves">Users that changed their choice for a better one.</param>
/// <param name="Evictions">Users whose site is closed, before they moved on.</param>
/// <param name="Settled">The turn went into telling the sites anew where the users are; it is to be repeated.</param>
[GenerateSerializer, Immutable, Alias("oe.move-reply")]
public sealed record MoveReply(
    [property: Id(0)] int Moves,
    [property: Id(1)] int Evictions,
    [property: Id(2)] bool Settled);

/// <summary>Where a member's users are.</summary>
/// <param name="Sequence">Of its last holding.</param>
/// <param name="Choices">[users of this member] 0 for local, or a 1-based channel.</param>
/// <param name="IsSettled">All sites that were open know it; otherwise they may count what the users have left.</param>
[GenerateSerializer, Immutable, Alias("oe.member-report")]
public sealed record MemberReport(
    [property: Id(0)] long Sequence,
    [property: Id(1)] int[] Choices,
    [property: Id(2)] bool IsSettled);
