namespace OrleansEdge.Core.Offloading.Allocation;

/// <summary>An allocation that a central search found.</summary>
/// <param name="Servers">[users]: server, or -1.</param>
/// <param name="IsProven">None allocates more users, or as many at a lower cost.</param>
/// <param name="Nodes">Partial allocations looked at.</param>
public sealed record AllocationOptimum(int[] Servers, AllocationOutcome Outcome, bool IsProven, long Nodes);

/// <summary>
/// The paper's optimum by depth-first branch and bound: the most allocated users and, among those, the least system
/// cost. For small instances; beyond a number of nodes the best so far is returned, unproven.
/// </summary>
public sealed class AllocationExactSearch
{
    private readonly AllocationProblem _problem;
    private readonly AllocationState _state;
    private readonly AllocationRelaxation _relaxation;
    private readonly int[] _order;
    private readonly long _maxNodes;
    private readonly CancellationToken _stop;
    private int[] _best;
    private int _bestUnallocated;
    private long _bestCost;
    private long _nodes;

    private AllocationExactSearch(AllocationProblem problem, int[] start, long maxNodes, CancellationToken stop)
    {
        (_problem, _maxNodes, _best, _stop) = (problem, maxNodes, start, stop);
        _state = new AllocationState(problem);
        _order = [.. Enumerable.Range(0, problem.Users).OrderBy(user => Sum(problem.Demands(user)))];
        _relaxation = new AllocationRelaxation(problem, _order);
        var begin = new AllocationState(problem, start);
        (_bestUnallocated, _bestCost) = (begin.Unallocated, begin.SystemCost);
    }

    /// <param name="start">A feasible allocation to improve on, such as an equilibrium.</param>
    /// <param name="stop">Ends the search with the best so far, unproven.</param>
    public static AllocationOptimum Solve(
        AllocationProblem problem, int[] start, long maxNodes = 5_000_000, CancellationToken stop = default)
    {
        var search = new AllocationExactSearch(problem, start, maxNodes, stop);
        search.Branch(0, 0);
        return new AllocationOptimum(
            search._best,
            AllocationOutcome.Of(new AllocationState(problem, search._best)),
            search._nodes < maxNodes && !stop.IsCancellationRequested,
            search._nodes);
    }

    private static int Sum(ReadOnlySpan<int> values)
    {
        var sum = 0;
        foreach (var value in values)
        {
            sum += value;
        }
        return sum;
    }

    private void Branch(int depth, int skipped)
    {
        if (++_nodes >= _maxNodes || _stop.IsCancellationRequested || IsNoBetter(depth, skipped))
        {
            return;
        }
        if (depth == _order.Length)
        {
            var isBetter = skipped < _bestUnallocated || _state.SystemCost < _bestCost;
            if (isBetter && Enumerable.Range(0, _problem.Servers).All(_state.IsWithinCapacity))
            {
                (_best, _bestUnallocated, _bestCost) = (_state.Servers.ToArray(), skipped, _state.SystemCost);
            }
            return;
        }
        var user = _order[depth];
        foreach (var server in CheapestFirst(user))
        {
            _state.Move(user, server);
            if (_relaxation.CanStillFit(_state, server))
            {
                Branch(depth + 1, skipped);
            }
            _state.Move(user, AllocationState.None);
        }
        Branch(depth + 1, skipped + 1);
    }

    private bool IsNoBetter(int depth, int skipped)
    {
        var unallocated = skipped + _relaxation.LeastUnallocated(_state, depth);
        return unallocated > _bestUnallocated
            || (unallocated == _bestUnallocated && _relaxation.LeastCost(_state, depth) >= _bestCost);
    }

    private int[] CheapestFirst(int user)
    {
        var servers = _problem.Coverage.Sites(user).ToArray();
        Array.Sort(Array.ConvertAll(servers, server => _state.MarginalCost(user, server)), servers);
        return servers;
    }
}
