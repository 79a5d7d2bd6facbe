using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Placement;

namespace OrleansEdge.Silo.Placement.Game;

/// <summary>What a rebalancing of the cluster does.</summary>
/// <param name="Certificate">
/// How far the placement after all moves is from an equilibrium, and its potential before and after.
/// </param>
internal sealed record RebalancePlan(
    IReadOnlyList<ActivationMove> Moves, EquilibriumCertificate Certificate, double PeakBefore, double PeakAfter)
{
    /// <summary>Moves of one plan at most; the next one goes on.</summary>
    public const int MaxMoves = 200;

    /// <summary>
    /// What a move costs as a share of the mover's load at the mean utilisation: nobody leaves a silo that is busier
    /// than another by less than this.
    /// </summary>
    public const double MigrationCostShare = 0.1;

    /// <summary>
    /// Best responses of all activations that can move, from where they are. Those of a site stay at it, and a shard
    /// and its replica on different silos.
    /// </summary>
    /// <param name="silos">Silos that take activations; all that report are among them.</param>
    /// <param name="shardOf">The shard of a replica; null for other grains.</param>
    public static RebalancePlan Of(
        IReadOnlyList<SiloTraits> silos, IReadOnlyCollection<SiloReport> reports, Func<GrainId, GrainId?> shardOf)
    {
        var grains = reports.SelectMany(report => report.Activations.Select(a => (a.Grain, report.Silo))).ToArray();
        var cluster = Cluster(silos, reports, shardOf);
        var before = cluster.PeakUtilization;
        var random = new RandomStream(0, "placement");
        var result = new GamePlacement { MaxMoves = MaxMoves }.Rebalance(cluster, ref random);
        var moves = grains.Index()
            .Where(grain => !silos[cluster.Activations[grain.Index].Silo].Silo.Equals(grain.Item.Silo))
            .Select(grain => new ActivationMove(
                grain.Item.Grain, grain.Item.Silo, silos[cluster.Activations[grain.Index].Silo].Silo));
        return new RebalancePlan([.. moves], result.Certificate!, before, cluster.PeakUtilization);
    }

    /// <summary>Capacities in units of load such that the mean utilisation is 1.</summary>
    private static SiloCluster Cluster(
        IReadOnlyList<SiloTraits> silos, IReadOnlyCollection<SiloReport> reports, Func<GrainId, GrainId?> shardOf)
    {
        var scale =
            Math.Max(1, reports.Sum(r => r.Activations.Sum(a => (double)a.Load))) / silos.Sum(silo => silo.Capacity);
        var number = silos.Index().ToDictionary(silo => silo.Item.Silo, silo => silo.Index);
        var all = reports.SelectMany(report => report.Activations.Select(a => (Activation: a, Silo: number[report.Silo]))).ToArray();
        var pairs = Pairs([.. all.Select(a => a.Activation.Grain)], shardOf);
        return new SiloCluster(
            silos.Select(silo => silo.Capacity * scale),
            all.Select((a, i) => new Activation(a.Activation.Load, MigrationCostShare * a.Activation.Load, a.Silo)
            {
                Allowed = Allowed(silos, a.Activation, a.Silo),
                ApartFrom = pairs.TryGetValue(i, out var other) ? other : null,
            }));
    }

    private static HashSet<int>? Allowed(IReadOnlyList<SiloTraits> silos, ActivationReport activation, int silo)
    {
        if (!activation.IsMovable)
        {
            return [silo];
        }
        return PlacementKey.Parse(activation.Grain.Key.ToString()!).Site is { } site && silos.Any(s => s.Site == site)
            ? [.. silos.Index().Where(s => s.Item.Site == site).Select(s => s.Index)]
            : null;
    }

    /// <summary>Replicas and their shards by number, both ways.</summary>
    private static Dictionary<int, int> Pairs(GrainId[] grains, Func<GrainId, GrainId?> shardOf)
    {
        // A grain on its way may be in two reports.
        var numbers =
            grains.Index().DistinctBy(grain => grain.Item).ToDictionary(grain => grain.Item, grain => grain.Index);
        var pairs = new Dictionary<int, int>();
        foreach (var (grain, number) in numbers)
        {
            if (shardOf(grain) is { } shard && numbers.TryGetValue(shard, out var other))
            {
                (pairs[number], pairs[other]) = (other, number);
            }
        }
        return pairs;
    }
}
