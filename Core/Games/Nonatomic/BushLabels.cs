using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// Least and greatest cost from an origin to every node of its bush, as found by one pass. One instance serves all
/// bushes in turn.
/// </summary>
internal sealed class BushLabels(DirectedGraph graph)
{
    /// <summary>Position of a node that the bush does not reach.</summary>
    public const int Absent = -2;

    /// <summary>[nodes] least cost over the links of the bush.</summary>
    public double[] Least { get; } = new double[graph.NodeCount];

    /// <summary>[nodes] greatest cost over links with flow; along the least for nodes without.</summary>
    public double[] Greatest { get; } = new double[graph.NodeCount];

    /// <summary>[nodes] index in the bush of the last link of the cheapest path.</summary>
    public int[] LeastLink { get; } = new int[graph.NodeCount];

    /// <summary>[nodes] index of the last link of the dearest path with flow; -1 without.</summary>
    public int[] GreatestLink { get; } = new int[graph.NodeCount];

    /// <summary>[nodes] index of the first link into the node; -1 for the origin.</summary>
    public int[] Position { get; } = new int[graph.NodeCount];

    /// <summary>Fills all labels. Returns the excess cost: sum of flow times (cost - least cost) over links.</summary>
    public double Fill(OriginBush bush, ReadOnlySpan<double> times)
    {
        var links = bush.Links;
        var flows = bush.Flows;
        var from = graph.From;
        var to = graph.To;
        Position.AsSpan().Fill(Absent);
        Least[bush.Origin] = Greatest[bush.Origin] = 0;
        LeastLink[bush.Origin] = GreatestLink[bush.Origin] = Position[bush.Origin] = -1;
        var excess = 0.0;
        for (var k = 0; k < links.Length;)
        {
            var (head, first) = (to[links[k]], k);
            var (least, greatest, leastLink, greatestLink) = (double.PositiveInfinity, -1.0, k, -1);
            for (; k < links.Length && to[links[k]] == head; k++)
            {
                var (tail, time) = (from[links[k]], times[links[k]]);
                if (Least[tail] + time < least)
                {
                    (least, leastLink) = (Least[tail] + time, k);
                }
                if (flows[k] > 0 && Greatest[tail] + time > greatest)
                {
                    (greatest, greatestLink) = (Greatest[tail] + time, k);
                }
            }
            for (var i = first; greatestLink >= 0 && i < k; i++)
            {
                excess += flows[i] == 0 ? 0 : flows[i] * (times[links[i]] + Least[from[links[i]]] - least);
            }
            (Least[head], LeastLink[head], GreatestLink[head]) = (least, leastLink, greatestLink);
            Position[head] = first;
            Greatest[head] = greatestLink >= 0 ? greatest : Greatest[from[links[leastLink]]] + times[links[leastLink]];
        }
        return excess;
    }
}
