using OrleansEdge.Core;
using OrleansEdge.Core.Games.Placement;

namespace OrleansEdge.Tests.Simulation;

/// <summary>Everything to the first silo, and what is there to the second.</summary>
internal sealed class Elsewhere : IPlacementPolicy
{
    public string Name => "elsewhere";

    public int Place(SiloCluster cluster, long load, ref RandomStream random) => 0;

    public RebalanceResult Rebalance(SiloCluster cluster, ref RandomStream random)
    {
        for (var i = 0; i < cluster.Activations.Count; i++)
        {
            cluster.Put(i, cluster.Activations[i].Silo == 0 ? 1 : 0);
        }
        return new RebalanceResult(cluster.Activations.Count, 0, null);
    }
}
