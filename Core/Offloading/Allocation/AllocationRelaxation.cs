namespace OrleansEdge.Core.Offloading.Allocation;

/// <summary>
/// Bounds for partial allocations. How many users a server can hold is bounded by the smallest demands in its reach,
/// and with it how much they can share, what its capacity can take and what a user can save.
/// </summary>
internal sealed class AllocationRelaxation
{
    private readonly AllocationProblem _problem;
    private readonly int[] _order;
    private readonly long[] _leastKept;
    private readonly long[] _leastCosts;
    private readonly int[][][] _smallestDemands;

    /// <param name="order">Users in the order in which the search fixes them.</param>
    public AllocationRelaxation(AllocationProblem problem, int[] order)
    {
        (_problem, _order) = (problem, order);
        _leastKept = LeastKept(problem);
        _leastCosts = new long[order.Length + 1];
        for (var depth = order.Length - 1; depth >= 0; depth--)
        {
            _leastCosts[depth] = _leastCosts[depth + 1] + LeastCostOf(order[depth]);
        }
        // Per depth and dimension: the demands of the users not yet fixed, the smallest first.
        _smallestDemands = [.. Enumerable.Range(0, order.Length + 1).Select(depth =>
            Enumerable.Range(0, problem.Dimensions).Select(k =>
                order[depth..].Where(user => problem.Coverage.Sites(user).Length > 0)
                    .Select(user => problem.Demands(user)[k]).Order().ToArray()).ToArray())];
    }

    /// <summary>Whether the users on a server could fit if as many joined to share as it can hold.</summary>
    public bool CanStillFit(AllocationState state, int server)
    {
        for (var k = 0; k < _problem.Dimensions; k++)
        {
            if (_leastKept[server] * state.Demand(server, k) > _problem.Capacities(server)[k])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Users not yet fixed that, in the tightest dimension, all servers together cannot take.</summary>
    public int LeastUnallocated(AllocationState state, int depth)
    {
        var most = int.MaxValue;
        for (var k = 0; k < _problem.Dimensions; k++)
        {
            var room = 0L;
            for (var server = 0; server < _problem.Servers; server++)
            {
                room += (_problem.Capacities(server)[k] / _leastKept[server]) - state.Demand(server, k);
            }
            most = Math.Min(most, CountFitting(_smallestDemands[depth][k], room));
        }
        return _order.Length - depth - most;
    }

    /// <summary>
    /// No completion costs less: users on a server share with as many as it can hold, the others do so where best.
    /// </summary>
    public long LeastCost(AllocationState state, int depth)
    {
        var cost = _leastCosts[depth];
        for (var i = 0; i < depth; i++)
        {
            var server = state.Servers[_order[i]];
            cost += Sum(_problem.Weights(_order[i])) * (server == AllocationState.None ? AllocationProblem.One
                : _leastKept[server]);
        }
        return cost;
    }

    private static long[] LeastKept(AllocationProblem problem)
    {
        var reach = Enumerable.Range(0, problem.Servers).Select(_ => new List<int>()).ToArray();
        for (var user = 0; user < problem.Users; user++)
        {
            foreach (var server in problem.Coverage.Sites(user))
            {
                reach[server].Add(user);
            }
        }
        var kept = new long[problem.Servers];
        for (var server = 0; server < kept.Length; server++)
        {
            var (users, most) = (-1, reach[server].Count);
            while (users != most)
            {
                users = most;
                kept[server] = problem.Kept(users);
                for (var k = 0; k < problem.Dimensions; k++)
                {
                    var demands = reach[server].Select(user => problem.Demands(user)[k]);
                    most = Math.Min(most, CountFitting(demands.Order(), problem.Capacities(server)[k] / kept[server]));
                }
            }
        }
        return kept;
    }

    private static int CountFitting(IEnumerable<int> smallestFirst, long room)
    {
        var fitting = 0;
        foreach (var demand in smallestFirst)
        {
            if ((room -= demand) < 0)
            {
                break;
            }
            fitting++;
        }
        return fitting;
    }

    private static long Sum(ReadOnlySpan<int> values)
    {
        var sum = 0L;
        foreach (var value in values)
        {
            sum += value;
        }
        return sum;
    }

    private long LeastCostOf(int user)
    {
        var kept = AllocationProblem.One;
        foreach (var server in _problem.Coverage.Sites(user))
        {
            kept = Math.Min(kept, _leastKept[server]);
        }
        return kept * Sum(_problem.Weights(user));
    }
}
