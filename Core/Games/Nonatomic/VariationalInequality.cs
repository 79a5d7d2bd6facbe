namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// The slides' Theorem 8: flows x are an equilibrium if and only if sum over links of t(x) (x - y) is at most 0 for
/// every feasible y. The sum is linear in y, so that its maximum is taken where all demand goes by the shortest paths
/// at the costs of x.
/// </summary>
public static class VariationalInequality
{
    /// <summary>Sum over links of t(x) (x - y).</summary>
    /// <param name="costs">t</param>
    /// <param name="flows">[links] x</param>
    /// <param name="others">[links] y, feasible for the same demand.</param>
    public static double Value(LinkCosts costs, ReadOnlySpan<double> flows, ReadOnlySpan<double> others)
    {
        var sum = default(PreciseSum);
        for (var link = 0; link < flows.Length; link++)
        {
            sum.Add(costs.At(link, flows[link]) * (flows[link] - others[link]));
        }
        return sum.Value;
    }

    /// <summary>The largest value over all feasible flows: at most 0, up to rounding, in an equilibrium.</summary>
    public static double Largest(
        TrafficNetwork network, TravelDemand demand, LinkCosts costs, ReadOnlySpan<double> flows)
    {
        var times = new double[flows.Length];
        for (var link = 0; link < times.Length; link++)
        {
            times[link] = costs.At(link, flows[link]);
        }
        return Value(costs, flows, AllOrNothing(network, demand, times));
    }

    /// <summary>[links] the flows when all demand takes the shortest paths at given link costs.</summary>
    public static double[] AllOrNothing(TrafficNetwork network, TravelDemand demand, ReadOnlySpan<double> linkCosts)
    {
        var flows = new double[linkCosts.Length];
        var path = new int[network.Graph.NodeCount];
        var tree = network.NewTree();
        for (var i = 0; i + 1 < demand.FirstOfOrigin.Length; i++)
        {
            tree.Grow(demand.Pairs[demand.FirstOfOrigin[i]].Origin - 1, linkCosts);
            for (var pair = demand.FirstOfOrigin[i]; pair < demand.FirstOfOrigin[i + 1]; pair++)
            {
                foreach (var link in path.AsSpan(0, tree.PathTo(demand.Pairs[pair].Destination - 1, path)))
                {
                    flows[link] += demand.Pairs[pair].Flow;
                }
            }
        }
        return flows;
    }
}
