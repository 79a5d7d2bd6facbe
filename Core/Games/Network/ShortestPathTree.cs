namespace OrleansEdge.Core.Games.Network;

/// <summary>
/// Shortest paths from one origin at a time (Dijkstra 1959, with a 4-ary heap). Holds its buffers, so one instance
/// serves one caller.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="firstThroughNode">
/// Nodes below this may start and end a path and not lie inside it (TNTP's first through node, counted from 0); 0 for
/// no limit.
/// </param>
public sealed class ShortestPathTree(DirectedGraph graph, int firstThroughNode = 0)
{
    private readonly double[] _distances = new double[graph.NodeCount];
    private readonly int[] _inLinks = new int[graph.NodeCount];
    private readonly int[] _settled = new int[graph.NodeCount];
    private readonly NodeHeap _heap = new(graph.NodeCount);
    private int _settledCount;

    /// <summary>[nodes] distance from the origin; infinite where there is no path.</summary>
    public ReadOnlySpan<double> Distances => _distances;

    /// <summary>[nodes] last link of the shortest path; -1 for the origin and where there is no path.</summary>
    public ReadOnlySpan<int> InLinks => _inLinks;

    /// <summary>The nodes that were reached, by distance: each comes after the tail of its last link.</summary>
    public ReadOnlySpan<int> Settled => _settled.AsSpan(0, _settledCount);

    /// <summary>Finds the shortest paths from an origin to all nodes.</summary>
    /// <param name="origin">The node to start from.</param>
    /// <param name="costs">[links] each at least 0.</param>
    public void Grow(int origin, ReadOnlySpan<double> costs)
    {
        Array.Fill(_distances, double.PositiveInfinity);
        Array.Fill(_inLinks, -1);
        _distances[origin] = 0;
        _settledCount = 0;
        _heap.Clear();
        _heap.Decrease(origin, _distances);
        var to = graph.To;
        while (_heap.TryTake(_distances, out var node))
        {
            _settled[_settledCount++] = node;
            if (node < firstThroughNode && node != origin)
            {
                continue;
            }
            var distance = _distances[node];
            foreach (var link in graph.OutLinks(node))
            {
                var head = to[link];
                var reached = distance + costs[link];
                if (reached < _distances[head])
                {
                    _distances[head] = reached;
                    _inLinks[head] = link;
                    _heap.Decrease(head, _distances);
                }
            }
        }
    }

    /// <summary>
    /// Writes the links of the path to a node into the start of a buffer, last link first, and returns their number.
    /// </summary>
    public int PathTo(int node, Span<int> links)
    {
        var count = 0;
        for (var link = _inLinks[node]; link >= 0; link = _inLinks[graph.From[link]])
        {
            links[count++] = link;
        }
        return count;
    }
}
