using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>Flows of links from the flows of bushes, and flows of bushes from the demand.</summary>
internal sealed class BushFlows(DirectedGraph graph, TravelDemand demand, LinkState state)
{
    /// <summary>What is left of a pair's trips below this share is rounding.</summary>
    private const double Negligible = 1e-12;

    private readonly double[] _through = new double[graph.NodeCount];
    private readonly double[] _flows = new double[graph.LinkCount];

    /// <summary>The same for all.</summary>
    public void Conserve(ReadOnlySpan<OriginBush> bushes)
    {
        foreach (var bush in bushes)
        {
            Conserve(bush);
        }
    }

    /// <summary>
    /// Lets what enters every node be what leaves it and ends there: the largest flow into a node is the rest of the
    /// others, so that rounding does not add up.
    /// </summary>
    public void Conserve(OriginBush bush)
    {
        var links = bush.Links;
        var flows = bush.Flows;
        var from = graph.From;
        var to = graph.To;
        AddTrips(bush, _through);
        for (var end = links.Length; end > 0;)
        {
            var head = to[links[end - 1]];
            var (first, largest) = (end, end - 1);
            for (; first > 0 && to[links[first - 1]] == head; first--)
            {
                largest = flows[first - 1] > flows[largest] ? first - 1 : largest;
            }
            var rest = _through[head];
            for (var k = first; k < end; k++)
            {
                rest -= k == largest ? 0 : flows[k];
            }
            // Below 0 only where nothing but rounding passes through.
            flows[largest] = rest;
            if (rest < 0 || _through[head] == 0)
            {
                flows[first..end].Clear();
                flows[largest] = _through[head];
            }
            for (var k = first; k < end; k++)
            {
                _through[from[links[k]]] += flows[k];
            }
            _through[head] = 0;
            end = first;
        }
        _through[bush.Origin] = 0;
    }

    /// <summary>Adds what ends at each node.</summary>
    public void AddTrips(OriginBush bush, double[] through)
    {
        var (first, end) = bush.Pairs;
        for (var pair = first; pair < end; pair++)
        {
            through[demand.Pairs[pair].Destination - 1] += demand.Pairs[pair].Flow;
        }
    }

    /// <summary>Flows and costs of links anew.</summary>
    public void Sum(ReadOnlySpan<OriginBush> bushes)
    {
        Array.Clear(_flows);
        foreach (var bush in bushes)
        {
            var links = bush.Links;
            var flows = bush.Flows;
            for (var k = 0; k < links.Length; k++)
            {
                _flows[links[k]] += flows[k];
            }
        }
        for (var link = 0; link < _flows.Length; link++)
        {
            state.Set(link, _flows[link]);
        }
    }

    /// <summary>
    /// Paths that the trips of a bush can be split into, each as long along the largest flows as they last.
    /// </summary>
    public int CountPaths(OriginBush bush)
    {
        var links = bush.Links;
        var from = graph.From;
        var to = graph.To;
        var flows = bush.Flows.ToArray();
        var position = new int[graph.NodeCount];
        for (var k = links.Length - 1; k >= 0; k--)
        {
            position[to[links[k]]] = k;
        }
        var count = 0;
        var path = new List<int>();
        for (var pair = bush.Pairs.First; pair < bush.Pairs.End; pair++)
        {
            var (left, amount) = (demand.Pairs[pair].Flow, 1.0);
            for (; left > Negligible * demand.Pairs[pair].Flow && amount > 0; left -= amount, count++)
            {
                path.Clear();
                amount = left;
                for (var node = demand.Pairs[pair].Destination - 1; node != bush.Origin && links.Length > 0;)
                {
                    var largest = position[node];
                    for (var k = largest; k < links.Length && to[links[k]] == node; k++)
                    {
                        largest = flows[k] > flows[largest] ? k : largest;
                    }
                    path.Add(largest);
                    amount = Math.Min(amount, flows[largest]);
                    node = from[links[largest]];
                }
                path.ForEach(k => flows[k] -= amount);
            }
        }
        return count;
    }
}
