using System.Runtime.InteropServices;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// A Newton step on the flows of all known paths at once. Shifts within one pair at a time agree slowly where many
/// pairs share links; here the quadratic model of the objective is minimised over all of them together by conjugate
/// gradients (truncated Newton, after Bertsekas 1982). Bounds are met by projection, and a step that raises the
/// objective is taken back.
/// </summary>
internal sealed class PathNewton(LinkState links, PathStore store, TravelDemand demand)
{
    /// <summary>A path without flow takes part as if it had this share of its pair's demand.</summary>
    private const double LeastShare = 1e-3;

    /// <summary>A rise of the objective by this share of the excess cost is rounding.</summary>
    private const double NegligibleRise = 1e-4;

    private readonly ShiftSystem _system = new(links.Flows.Length);
    private readonly int[] _main = new int[demand.Pairs.Count];
    private readonly int[] _marks = new int[links.Flows.Length];
    private readonly List<int> _added = [];
    private readonly List<int> _taken = [];
    private readonly double[] _flows = new double[links.Flows.Length];
    private int _mark;

    /// <summary>Tries one step; true if it was taken.</summary>
    public bool TryStep()
    {
        var excess = Build();
        if (!(excess > 0))
        {
            return false;
        }
        var before = PathFlows();
        var (flows, times) = (links.Flows.ToArray(), links.Times.ToArray());
        Apply(_system.Minimize(links.Derivatives));
        Reload();
        if (Change(flows, times) < NegligibleRise * excess)
        {
            return true;
        }
        Restore(before);
        Reload();
        return false;
    }

    /// <summary>Link flows anew from path flows, so that rounding does not add up.</summary>
    public void Reload()
    {
        Array.Clear(_flows);
        for (var pair = 0; pair < demand.Pairs.Count; pair++)
        {
            foreach (ref readonly var path in store.Paths(pair))
            {
                foreach (var link in store.Links(path))
                {
                    _flows[link] += path.Flow;
                }
            }
        }
        for (var link = 0; link < _flows.Length; link++)
        {
            links.Set(link, _flows[link]);
        }
    }

    /// <summary>Fills the system from the current flows; returns the excess cost over the known paths.</summary>
    private double Build()
    {
        _system.Clear();
        var excess = 0.0;
        for (var pair = 0; pair < demand.Pairs.Count; pair++)
        {
            var paths = store.Paths(pair);
            if (paths.Length < 2)
            {
                continue;
            }
            var (main, least) = (0, double.PositiveInfinity);
            for (var i = 0; i < paths.Length; i++)
            {
                paths[i].Cost = CostOf(paths[i]);
                least = Math.Min(least, paths[i].Cost);
                main = paths[i].Flow > paths[main].Flow ? i : main;
            }
            _main[pair] = main;
            for (var i = 0; i < paths.Length; i++)
            {
                excess += paths[i].Flow * (paths[i].Cost - least);
                var gain = paths[main].Cost - paths[i].Cost;
                if (i != main && (paths[i].Flow > 0 || gain > 0))
                {
                    AddShift(pair, i, paths[main], paths[i], gain);
                }
            }
        }
        return excess;
    }

    private void AddShift(int pair, int index, in PathRecord main, in PathRecord path, double gain)
    {
        var (mainMark, shared) = (++_mark, ++_mark);
        _added.Clear();
        _taken.Clear();
        foreach (var link in store.Links(main))
        {
            _marks[link] = mainMark;
        }
        var curvature = 0.0;
        foreach (var link in store.Links(path))
        {
            if (_marks[link] == mainMark)
            {
                _marks[link] = shared;
                continue;
            }
            _added.Add(link);
            curvature += links.Derivatives[link];
        }
        foreach (var link in store.Links(main))
        {
            if (_marks[link] == mainMark)
            {
                _taken.Add(link);
                curvature += links.Derivatives[link];
            }
        }
        _system.Add(
            pair, index, CollectionsMarshal.AsSpan(_added), CollectionsMarshal.AsSpan(_taken), gain, curvature,
            path.Flow + (LeastShare * demand.Pairs[pair].Flow));
    }

    /// <summary>
    /// Takes the shifts: none below an empty path, and those of a pair scaled where they would empty its main path.
    /// </summary>
    private void Apply(double[] shifts)
    {
        for (var first = 0; first < shifts.Length;)
        {
            var pair = _system.Shifts[first].Pair;
            var paths = store.Paths(pair);
            var (end, total) = (first, 0.0);
            for (; end < shifts.Length && _system.Shifts[end].Pair == pair; end++)
            {
                shifts[end] = Math.Max(shifts[end], -paths[_system.Shifts[end].Path].Flow);
                total += shifts[end];
            }
            ref var main = ref paths[_main[pair]];
            var scale = total > main.Flow ? main.Flow / total : 1;
            var left = main.Flow;
            for (var i = first; i < end; i++)
            {
                paths[_system.Shifts[i].Path].Flow += scale * shifts[i];
                left -= scale * shifts[i];
            }
            main.Flow = Math.Max(0, left);
            first = end;
        }
    }

    /// <summary>
    /// The change of the objective, by the trapezoidal rule: exact to third order in the change of flows.
    /// </summary>
    private double Change(double[] flows, double[] times)
    {
        var change = 0.0;
        for (var link = 0; link < flows.Length; link++)
        {
            change += 0.5 * (links.Flows[link] - flows[link]) * (links.Times[link] + times[link]);
        }
        return change;
    }

    private double[] PathFlows()
    {
        var flows = new List<double>(store.Count);
        for (var pair = 0; pair < demand.Pairs.Count; pair++)
        {
            foreach (ref readonly var path in store.Paths(pair))
            {
                flows.Add(path.Flow);
            }
        }
        return [.. flows];
    }

    private void Restore(double[] flows)
    {
        var next = 0;
        for (var pair = 0; pair < demand.Pairs.Count; pair++)
        {
            foreach (ref var path in store.Paths(pair))
            {
                path.Flow = flows[next++];
            }
        }
    }

    private double CostOf(in PathRecord path)
    {
        var cost = 0.0;
        foreach (var link in store.Links(path))
        {
            cost += links.Times[link];
        }
        return cost;
    }
}
