using OrleansEdge.Core.Data;
using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>
/// Follow Me at the Edge over slots: users walk, a policy places their services, and the queue Q(t+1) = max(Q + E -
/// E_avg, 0) holds the migration cost to its budget in the long run. Each slot's problem weighs latency by V and
/// migration by Q (drift plus penalty).
/// </summary>
public static class ServicePlacementRun
{
    /// <param name="sites">At least one.</param>
    /// <param name="area">Where the users walk.</param>
    /// <param name="onSlot">
    /// Called with the slot's number from 0, the game on its new placement, and its record.
    /// </param>
    /// <param name="stop">
    /// Leaves out the other slots, and ends the first in the middle: <see cref="StopReason.Stopped"/>.
    /// </param>
    /// <exception cref="OrleansEdgeException">
    /// An option is out of its range (64), or there are no sites (65).
    /// </exception>
    public static ServicePlacementResult Run(
        ServicePlacementOptions options, ReadOnlySpan<GeoPoint> sites, GeoPolygon area, ulong seed,
        Action<int, PlacementGame, PlacementSlotRecord>? onSlot = null, CancellationToken stop = default)
    {
        options.Validate();
        return Run(options, new ServicePlacementWorld(options, sites, area, seed), seed, onSlot, stop);
    }

    /// <summary>The same on an instance that was drawn before.</summary>
    /// <param name="options">The policy and what it needs.</param>
    /// <exception cref="OrleansEdgeException">
    /// An option is out of its range (64), or a value of the instance is wrong (65).
    /// </exception>
    public static ServicePlacementResult Run(
        ServicePlacementOptions options, ServicePlacementInstance instance, ulong seed,
        Action<int, PlacementGame, PlacementSlotRecord>? onSlot = null, CancellationToken stop = default)
    {
        options = instance.OptionsOf(options);
        options.Validate();
        return Run(options, new ServicePlacementWorld(instance), seed, onSlot, stop);
    }

    private static ServicePlacementResult Run(
        ServicePlacementOptions options, ServicePlacementWorld world, ulong seed,
        Action<int, PlacementGame, PlacementSlotRecord>? onSlot, CancellationToken stop)
    {
        var random = new RandomStream(seed, "placement.policy");
        var (placement, backlog, records) = (world.Nearest(), 0.0, new List<PlacementSlotRecord>());
        var tally = new SlotCertificates();
        for (var slot = 0; slot < options.Slots && (slot == 0 || !stop.IsCancellationRequested); slot++)
        {
            world.Walk();
            var nearest = world.Nearest();
            var previous = placement;
            var game = new PlacementGame(world.Slot(previous, nearest, backlog), previous);
            tally.Add(PlacementPolicies.Place(game, options, nearest, ref random, stop));
            placement = game.Sites.ToArray();
            var cost = game.TotalMigrationCost;
            backlog = Math.Max(0, backlog + cost - options.MigrationBudget);
            var migrations = placement.Zip(previous).Count(pair => pair.First != pair.Second);
            records.Add(new PlacementSlotRecord(game.TotalLatencySeconds, cost, migrations, backlog));
            onSlot?.Invoke(slot, game, records[^1]);
        }
        var (most, budget) = (world.MostMigrationCost, options.MigrationBudget);
        return new ServicePlacementResult
        {
            Slots = records,
            AverageLatencySeconds = records.Average(record => record.LatencySeconds) / options.Users,
            AverageMigrationCost = records.Average(record => record.MigrationCost),
            DriftConstant = ((most * most) + (budget * budget)) / 2,
            Placement = placement,
            Certificate = tally.Certificate(records.Count < options.Slots),
        };
    }
}
