using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>One slot of a run.</summary>
/// <param name="LatencySeconds">Of all users.</param>
/// <param name="MigrationCost">Of all users.</param>
/// <param name="Migrations">Services moved.</param>
/// <param name="Backlog">Q after the slot.</param>
public sealed record PlacementSlotRecord(double LatencySeconds, double MigrationCost, int Migrations, double Backlog);

/// <summary>What a policy achieves over the slots.</summary>
public sealed record ServicePlacementResult
{
    public required IReadOnlyList<PlacementSlotRecord> Slots { get; init; }

    /// <summary>Latency of a user in a slot, s.</summary>
    public required double AverageLatencySeconds { get; init; }

    /// <summary>Migration cost of all users in a slot.</summary>
    public required double AverageMigrationCost { get; init; }

    /// <summary>Q at the end; Q / slots bounds the excess of the average over the budget.</summary>
    public double Backlog => Slots[^1].Backlog;

    /// <summary>
    /// B = (E_max^2 + E_avg^2) / 2: the average latency of all exceeds the best possible by at most B / V.
    /// </summary>
    public required double DriftConstant { get; init; }

    /// <summary>Site of every user in the last slot.</summary>
    public required int[] Placement { get; init; }

    /// <summary>
    /// Of the slot with the largest regret for its game; steps, slots and messages are those of all slots together,
    /// the hash is that of all placements, and the potentials are of the last slot.
    /// </summary>
    public required EquilibriumCertificate Certificate { get; init; }
}
