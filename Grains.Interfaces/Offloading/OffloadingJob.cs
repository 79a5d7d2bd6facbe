using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Grains.Interfaces.Offloading;

/// <summary>Who is a grain, and who moves when.</summary>
[GenerateSerializer, Alias("oe.offloading-mode")]
public enum OffloadingMode
{
    /// <summary>
    /// Every user is a grain. In each slot the loads are announced to all, users with a better response request an
    /// update, and one of them, drawn at random, is granted it (Chen et al. 2016, algorithm 1).
    /// </summary>
    Faithful = 0,

    /// <summary>
    /// A group grain owns many users. Groups take turns; in its turn a group lets each of its users respond once, so
    /// that a round of all groups is one sweep over all users.
    /// </summary>
    Scaled = 1,
}

/// <summary>
/// One multi-channel offloading game among grains. Everything that decides its equilibrium is here: equal jobs end in
/// equal profiles, whatever becomes of the messages on the way, unless a site fails.
/// </summary>
[GenerateSerializer, Immutable, Alias("oe.offloading-job")]
public sealed record OffloadingJob
{
    /// <summary>Key of the coordinator and first part of the keys of the game's other grains.</summary>
    [Id(0)] public string Name { get; init; } = "offloading";

    [Id(1)] public OffloadingMode Mode { get; init; }

    /// <summary>Users, channels, radio and tasks.</summary>
    [Id(2)] public OffloadingCell Cell { get; init; } = OffloadingCell.Of(new OffloadingOptions());

    /// <summary>Decides the users and the winners of the slots.</summary>
    [Id(3)] public ulong Seed { get; init; } = 1;

    /// <summary>Edge sites, 1 to the number of channels; each has its share of the channels, in their order.</summary>
    [Id(4)] public int Sites { get; init; } = 1;

    /// <summary>Groups that the users are dealt to in the scaled mode, 1 to the number of users.</summary>
    [Id(5)] public int Groups { get; init; } = 1;

    /// <summary>
    /// Least time between the beginnings of two slots, s, at least 0; Chen et al. 2016, section IV, name about 70
    /// microseconds, the length of an LTE symbol.
    /// </summary>
    [Id(6)] public double SlotSeconds { get; init; } = 70e-6;

    /// <summary>Slots, or turns of a group, after which the game ends where it is; at least 1.</summary>
    [Id(7)] public long MaxSlots { get; init; } = 100_000_000;

    /// <summary>Times that a call without an answer is made, at least 1.</summary>
    [Id(8)] public int Attempts { get; init; } = 12;

    /// <summary>
    /// Names of the places of silos that the edge sites are pinned to, in turn; none to spread them over all silos.
    /// </summary>
    [Id(9)] public string[] SiteNames { get; init; } = [];

    /// <summary>Player grains, or group grains, of the game.</summary>
    public int Members => Mode == OffloadingMode.Faithful ? Cell.Users : Groups;

    /// <exception cref="OrleansEdgeException">
    /// One line that names the property, the value and the range (64).
    /// </exception>
    public void Validate()
    {
        Cell.ToOptions().Validate();
        Require(
            Name.Length is > 0 and <= 100 && !Name.AsSpan().ContainsAny('/', '@'), nameof(Name), Name,
            "1 to 100 characters without '/' and '@'");
        Require(Enum.IsDefined(Mode), nameof(Mode), Mode, "Faithful or Scaled");
        Require(
            Sites >= 1 && Sites <= Cell.Channels, nameof(Sites), Sites, $"1 to {Cell.Channels}, the number of channels");
        Require(
            Mode == OffloadingMode.Faithful || (Groups >= 1 && Groups <= Cell.Users),
            nameof(Groups), Groups, $"1 to {Cell.Users}, the number of users");
        Require(
            Mode == OffloadingMode.Scaled || Cell.Users <= MaxFaithfulUsers,
            nameof(Cell.Users), Cell.Users, $"at most {MaxFaithfulUsers} in the faithful mode");
        Require(SlotSeconds is >= 0 and <= 3600, nameof(SlotSeconds), SlotSeconds, "0 to 3600");
        Require(MaxSlots >= 1, nameof(MaxSlots), MaxSlots, "1 or more");
        Require(Attempts is >= 1 and <= 1000, nameof(Attempts), Attempts, "1 to 1000");
        foreach (var site in SiteNames)
        {
            Require(
                site.Length is > 0 and <= 100 && !site.AsSpan().ContainsAny('/', '@'), nameof(SiteNames), site,
                "1 to 100 characters without '/' and '@'");
        }
    }

    private const int MaxFaithfulUsers = 100_000;

    private static void Require(bool holds, string property, object value, string expected)
    {
        if (!holds)
        {
            throw OrleansEdgeException.Usage(
                FormattableString.Invariant($"{property} is {value}; expected {expected}"));
        }
    }
}
