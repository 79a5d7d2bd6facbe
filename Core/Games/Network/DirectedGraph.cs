namespace OrleansEdge.Core.Games.Network;

/// <summary>
/// A directed graph whose links are numbered from 0 and sorted out by tail node. Parallel links are allowed.
/// </summary>
public sealed class DirectedGraph
{
    private readonly int[] _from;
    private readonly int[] _to;
    private readonly int[] _firstOut;
    private readonly int[] _outLinks;

    /// <param name="nodeCount">Nodes are 0 to this, exclusive.</param>
    /// <param name="from">[links] tail nodes.</param>
    /// <param name="to">[links] head nodes.</param>
    /// <param name="closed">[links] those that leave no node and so are on no path; null for none.</param>
    /// <exception cref="OrleansEdgeException">A link names an unknown node (65).</exception>
    public DirectedGraph(int nodeCount, int[] from, int[] to, bool[]? closed = null)
    {
        (NodeCount, _from, _to) = (nodeCount, from, to);
        _firstOut = new int[nodeCount + 1];
        for (var link = 0; link < from.Length; link++)
        {
            if ((uint)from[link] >= (uint)nodeCount || (uint)to[link] >= (uint)nodeCount)
            {
                throw OrleansEdgeException.WrongData(
                    $"link {link}: from node {from[link]} to {to[link]}; expected 0 to {nodeCount - 1}");
            }
            _firstOut[from[link] + 1] += IsClosed(link) ? 0 : 1;
        }
        for (var node = 0; node < nodeCount; node++)
        {
            _firstOut[node + 1] += _firstOut[node];
        }
        _outLinks = new int[_firstOut[nodeCount]];
        var next = _firstOut[..nodeCount];
        for (var link = 0; link < from.Length; link++)
        {
            if (!IsClosed(link))
            {
                _outLinks[next[from[link]]++] = link;
            }
        }

        bool IsClosed(int link) => closed is not null && closed[link];
    }

    public int NodeCount { get; }

    public int LinkCount => _from.Length;

    /// <summary>[links] tail nodes.</summary>
    public ReadOnlySpan<int> From => _from;

    /// <summary>[links] head nodes.</summary>
    public ReadOnlySpan<int> To => _to;

    /// <summary>The links that leave a node and are open.</summary>
    public ReadOnlySpan<int> OutLinks(int node) =>
        _outLinks.AsSpan(_firstOut[node], _firstOut[node + 1] - _firstOut[node]);
}
