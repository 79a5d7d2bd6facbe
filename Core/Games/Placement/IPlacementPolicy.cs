namespace OrleansEdge.Core.Games.Placement;

/// <summary>
/// Decides where new activations go and which move when loads have changed. Knows silos and activations by number
/// alone, so that virtual silos and an Orleans placement director can ask the same policy.
/// </summary>
public interface IPlacementPolicy
{
    string Name { get; }

    /// <summary>The silo for an activation of some load; one with capacity above 0.</summary>
    int Place(SiloCluster cluster, long load, ref RandomStream random);

    /// <summary>
    /// Moves activations inside the cluster object. Those on silos without capacity have to go, whatever it costs.
    /// </summary>
    RebalanceResult Rebalance(SiloCluster cluster, ref RandomStream random);
}

/// <summary>What a rebalancing did.</summary>
/// <param name="Migrations">Activations that ended on another silo.</param>
/// <param name="Messages">Load reports of silos, and two for each migration: offer and acceptance.</param>
/// <param name="Certificate">How far the placement is from an equilibrium; null for policies that do not play.</param>
public sealed record RebalanceResult(int Migrations, long Messages, EquilibriumCertificate? Certificate);

/// <summary>A uniformly random silo, and no rebalancing but away from silos that leave.</summary>
public sealed class RandomPlacement : IPlacementPolicy
{
    public string Name => "random";

    public int Place(SiloCluster cluster, long load, ref RandomStream random)
    {
        var available = cluster.Available();
        return available[random.NextInt(available.Length)];
    }

    public RebalanceResult Rebalance(SiloCluster cluster, ref RandomStream random)
    {
        var moved = Evacuation.Run(this, cluster, ref random);
        return new RebalanceResult(moved, 2L * moved, null);
    }
}

/// <summary>
/// The silo of least utilisation; rebalances by moving activations from the busiest silo to the idlest while that
/// lowers the larger utilisation of the two, whatever a move costs.
/// </summary>
public sealed class LeastLoadedPlacement : IPlacementPolicy
{
    public string Name => "least-loaded";

    public int Place(SiloCluster cluster, long load, ref RandomStream random) => cluster.LeastUtilizedWith(load);

    public RebalanceResult Rebalance(SiloCluster cluster, ref RandomStream random)
    {
        var moved = Evacuation.Run(this, cluster, ref random);
        var available = cluster.Available();
        while (TryMove(cluster, available))
        {
            moved++;
        }
        return new RebalanceResult(moved, available.Length + (2L * moved), null);
    }

    /// <summary>
    /// The heaviest activation of the busiest silo that leaves the idlest below what the busiest had.
    /// </summary>
    private static bool TryMove(SiloCluster cluster, int[] available)
    {
        var busiest = available.MaxBy(silo => Utilization(cluster, silo));
        var idlest = available.MinBy(silo => Utilization(cluster, silo));
        var peak = Utilization(cluster, busiest);
        var (best, heaviest) = (-1, 0L);
        for (var i = 0; i < cluster.Activations.Count; i++)
        {
            var activation = cluster.Activations[i];
            if (activation.Silo == busiest && activation.Load > heaviest && cluster.MayMove(i, idlest) &&
                (cluster.Loads[idlest] + activation.Load) / cluster.Capacities[idlest] < peak)
            {
                (best, heaviest) = (i, activation.Load);
            }
        }
        if (best >= 0)
        {
            cluster.Put(best, idlest);
        }
        return best >= 0;
    }

    private static double Utilization(SiloCluster cluster, int silo) => cluster.Loads[silo] / cluster.Capacities[silo];
}

/// <summary>Placing anew what is on silos without capacity, or on none.</summary>
internal static class Evacuation
{
    public static int Run(IPlacementPolicy policy, SiloCluster cluster, ref RandomStream random)
    {
        var moved = 0;
        for (var i = 0; i < cluster.Activations.Count; i++)
        {
            var activation = cluster.Activations[i];
            if (activation.Silo < 0 || cluster.Capacities[activation.Silo] <= 0)
            {
                var silo = policy.Place(cluster, activation.Load, ref random);
                var allowed = cluster.MayMove(i, silo) ? silo : cluster.LeastUtilizedFor(i);
                cluster.Put(i, allowed >= 0 ? allowed : silo); // somewhere, even where it should not be
                moved++;
            }
        }
        return moved;
    }
}
