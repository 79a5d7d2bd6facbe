using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// Gives a bush the links of shortest paths, and takes away those that it does not use. Nodes are put in order of their
/// greatest cost; a link that leads upwards in this order closes no cycle (Dial 2006; Nie 2010).
/// </summary>
internal sealed class BushRenewal(DirectedGraph graph, BushLabels labels)
{
    private const int None = -1;
    private readonly int[] _nodes = new int[graph.NodeCount];
    private readonly double[] _keys = new double[graph.NodeCount];
    private readonly int[] _added = new int[graph.NodeCount];
    private readonly bool[] _isKnown = new bool[graph.LinkCount];
    private readonly int[] _links = new int[graph.LinkCount];
    private readonly double[] _flows = new double[graph.LinkCount];

    /// <summary>A bush of shortest paths without flow, to all nodes that can be reached.</summary>
    public void Begin(OriginBush bush, ShortestPathTree tree)
    {
        var count = 0;
        foreach (var node in tree.Settled)
        {
            if (tree.InLinks[node] >= 0)
            {
                _links[count++] = tree.InLinks[node];
            }
        }
        Array.Clear(_flows, 0, count);
        bush.Assign(_links.AsSpan(0, count), _flows.AsSpan(0, count));
    }

    /// <summary>Renews a bush at given costs.</summary>
    public void Renew(OriginBush bush, ShortestPathTree tree, ReadOnlySpan<double> times)
    {
        labels.Fill(bush, times);
        MarkKnown(bush, true);
        var nodes = FindNodes(bush);
        FindLinks(nodes, tree);
        MarkKnown(bush, false);
        Sort(nodes);
        Collect(bush, nodes);
    }

    private void MarkKnown(OriginBush bush, bool isKnown)
    {
        foreach (var link in bush.Links)
        {
            _isKnown[link] = isKnown;
        }
    }

    /// <summary>The nodes of the bush in its order, without the origin.</summary>
    private Span<int> FindNodes(OriginBush bush)
    {
        var links = bush.Links;
        var to = graph.To;
        var count = 0;
        for (var k = 0; k < links.Length; k++)
        {
            if (k == 0 || to[links[k]] != to[links[k - 1]])
            {
                _nodes[count++] = to[links[k]];
            }
        }
        return _nodes.AsSpan(0, count);
    }

    /// <summary>The last links of shortest paths that lead upwards; one a node at most.</summary>
    private void FindLinks(ReadOnlySpan<int> nodes, ShortestPathTree tree)
    {
        var greatest = labels.Greatest;
        foreach (var head in nodes)
        {
            _added[head] = None;
            var link = tree.InLinks[head];
            if (link < 0 || _isKnown[link])
            {
                continue;
            }
            var tail = graph.From[link];
            var isAbove = greatest[tail] < greatest[head]
                || (greatest[tail] == greatest[head] && labels.Position[tail] < labels.Position[head]);
            _added[head] = isAbove ? link : None;
        }
    }

    /// <summary>By greatest cost; nodes that cost the same keep their order.</summary>
    private void Sort(Span<int> nodes)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            _keys[i] = labels.Greatest[nodes[i]];
        }
        var keys = _keys.AsSpan(0, nodes.Length);
        keys.Sort(nodes);
        for (var i = 1; i < nodes.Length; i++)
        {
            var (node, j) = (nodes[i], i);
            for (; j > 0 && keys[j - 1] == keys[i] && labels.Position[nodes[j - 1]] > labels.Position[node]; j--)
            {
                nodes[j] = nodes[j - 1];
            }
            nodes[j] = node;
        }
    }

    private void Collect(OriginBush bush, ReadOnlySpan<int> nodes)
    {
        var links = bush.Links;
        var flows = bush.Flows;
        var to = graph.To;
        var count = 0;
        foreach (var node in nodes)
        {
            var isUsed = labels.GreatestLink[node] >= 0;
            for (var k = labels.Position[node]; k < links.Length && to[links[k]] == node; k++)
            {
                if (isUsed ? flows[k] > 0 : k == labels.LeastLink[node])
                {
                    (_links[count], _flows[count++]) = (links[k], flows[k]);
                }
            }
            if (_added[node] != None)
            {
                (_links[count], _flows[count++]) = (_added[node], 0);
            }
        }
        bush.Assign(_links.AsSpan(0, count), _flows.AsSpan(0, count));
    }
}
