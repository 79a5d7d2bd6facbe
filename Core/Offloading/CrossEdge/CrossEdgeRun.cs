using OrleansEdge.Core.Data;
using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.CrossEdge;

/// <summary>One slot of a run.</summary>
/// <param name="Tasks">Users with a task.</param>
/// <param name="Dropped">Tasks dropped.</param>
/// <param name="CostSeconds">Time of all tasks, the penalty for those dropped.</param>
/// <param name="SpentJoules">By all users.</param>
/// <param name="MeanBatteryJoules">After the slot.</param>
public sealed record CrossEdgeSlotRecord(
    int Tasks, int Dropped, double CostSeconds, double SpentJoules, double MeanBatteryJoules);

/// <summary>What a policy achieves over the slots.</summary>
public sealed record CrossEdgeResult
{
    public required IReadOnlyList<CrossEdgeSlotRecord> Slots { get; init; }

    /// <summary>Of one task, s; not a number without tasks.</summary>
    public required double AverageCostSeconds { get; init; }

    public required int Tasks { get; init; }

    public required int DroppedTasks { get; init; }

    /// <summary>Mean over the users at the end, J.</summary>
    public required double BatteryJoules { get; init; }

    /// <summary>theta, J.</summary>
    public required double BatteryThresholdJoules { get; init; }

    /// <summary>
    /// Of the slot with the largest regret; steps, slots and messages are those of all slots, the hash is of all.
    /// </summary>
    public required EquilibriumCertificate Certificate { get; init; }
}

/// <summary>
/// Cross-edge offloading over slots: users with a task select sites, spend energy, harvest where the battery is below
/// theta and walk on.
/// </summary>
public static class CrossEdgeRun
{
    /// <param name="places">Places to draw the users' from, inside the area, at least as many as users.</param>
    /// <param name="onSlot">Called with the slot's number from 0, its selections and its record.</param>
    /// <param name="stop">
    /// Leaves out the other slots, and ends the first in the middle: <see cref="StopReason.Stopped"/>.
    /// </param>
    /// <exception cref="OrleansEdgeException">
    /// An option is out of its range (64), or places are too few or no deadline can be met (65).
    /// </exception>
    public static CrossEdgeResult Run(
        CrossEdgeOptions options, ReadOnlySpan<GeoPoint> sites, ReadOnlySpan<GeoPoint> places, GeoPolygon area,
        ulong seed, Action<int, CrossEdgeState, CrossEdgeSlotRecord>? onSlot = null, CancellationToken stop = default)
    {
        options.Validate();
        return Run(options, new CrossEdgeWorld(options, sites, places, area, seed), sites.Length, seed, onSlot, stop);
    }

    /// <summary>The same on an instance that was drawn before, by a policy of choice.</summary>
    /// <exception cref="OrleansEdgeException">A value of the instance is wrong (64, 65).</exception>
    public static CrossEdgeResult Run(
        CrossEdgeInstance instance, SelectionPolicy policy, ulong seed,
        Action<int, CrossEdgeState, CrossEdgeSlotRecord>? onSlot = null, CancellationToken stop = default)
    {
        instance.Validate();
        return Run(
            instance.Options with { Policy = policy }, new CrossEdgeWorld(instance), instance.Sites, seed, onSlot, stop);
    }

    private static CrossEdgeResult Run(
        CrossEdgeOptions options, CrossEdgeWorld world, int sites, ulong seed,
        Action<int, CrossEdgeState, CrossEdgeSlotRecord>? onSlot, CancellationToken stop)
    {
        var random = new RandomStream(seed, "crossedge.policy");
        var (records, tally) = (new List<CrossEdgeSlotRecord>(), new SlotCertificates());
        for (var slot = 0; slot < options.Slots && (slot == 0 || !stop.IsCancellationRequested); slot++)
        {
            var (problem, users) = world.Draw(slot);
            var (state, certificate) = SelectionPolicies.Select(problem, options.Policy, ref random, stop);
            tally.Add(certificate);
            world.Advance(slot, state.Selections, users);
            var selections = state.Selections.ToArray();
            records.Add(new CrossEdgeSlotRecord(
                users.Length,
                selections.Count(selection => selection.IsDropped),
                selections.Sum(selection => selection.Value.Seconds),
                selections.Sum(selection => selection.Value.Joules),
                world.Batteries.ToArray().Average()));
            onSlot?.Invoke(slot, state, records[^1]);
        }
        var tasks = records.Sum(record => record.Tasks);
        return new CrossEdgeResult
        {
            Slots = records,
            AverageCostSeconds = tasks == 0 ? double.NaN : records.Sum(record => record.CostSeconds) / tasks,
            Tasks = tasks,
            DroppedTasks = records.Sum(record => record.Dropped),
            BatteryJoules = records[^1].MeanBatteryJoules,
            BatteryThresholdJoules = options.BatteryThresholdJoules(sites),
            Certificate = tally.Certificate(records.Count < options.Slots),
        };
    }
}
