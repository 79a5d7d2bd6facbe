using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// Equilibrates one bush: at every node, flow goes from dearer to cheaper segments since the last node that both come
/// from (Dial's Algorithm B 2006), by a Newton step min(f, gain / sum of t') that is put right by bisection where it
/// overshoots.
/// </summary>
internal sealed class BushShift(DirectedGraph graph, LinkState state, BushLabels labels)
{
    private const int MaxRefinements = 60;

    /// <summary>A gain below this share of the segments' costs is rounding.</summary>
    private const double Rounding = 4e-16;

    private readonly int[] _dear = new int[graph.NodeCount];
    private readonly int[] _cheap = new int[graph.NodeCount];
    private int _dearCount;
    private int _cheapCount;

    /// <summary>One pass over all nodes. Returns the excess cost that the bush had before.</summary>
    /// <param name="bush">The bush.</param>
    /// <param name="negligible">Bushes with no more excess cost than this are left alone.</param>
    public double Equilibrate(OriginBush bush, double negligible)
    {
        var excess = labels.Fill(bush, state.Times);
        if (excess <= negligible)
        {
            return excess;
        }
        var links = bush.Links;
        var flows = bush.Flows;
        var to = graph.To;
        for (var end = links.Length; end > 0;)
        {
            var head = to[links[end - 1]];
            var (first, cheapest) = (labels.Position[head], labels.LeastLink[head]);
            for (var k = first; k < end && end - first > 1; k++)
            {
                if (k != cheapest && flows[k] > 0)
                {
                    Trace(bush, k, cheapest);
                    Shift(bush);
                }
            }
            end = first;
        }
        return excess;
    }

    /// <summary>Follows both segments back to the node that they have in common.</summary>
    private void Trace(OriginBush bush, int dear, int cheap)
    {
        var links = bush.Links;
        var from = graph.From;
        var position = labels.Position;
        (_dearCount, _cheapCount) = (0, 0);
        (_dear[_dearCount++], _cheap[_cheapCount++]) = (dear, cheap);
        var (dearNode, cheapNode) = (from[links[dear]], from[links[cheap]]);
        while (dearNode != cheapNode)
        {
            if (position[dearNode] > position[cheapNode])
            {
                var k = labels.GreatestLink[dearNode];
                if (k < 0)
                {
                    _dearCount = 0;
                    return;
                }
                _dear[_dearCount++] = k;
                dearNode = from[links[k]];
            }
            else
            {
                var k = labels.LeastLink[cheapNode];
                _cheap[_cheapCount++] = k;
                cheapNode = from[links[k]];
            }
        }
    }

    private void Shift(OriginBush bush)
    {
        var links = bush.Links;
        var flows = bush.Flows;
        var times = state.Times;
        var derivatives = state.Derivatives;
        var (dear, cheap, slope, room) = (0.0, 0.0, 0.0, double.PositiveInfinity);
        foreach (var k in _dear.AsSpan(0, _dearCount))
        {
            dear += times[links[k]];
            slope += derivatives[links[k]];
            room = Math.Min(room, flows[k]);
        }
        foreach (var k in _cheap.AsSpan(0, _cheapCount))
        {
            cheap += times[links[k]];
            slope += derivatives[links[k]];
        }
        var gain = dear - cheap;
        if (_dearCount == 0 || !(gain > Rounding * dear) || !(room > 0))
        {
            return;
        }
        var step = slope > 0 && double.IsFinite(slope) ? Math.Min(room, gain / slope) : room;
        Move(bush, step);
        var difference = Difference(links);
        if (difference < -0.5 * gain)
        {
            step = Refine(bush, step, gain, difference);
        }
        foreach (var k in _dear.AsSpan(0, _dearCount))
        {
            flows[k] -= step;
        }
        foreach (var k in _cheap.AsSpan(0, _cheapCount))
        {
            flows[k] += step;
        }
    }

    /// <summary>Bisection between no shift and one that went too far; returns the flow shifted in the end.</summary>
    private double Refine(OriginBush bush, double tooFar, double gain, double difference)
    {
        var (low, high, at) = (0.0, tooFar, tooFar);
        for (var i = 0; i < MaxRefinements && Math.Abs(difference) > 0.1 * gain; i++)
        {
            (low, high) = difference > 0 ? (at, high) : (low, at);
            var middle = low + (0.5 * (high - low));
            Move(bush, middle - at);
            difference = Difference(bush.Links);
            at = middle;
        }
        return at;
    }

    private void Move(OriginBush bush, double step)
    {
        var links = bush.Links;
        foreach (var k in _dear.AsSpan(0, _dearCount))
        {
            state.Add(links[k], -step);
        }
        foreach (var k in _cheap.AsSpan(0, _cheapCount))
        {
            state.Add(links[k], step);
        }
    }

    private double Difference(ReadOnlySpan<int> links)
    {
        var difference = 0.0;
        foreach (var k in _dear.AsSpan(0, _dearCount))
        {
            difference += state.Times[links[k]];
        }
        foreach (var k in _cheap.AsSpan(0, _cheapCount))
        {
            difference -= state.Times[links[k]];
        }
        return difference;
    }
}
