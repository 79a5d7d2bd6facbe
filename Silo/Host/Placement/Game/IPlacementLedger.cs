namespace OrleansEdge.Silo.Placement.Game;

/// <summary>
/// Knows the load of every silo and says which activations move; one in a cluster. Key: <see cref="Key"/>.
/// </summary>
[Alias("oe.placement-ledger")]
internal interface IPlacementLedger : IGrainWithStringKey
{
    /// <summary>The one ledger.</summary>
    const string Key = "placement";

    /// <summary>Takes the load of a silo, and answers with what it should know and do.</summary>
    [Alias("report")]
    Task<LedgerAnswer> Report(SiloReport report);
}

/// <summary>The activations of a silo.</summary>
[GenerateSerializer, Immutable, Alias("oe.silo-report")]
internal sealed record SiloReport([property: Id(0)] SiloAddress Silo, [property: Id(1)] ActivationReport[] Activations);

/// <summary>An activation and its load.</summary>
/// <param name="Load">In hundredths of a request per second; above 0.</param>
/// <param name="IsMovable">It takes its memory along when it moves; others stay.</param>
[GenerateSerializer, Immutable, Alias("oe.activation-report")]
internal readonly record struct ActivationReport(
    [property: Id(0)] GrainId Grain, [property: Id(1)] long Load, [property: Id(2)] bool IsMovable);

/// <summary>What a silo is told.</summary>
/// <param name="Loads">The load of each silo that has reported.</param>
/// <param name="MeanLoad">That of an activation, which is what a new one is taken for.</param>
/// <param name="Moves">Activations of this silo that shall move.</param>
[GenerateSerializer, Immutable, Alias("oe.ledger-answer")]
internal sealed record LedgerAnswer(
    [property: Id(0)] SiloLoad[] Loads, [property: Id(1)] long MeanLoad, [property: Id(2)] ActivationMove[] Moves);

/// <summary>The load of a silo.</summary>
[GenerateSerializer, Immutable, Alias("oe.silo-load")]
internal readonly record struct SiloLoad([property: Id(0)] SiloAddress Silo, [property: Id(1)] long Load);

/// <summary>An activation and where it shall go.</summary>
[GenerateSerializer, Immutable, Alias("oe.activation-move")]
internal readonly record struct ActivationMove(
    [property: Id(0)] GrainId Grain, [property: Id(1)] SiloAddress From, [property: Id(2)] SiloAddress To);
