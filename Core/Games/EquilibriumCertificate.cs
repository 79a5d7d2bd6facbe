namespace OrleansEdge.Core.Games;

/// <summary>Why a solver or a dynamics stopped.</summary>
public enum StopReason
{
    /// <summary>No player has a move that the rule would accept.</summary>
    Equilibrium,

    /// <summary>A continuous solver reached the gap that it was asked for.</summary>
    GapReached,

    /// <summary>The allowed steps, slots or iterations were used up.</summary>
    StepLimit,

    /// <summary>A deterministic dynamics came back to a profile that it had left: it would go round for ever.</summary>
    Cycle,

    /// <summary>Double precision allows no further progress.</summary>
    Stalled,

    /// <summary>A time limit or a wish to stop ended it: what it has is the best so far.</summary>
    Stopped,
}

/// <summary>
/// How far a profile is from an equilibrium, measured on the final profile alone and independently of how it was found.
/// A player's regret is its cost minus that of its best response to the others (games.md, 3.1).
/// </summary>
public sealed record EquilibriumCertificate
{
    public required int PlayerCount { get; init; }

    /// <summary>
    /// No player gains more than this by moving alone: a bound that holds, rounding included; 0 where no player can
    /// gain at all. Of the players asked.
    /// </summary>
    public required double MaxRegret { get; init; }

    /// <summary>The mean of such bounds over all players, those with none included.</summary>
    public required double MeanRegret { get; init; }

    /// <summary>Players that gain by moving alone for certain.</summary>
    public required long PositiveRegretCount { get; init; }

    /// <summary>
    /// Regrets up to this count as none: the epsilon that was asked for or, if larger, the largest regret that a relative
    /// epsilon allows or rounding leaves open. It is 0 where nothing is allowed and costs are compared without rounding.
    /// </summary>
    public required double Tolerance { get; init; }

    /// <summary>Players that gain more than the epsilons that were asked for, for certain.</summary>
    public long UnsettledCount { get; init; }

    /// <summary>Players that were not asked because time was up.</summary>
    public int UnaskedCount { get; init; }

    /// <summary>The largest regret as a share of its player's cost; 0 where it was not asked for.</summary>
    public double MaxRelativeRegret { get; init; }

    /// <summary>
    /// The relative epsilon that was asked for; 0 where regrets are judged by <see cref="Tolerance"/> alone.
    /// </summary>
    public double RelativeTolerance { get; init; }

    /// <summary>Potential before the first step; null for a game without one.</summary>
    public double? PotentialStart { get; init; }

    /// <summary>Potential after the last step; null for a game without one.</summary>
    public double? PotentialEnd { get; init; }

    /// <summary>Accepted moves.</summary>
    public long Steps { get; init; }

    /// <summary>
    /// Rounds in which moves were made at once; equal to the sweeps over all players in sequential schedules.
    /// </summary>
    public long Slots { get; init; }

    /// <summary>Messages that the schedule exchanges when players are on their own machines.</summary>
    public long Messages { get; init; }

    public required StopReason StopReason { get; init; }

    /// <summary>Hash of the final profile: equal for equal profiles, whatever the order of the moves.</summary>
    public ulong ProfileHash { get; init; }

    /// <summary>
    /// Every player was asked, and none gains more by moving alone than was allowed; so none gains more than
    /// <see cref="Tolerance"/>.
    /// </summary>
    public bool IsEquilibrium => UnaskedCount == 0 && UnsettledCount == 0 && MaxRegret <= Tolerance;
}
