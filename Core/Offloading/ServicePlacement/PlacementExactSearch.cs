namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>A placement that a search found.</summary>
/// <param name="IsProven">None has a lower objective.</param>
/// <param name="Nodes">Partial placements looked at.</param>
public sealed record PlacementOptimum(int[] Sites, double Objective, bool IsProven, long Nodes);

/// <summary>
/// The least objective of a slot by depth-first branch and bound. What a user adds to a site only grows with its load,
/// so the objective so far and, for the rest, each one's cheapest addition now are a lower bound.
/// </summary>
public sealed class PlacementExactSearch
{
    private readonly PlacementSlot _slot;
    private readonly long _maxNodes;
    private readonly CancellationToken _stop;
    private readonly int[] _order;
    private readonly int[] _sites;
    private readonly double[] _loads;
    private readonly double[] _factors;
    private int[] _best;
    private double _bestObjective;
    private long _nodes;

    private PlacementExactSearch(PlacementSlot slot, ReadOnlySpan<int> start, long maxNodes, CancellationToken stop)
    {
        (_slot, _maxNodes, _best, _stop) = (slot, maxNodes, start.ToArray(), stop);
        _order = [.. Enumerable.Range(0, slot.Users).OrderByDescending(slot.LoadFactor)];
        (_sites, _loads, _factors) = (new int[slot.Users], new double[slot.Sites], new double[slot.Sites]);
        _bestObjective = new PlacementGame(slot, start).Objective;
    }

    /// <param name="start">A placement to improve on.</param>
    /// <param name="maxNodes">After as many partial placements the best so far is returned, unproven.</param>
    /// <param name="stop">Ends the search with the best so far, unproven.</param>
    public static PlacementOptimum Solve(
        PlacementSlot slot, ReadOnlySpan<int> start, long maxNodes = 5_000_000, CancellationToken stop = default)
    {
        var search = new PlacementExactSearch(slot, start, maxNodes, stop);
        search.Branch(0, 0);
        var objective = new PlacementGame(slot, search._best).Objective;
        return new PlacementOptimum(search._best, objective, search._nodes < maxNodes && !stop.IsCancellationRequested, search._nodes);
    }

    private void Branch(int depth, double objective)
    {
        if (++_nodes >= _maxNodes || _stop.IsCancellationRequested || objective + Rest(depth) >= _bestObjective)
        {
            return;
        }
        if (depth == _order.Length)
        {
            (_best, _bestObjective) = ([.. _sites], objective);
            return;
        }
        var user = _order[depth];
        var sites = Enumerable.Range(0, _slot.Sites).ToArray();
        var added = Array.ConvertAll(sites, site => Added(user, site));
        Array.Sort(added, sites);
        for (var i = 0; i < sites.Length; i++)
        {
            Change(user, sites[i], +1);
            _sites[user] = sites[i];
            Branch(depth + 1, objective + added[i]);
            Change(user, sites[i], -1);
        }
    }

    private double Rest(int depth)
    {
        var rest = 0.0;
        for (var i = depth; i < _order.Length; i++)
        {
            var least = double.PositiveInfinity;
            for (var site = 0; site < _slot.Sites; site++)
            {
                least = Math.Min(least, Added(_order[i], site));
            }
            rest += least;
        }
        return rest;
    }

    private double Added(int user, int site)
    {
        var (weight, factor) = (_slot.Weight(user), _slot.LoadFactor(user));
        var shared = ((_factors[site] + factor) * (_loads[site] + weight)) - (_factors[site] * _loads[site]);
        return (_slot.LatencyWeight * shared / _slot.CyclesPerSecond(site)) + _slot.FixedCost(user, site);
    }

    private void Change(int user, int site, int sign)
    {
        _loads[site] += sign * _slot.Weight(user);
        _factors[site] += sign * _slot.LoadFactor(user);
    }
}
