namespace OrleansEdge.Core.Offloading.Allocation;

/// <summary>What the paper compares the game with; servers of all users, -1 for none.</summary>
public static class AllocationBaselines
{
    /// <summary>Users, in a random order, each take a random covering server that has room.</summary>
    public static int[] Random(AllocationProblem problem, ulong seed)
    {
        var state = new AllocationState(problem);
        var random = new RandomStream(seed, "allocation.random");
        foreach (var user in Order(problem, ref random))
        {
            var open = Open(state, user);
            if (open.Count > 0)
            {
                state.Move(user, open[random.NextInt(open.Count)]);
            }
        }
        return state.Servers.ToArray();
    }

    /// <summary>
    /// Users, in a random order, each take the covering server with the most free capacity over all dimensions.
    /// </summary>
    public static int[] Greedy(AllocationProblem problem, ulong seed)
    {
        var state = new AllocationState(problem);
        var random = new RandomStream(seed, "allocation.greedy");
        foreach (var user in Order(problem, ref random))
        {
            var open = Open(state, user);
            if (open.Count > 0)
            {
                state.Move(user, open.MaxBy(state.FreeCapacity));
            }
        }
        return state.Servers.ToArray();
    }

    private static int[] Order(AllocationProblem problem, ref RandomStream random)
    {
        var order = Enumerable.Range(0, problem.Users).ToArray();
        random.Shuffle<int>(order);
        return order;
    }

    private static List<int> Open(AllocationState state, int user)
    {
        var open = new List<int>();
        foreach (var server in state.Problem.Coverage.Sites(user))
        {
            if (state.CanMove(user, server))
            {
                open.Add(server);
            }
        }
        return open;
    }
}
