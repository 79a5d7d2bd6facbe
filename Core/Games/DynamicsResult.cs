namespace OrleansEdge.Core.Games;

/// <summary>What a dynamics arrived at.</summary>
public sealed record DynamicsResult
{
    /// <summary>Regrets, potentials, counts and the reason why it stopped.</summary>
    public required EquilibriumCertificate Certificate { get; init; }

    /// <summary>The strategy of every player at the end.</summary>
    public required int[] Profile { get; init; }

    /// <summary>
    /// Potentials along the way, as <see cref="DynamicsOptions.TraceEvery"/> asks; the sum of the costs in a game
    /// without one.
    /// </summary>
    public required double[] Trace { get; init; }

    /// <summary>Requests for an update in <see cref="MoveSchedule.OneWinnerPerSlot"/>; 0 in other schedules.</summary>
    public long Requests { get; init; }

    /// <summary>The bound on the moves that the game gave before the first; null where none is known.</summary>
    public StepBound? Bound { get; init; }

    /// <summary>The moves did not exceed <see cref="Bound"/>; null where there is none.</summary>
    public bool? IsWithinBound => Bound is null ? null : Certificate.Steps <= Bound.Steps;
}
