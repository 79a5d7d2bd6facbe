using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// Feasible flows in the time of two shortest path trees, for when there is no more: all trips go to one node and from
/// there to where they end.
/// </summary>
internal sealed class HubLoading
{
    private readonly TrafficNetwork _network;
    private readonly ShortestPathTree _away;
    private readonly ShortestPathTree _towards;
    private readonly int[] _links;

    /// <param name="network">The roads.</param>
    /// <param name="hub">A node that may be passed through, counted from 0.</param>
    /// <param name="times">[links]</param>
    public HubLoading(TrafficNetwork network, int hub, ReadOnlySpan<double> times)
    {
        var graph = network.Graph;
        _network = network;
        _links = [.. Enumerable.Range(0, graph.NodeCount).SelectMany(node => graph.OutLinks(node).ToArray())];
        var (heads, tails, reversed) = (new int[_links.Length], new int[_links.Length], new double[_links.Length]);
        for (var i = 0; i < _links.Length; i++)
        {
            (heads[i], tails[i], reversed[i]) = (graph.From[_links[i]], graph.To[_links[i]], times[_links[i]]);
        }
        _away = network.NewTree();
        _away.Grow(hub, times);
        _towards = new ShortestPathTree(new DirectedGraph(graph.NodeCount, tails, heads), network.FirstThroughNode - 1);
        _towards.Grow(hub, reversed);
    }

    /// <summary>Adds the trips of some pairs to the flows of links.</summary>
    /// <param name="pairs">Pairs that the hub does not join get shortest paths of their own.</param>
    /// <param name="times">[links]</param>
    /// <param name="flows">[links]</param>
    public void Load(IEnumerable<Trips> pairs, ReadOnlySpan<double> times, double[] flows)
    {
        var graph = _network.Graph;
        var (leaving, arriving) = (new double[graph.NodeCount], new double[graph.NodeCount]);
        var tree = _network.NewTree();
        var path = new int[graph.NodeCount];
        foreach (var (origin, destination, flow) in pairs)
        {
            if (double.IsFinite(_towards.Distances[origin - 1]) && double.IsFinite(_away.Distances[destination - 1]))
            {
                leaving[origin - 1] += flow;
                arriving[destination - 1] += flow;
                continue;
            }
            tree.Grow(origin - 1, times);
            foreach (var link in path.AsSpan(0, tree.PathTo(destination - 1, path)))
            {
                flows[link] += flow;
            }
        }
        Accumulate(_away, arriving, graph.From, link => link, flows);
        Accumulate(_towards, leaving, graph.To, link => _links[link], flows);
    }

    /// <summary>Adds what passes the links of a tree, from its leaves on.</summary>
    private static void Accumulate(
        ShortestPathTree tree, double[] through, ReadOnlySpan<int> ends, Func<int, int> number, double[] flows)
    {
        for (var i = tree.Settled.Length - 1; i > 0; i--)
        {
            var node = tree.Settled[i];
            var link = number(tree.InLinks[node]);
            flows[link] += through[node];
            through[ends[link]] += through[node];
        }
    }
}
