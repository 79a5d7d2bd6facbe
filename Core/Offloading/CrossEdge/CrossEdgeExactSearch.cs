namespace OrleansEdge.Core.Offloading.CrossEdge;

/// <summary>Selections that a search found.</summary>
/// <param name="IsProven">None has a lower sum of costs.</param>
/// <param name="Nodes">Partial selections looked at.</param>
public sealed record CrossEdgeOptimum(SiteSelection[] Selections, double Objective, bool IsProven, long Nodes);

/// <summary>
/// The least sum of costs of a slot by branch and bound over every task's subsets of sites, the cheapest first. A task
/// without rivals pays its cheapest subset, which bounds the tasks not yet fixed. For a few tasks and sites.
/// </summary>
public sealed class CrossEdgeExactSearch
{
    /// <summary>Most sites in reach of one task: their subsets are listed.</summary>
    public const int MostLinks = 16;

    private readonly CrossEdgeSlot _slot;
    private readonly long _maxNodes;
    private readonly CancellationToken _stop;
    private readonly SiteSelection[][] _subsets;
    private readonly double[] _rest;
    private readonly SiteSelection[] _current;
    private readonly int[] _users;
    private SiteSelection[] _best;
    private double _bestObjective;
    private long _nodes;

    private CrossEdgeExactSearch(CrossEdgeSlot slot, long maxNodes, CancellationToken stop)
    {
        (_slot, _maxNodes, _stop) = (slot, maxNodes, stop);
        _subsets = [.. Enumerable.Range(0, slot.Tasks.Length).Select(task => Subsets(slot, task))];
        _rest = new double[_subsets.Length + 1];
        for (var task = _subsets.Length - 1; task >= 0; task--)
        {
            _rest[task] = _rest[task + 1] + _subsets[task][0].Value.Cost;
        }
        _current = new SiteSelection[_subsets.Length];
        _users = new int[slot.Sites];
        _best = [.. slot.Tasks.Select(_ => SiteSelection.Drop(slot))];
        _bestObjective = _best.Sum(selection => selection.Value.Cost);
    }

    /// <param name="maxNodes">After as many partial selections the best so far is returned, unproven.</param>
    /// <param name="stop">Ends the search in the same way.</param>
    /// <exception cref="OrleansEdgeException">
    /// A task has more than <see cref="MostLinks"/> sites in reach (65).
    /// </exception>
    public static CrossEdgeOptimum Solve(
        CrossEdgeSlot slot, long maxNodes = 20_000_000, CancellationToken stop = default)
    {
        var crowded = Array.FindIndex(slot.Tasks, task => task.Links.Length > MostLinks);
        if (crowded >= 0)
        {
            throw OrleansEdgeException.WrongData(
                $"task {crowded}: {slot.Tasks[crowded].Links.Length} sites in reach; "
                + $"the exact search takes up to {MostLinks}");
        }
        var search = new CrossEdgeExactSearch(slot, maxNodes, stop);
        search.Branch(0, 0);
        var isProven = search._nodes < maxNodes && !stop.IsCancellationRequested;
        return new CrossEdgeOptimum(search._best, search._bestObjective, isProven, search._nodes);
    }

    private static SiteSelection[] Subsets(CrossEdgeSlot slot, int task)
    {
        var count = slot.Tasks[task].Links.Length;
        var subsets = new List<SiteSelection> { SiteSelection.Drop(slot) };
        for (var code = 1; code < 1 << count; code++)
        {
            int[] links = [.. Enumerable.Range(0, count).Where(link => (code >> link & 1) != 0)];
            if (slot.Evaluate(task, links) is { } value)
            {
                subsets.Add(new SiteSelection(links, value));
            }
        }
        return [.. subsets.OrderBy(subset => subset.Value.Cost)];
    }

    private void Branch(int task, double objective)
    {
        if (++_nodes >= _maxNodes || _stop.IsCancellationRequested || objective + _rest[task] >= _bestObjective)
        {
            return;
        }
        if (task == _subsets.Length)
        {
            (_best, _bestObjective) = ([.. _current], objective);
            return;
        }
        foreach (var subset in _subsets[task])
        {
            if (objective + subset.Value.Cost + _rest[task + 1] >= _bestObjective)
            {
                return;
            }
            Count(task, subset, +1);
            if (subset.Links.All(link => _users[Site(task, link)] <= _slot.Options.MostUsersPerSite))
            {
                _current[task] = subset;
                Branch(task + 1, objective + subset.Value.Cost);
            }
            Count(task, subset, -1);
        }
    }

    private int Site(int task, int link) => _slot.Tasks[task].Links[link].Site;

    private void Count(int task, SiteSelection subset, int sign)
    {
        foreach (var link in subset.Links)
        {
            _users[Site(task, link)] += sign;
        }
    }
}
