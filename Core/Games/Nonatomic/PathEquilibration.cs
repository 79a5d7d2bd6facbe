namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// Equilibrates the paths of one origin-destination pair: flow goes from every dearer path to the cheapest by a Newton
/// step over the links that they do not share, min(f_p, (c_p - c_q) / sum of t') (games.md 3.2), put right by bisection
/// where it overshoots.
/// </summary>
internal sealed class PathEquilibration(LinkState links, PathStore store, int linkCount)
{
    /// <summary>
    /// Newton steps are taken longer by this: pairs that share links then take half as many sweeps to agree.
    /// </summary>
    private const double OverRelaxation = 1.4;

    private const int MaxRefinements = 60;
    private readonly int[] _marks = new int[linkCount];
    private int _mark;

    /// <summary>
    /// Shifts flow within one pair. Returns the excess cost, sum of f_p (c_p - c_min), that the pair had before.
    /// </summary>
    /// <param name="pair">The pair.</param>
    /// <param name="negligible">Pairs with no more excess cost than this are left alone.</param>
    public double Equilibrate(int pair, double negligible)
    {
        var paths = store.Paths(pair);
        if (paths.Length < 2)
        {
            return 0;
        }
        var best = 0;
        for (var i = 0; i < paths.Length; i++)
        {
            paths[i].Cost = CostOf(paths[i]);
            best = paths[i].Cost < paths[best].Cost ? i : best;
        }
        var excess = 0.0;
        foreach (ref readonly var path in paths)
        {
            excess += path.Flow * (path.Cost - paths[best].Cost);
        }
        if (excess > negligible)
        {
            ShiftAll(paths, best);
        }
        return excess;
    }

    /// <summary>Forgets paths without flow, the cheapest excepted.</summary>
    public void DropUnused(int pair)
    {
        var paths = store.Paths(pair);
        var best = 0;
        for (var i = 1; i < paths.Length; i++)
        {
            best = paths[i].Cost < paths[best].Cost ? i : best;
        }
        for (var i = paths.Length - 1; i >= 0; i--)
        {
            if (paths[i].Flow == 0 && i != best)
            {
                store.RemoveAt(pair, i);
                best = best == paths.Length - 1 ? i : best;
                paths = store.Paths(pair);
            }
        }
    }

    private void ShiftAll(Span<PathRecord> paths, int best)
    {
        for (var i = 0; i < paths.Length; i++)
        {
            if (i != best && paths[i].Flow > 0)
            {
                Shift(ref paths[i], ref paths[best]);
            }
        }
    }

    private double CostOf(in PathRecord path)
    {
        var times = links.Times;
        var cost = 0.0;
        foreach (var link in store.Links(path))
        {
            cost += times[link];
        }
        return cost;
    }

    /// <summary>Moves flow from one path to a cheaper one until their costs meet or the dearer is empty.</summary>
    private void Shift(ref PathRecord from, ref PathRecord to)
    {
        var (fromMark, toMark) = (++_mark, ++_mark);
        Mark(from, fromMark);
        var (gain, slope) = (0.0, 0.0);
        foreach (var link in store.Links(to))
        {
            if (_marks[link] == fromMark)
            {
                _marks[link] = 0;
                continue;
            }
            _marks[link] = toMark;
            gain -= links.Times[link];
            slope += links.Derivatives[link];
        }
        foreach (var link in store.Links(from))
        {
            if (_marks[link] == fromMark)
            {
                gain += links.Times[link];
                slope += links.Derivatives[link];
            }
        }
        if (!(gain > 0))
        {
            return;
        }
        var step = slope > 0 && double.IsFinite(slope) ? Math.Min(from.Flow, OverRelaxation * gain / slope) : from.Flow;
        var (left, moved) = (Move(from, to, step, fromMark, toMark, gain), step);
        if (left < -0.95 * gain)
        {
            moved = Refine(from, to, step, gain, fromMark, toMark);
        }
        from.Flow -= moved;
        to.Flow += moved;
    }

    /// <summary>Bisection between no shift and one that went too far; returns the flow shifted in the end.</summary>
    private double Refine(in PathRecord from, in PathRecord to, double tooFar, double gain, int fromMark, int toMark)
    {
        var (low, high, at) = (0.0, tooFar, tooFar);
        var difference = Difference(from, to, fromMark, toMark);
        for (var i = 0; i < MaxRefinements && Math.Abs(difference) > 0.1 * gain; i++)
        {
            (low, high) = difference > 0 ? (at, high) : (low, at);
            var middle = low + (0.5 * (high - low));
            difference = Move(from, to, middle - at, fromMark, toMark, difference);
            at = middle;
        }
        return at;
    }

    /// <summary>
    /// Shifts flow on the links that are not shared; returns the new difference of the two paths' costs.
    /// </summary>
    private double Move(in PathRecord from, in PathRecord to, double step, int fromMark, int toMark, double difference)
    {
        foreach (var link in store.Links(from))
        {
            difference += _marks[link] == fromMark ? links.Add(link, -step) : 0;
        }
        foreach (var link in store.Links(to))
        {
            difference -= _marks[link] == toMark ? links.Add(link, step) : 0;
        }
        return difference;
    }

    private double Difference(in PathRecord from, in PathRecord to, int fromMark, int toMark)
    {
        var difference = 0.0;
        foreach (var link in store.Links(from))
        {
            difference += _marks[link] == fromMark ? links.Times[link] : 0;
        }
        foreach (var link in store.Links(to))
        {
            difference -= _marks[link] == toMark ? links.Times[link] : 0;
        }
        return difference;
    }

    private void Mark(in PathRecord path, int mark)
    {
        foreach (var link in store.Links(path))
        {
            _marks[link] = mark;
        }
    }
}
