namespace OrleansEdge.Core.Games;

/// <summary>Which of its improving moves a player makes.</summary>
public enum ResponseRule
{
    /// <summary>The cheapest strategy.</summary>
    Best,

    /// <summary>The first improving strategy after the current one, going round.</summary>
    Better,
}

/// <summary>Who moves when.</summary>
public enum MoveSchedule
{
    /// <summary>One after the other, in the order of their numbers.</summary>
    RoundRobin,

    /// <summary>In each sweep in a new random order.</summary>
    Random,

    /// <summary>The player with the largest gain; the lowest number among equals.</summary>
    LargestGain,

    /// <summary>
    /// All at once whose moves touch pairwise disjoint resources, picked in a random order in each slot: no mover
    /// disturbs another, so the potential falls by the sum of the gains. Needs an <see cref="IResourceGame"/>.
    /// </summary>
    IndependentSets,

    /// <summary>
    /// The papers' protocol (Chen 2015, 2016): in each slot every player that can improve requests an update and one
    /// random requester is granted it; the run ends with the first slot without requests.
    /// </summary>
    OneWinnerPerSlot,
}

/// <summary>How players respond to each other.</summary>
public sealed record DynamicsOptions
{
    /// <summary>Which improving move a player makes.</summary>
    public ResponseRule Response { get; init; } = ResponseRule.Best;

    public MoveSchedule Schedule { get; init; } = MoveSchedule.RoundRobin;

    /// <summary>A move must lower the mover's cost by more than this; 0 for plain best and better response.</summary>
    public double Epsilon { get; init; }

    /// <summary>
    /// A move must lower the mover's cost by more than this share of it (Chien and Sinclair 2007); in [0, 1), and 0
    /// where <see cref="Epsilon"/> is not.
    /// </summary>
    public double RelativeEpsilon { get; init; }

    /// <summary>Moves after which the run stops with <see cref="StopReason.StepLimit"/>; above 0.</summary>
    public long MaxSteps { get; init; } = 1_000_000_000;

    /// <summary>Decides the random schedules.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// The potential is recorded before the first move and then after every so many moves; 0 records nothing.
    /// </summary>
    public int TraceEvery { get; init; }

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.Require(Enum.IsDefined(Response), nameof(Response), Response, "a known rule");
        Check.Require(Enum.IsDefined(Schedule), nameof(Schedule), Schedule, "a known schedule");
        Check.NotNegative(Epsilon);
        Check.Require(RelativeEpsilon is >= 0 and < 1, nameof(RelativeEpsilon), RelativeEpsilon, "a number in [0, 1)");
        Check.Require(Epsilon == 0 || RelativeEpsilon == 0, nameof(RelativeEpsilon), RelativeEpsilon,
            "0 where Epsilon is given");
        Check.AtLeast(MaxSteps, 1);
        Check.AtLeast(TraceEvery, 0);
    }
}
