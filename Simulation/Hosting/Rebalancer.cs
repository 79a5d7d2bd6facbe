using OrleansEdge.Core;
using OrleansEdge.Core.Games.Placement;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>How grains are moved between living silos.</summary>
public sealed record RebalanceOptions
{
    /// <summary>Decides who moves where.</summary>
    public IPlacementPolicy Policy { get; init; } = new GamePlacement();

    /// <summary>What moving a grain costs, as a share of its load, at least 0.</summary>
    public double MigrationCostShare { get; init; } = 0.05;

    /// <summary>Grains that may move, by class and key; all when null.</summary>
    public Func<Type, string, bool>? MayMove { get; init; }

    /// <exception cref="OrleansEdgeException">A value is out of its range.</exception>
    public void Validate() =>
        Check.AtLeast(0, MigrationCostShare, nameof(RebalanceOptions), nameof(MigrationCostShare));
}

/// <summary>What a rebalancing of a virtual cluster did.</summary>
/// <param name="Result">The policy's account, by the loads that it was shown.</param>
/// <param name="Moved">Grains that live on another silo now.</param>
/// <param name="Busy">Grains that were to move and stayed, being in the middle of something.</param>
/// <param name="PeakBefore">Requests since the rebalancing before, per unit of capacity, on the busiest silo.</param>
/// <param name="PeakAfter">The same, had the grains been where they are now.</param>
public sealed record RebalanceReport(RebalanceResult Result, int Moved, int Busy, double PeakBefore, double PeakAfter);

/// <summary>
/// Moves grains between the living silos as a policy asks. A grain's load is the number of requests that it has got
/// since the rebalancing before.
/// </summary>
internal sealed class Rebalancer(GrainDirectory directory, ulong seed)
{
    private RandomStream _random = new(seed, "placement.rebalance");

    public RebalanceReport Run(RebalanceOptions options)
    {
        options.Validate();
        VirtualNode[] silos = [.. directory.AllNodes.Where(node => node.Profile.Kind == NodeKind.Silo)];
        GrainEntry[] entries = [.. silos.Where(silo => silo.IsUp).SelectMany(silo => silo.Entries)
            .Where(entry => options.MayMove?.Invoke(entry.Class.Type, entry.Key) ?? true)
            .OrderBy(entry => entry.Class.Type.FullName, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key, StringComparer.Ordinal)];
        var cluster = ClusterOf(silos, entries, options.MigrationCostShare);
        var (before, result) = (cluster.PeakUtilization, options.Policy.Rebalance(cluster, ref _random));
        var (moved, busy) = (0, 0);
        for (var i = 0; i < entries.Length; i++)
        {
            var silo = silos[cluster.Activations[i].Silo];
            if (!ReferenceEquals(silo, entries[i].Node))
            {
                var isMoved = directory.Migrate(entries[i], silo);
                moved += isMoved ? 1 : 0;
                busy += isMoved ? 0 : 1;
            }
        }
        var after = ClusterOf(silos, entries, options.MigrationCostShare).PeakUtilization;
        Array.ForEach(entries, entry => entry.Requests = 0);
        return new RebalanceReport(result, moved, busy, before, after);
    }

    private static SiloCluster ClusterOf(VirtualNode[] silos, GrainEntry[] entries, double costShare) => new(
        silos.Select(silo => silo.IsUp ? silo.Profile.Capacity : 0),
        entries.Select(entry => new Core.Games.Placement.Activation(
            entry.Requests, costShare * entry.Requests, Array.IndexOf(silos, entry.Node))));
}
