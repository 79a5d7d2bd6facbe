namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>What the flows of a network are to be.</summary>
public enum AssignmentObjective
{
    /// <summary>Wardrop's first principle: no used path is dearer than another of its pair.</summary>
    UserEquilibrium,

    /// <summary>The least total cost: the equilibrium under marginal costs.</summary>
    SystemOptimum,
}

/// <summary>How a traffic assignment is solved.</summary>
public sealed record AssignmentOptions
{
    public AssignmentObjective Objective { get; init; } = AssignmentObjective.UserEquilibrium;

    /// <summary>Wanted relative gap (TSTT - SPTT) / TSTT; in [1e-14, 1).</summary>
    public double RelativeGap { get; init; } = 1e-12;

    /// <summary>
    /// Rounds of new paths after which it gives up with <see cref="StopReason.StepLimit"/>; at least 1.
    /// </summary>
    public int MaxIterations { get; init; } = 500;

    /// <summary>Sweeps over the known paths between two rounds of new paths; at least 1.</summary>
    public int MaxSweeps { get; init; } = 50;

    /// <summary>Time units per unit of toll, at least 0.</summary>
    public double TollWeight { get; init; }

    /// <summary>Time units per unit of length, at least 0.</summary>
    public double DistanceWeight { get; init; }

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.Require(RelativeGap is >= 1e-14 and < 1, nameof(RelativeGap), RelativeGap, "a number in [1e-14, 1)");
        Check.AtLeast(MaxIterations, 1);
        Check.AtLeast(MaxSweeps, 1);
        Check.NotNegative(TollWeight);
        Check.NotNegative(DistanceWeight);
    }
}
