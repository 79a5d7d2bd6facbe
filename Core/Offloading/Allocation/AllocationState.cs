namespace OrleansEdge.Core.Offloading.Allocation;

/// <summary>
/// Who is allocated where, with the count, demand and weighted demand of every server, all exact integers. A move is
/// refused where it would leave a capacity exceeded, on the server that it goes to or on the one that it leaves: fewer
/// users share less.
/// </summary>
public sealed class AllocationState
{
    /// <summary>The server of a user that has none.</summary>
    public const int None = -1;

    private readonly int[] _servers;
    private readonly int[] _counts;
    private readonly long[] _demands;
    private readonly long[] _weights;

    /// <param name="servers">[users], covering and within capacity; nobody allocated where empty.</param>
    /// <exception cref="OrleansEdgeException">
    /// A server does not cover its user, or its capacity is exceeded (65).
    /// </exception>
    public AllocationState(AllocationProblem problem, ReadOnlySpan<int> servers = default)
    {
        Problem = problem;
        _servers = new int[problem.Users];
        Array.Fill(_servers, None);
        _counts = new int[problem.Servers];
        _demands = new long[problem.Servers * problem.Dimensions];
        _weights = new long[problem.Servers * problem.Dimensions];
        Unallocated = problem.Users;
        for (var user = 0; user < problem.Users; user++)
        {
            SystemCost += OwnCost(user, None);
        }
        for (var user = 0; user < servers.Length; user++)
        {
            if (servers[user] != None && !problem.Coverage.Sites(user).Contains(servers[user]))
            {
                throw OrleansEdgeException.WrongData($"user {user}: server {servers[user]} does not cover it");
            }
            Move(user, servers[user]);
        }
        for (var server = 0; server < problem.Servers; server++)
        {
            if (!IsWithinCapacity(server))
            {
                throw OrleansEdgeException.WrongData($"server {server}: its capacity is exceeded");
            }
        }
    }

    public AllocationProblem Problem { get; }

    /// <summary>[users]: server, or <see cref="None"/>.</summary>
    public ReadOnlySpan<int> Servers => _servers;

    /// <summary>y: users of every server.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>Users without a server.</summary>
    public int Unallocated { get; private set; }

    /// <summary>
    /// Z: the cost of all users, in integers of which <see cref="AllocationProblem.CostUnit"/> make 1.
    /// </summary>
    public long SystemCost { get; private set; }

    /// <summary>The sum of the squared user counts.</summary>
    public long SquaredCounts { get; private set; }

    /// <summary>omega summed over a server's users in one dimension, units, before sharing.</summary>
    public long Demand(int server, int dimension) => _demands[(server * Problem.Dimensions) + dimension];

    /// <summary>Whether the demands on a server, less what its users share, fit in every dimension.</summary>
    public bool IsWithinCapacity(int server) => Fits(server, _counts[server], default, 0);

    /// <summary>Whether the user may move there: the capacities of both servers hold afterwards.</summary>
    public bool CanMove(int user, int server)
    {
        var current = _servers[user];
        return server == current || (
            (server == None || Fits(server, _counts[server] + 1, Problem.Demands(user), +1))
            && (current == None || Fits(current, _counts[current] - 1, Problem.Demands(user), -1)));
    }

    /// <summary>Capacity less demand after sharing, summed over the dimensions, in units of 1 / One.</summary>
    public long FreeCapacity(int server)
    {
        var kept = Problem.Kept(_counts[server]);
        var capacities = Problem.Capacities(server);
        var free = 0L;
        for (var k = 0; k < capacities.Length; k++)
        {
            free += capacities[k] - (kept * _demands[(server * capacities.Length) + k]);
        }
        return free;
    }

    /// <summary>Z_i: the user's own cost on a server, with itself there.</summary>
    public long OwnCost(int user, int server)
    {
        var users = server == None ? 0 : _counts[server] + (_servers[user] == server ? 0 : 1);
        var sum = 0L;
        foreach (var weight in Problem.Weights(user))
        {
            sum += weight;
        }
        return sum * Problem.Kept(users);
    }

    /// <summary>
    /// What the user adds to the system's cost on a server: Z with it there, less Z without the user.
    /// </summary>
    public long MarginalCost(int user, int server)
    {
        if (server == None)
        {
            return OwnCost(user, None);
        }
        var isHere = _servers[user] == server;
        var without = _counts[server] - (isHere ? 1 : 0);
        var (keptWith, keptWithout) = (Problem.Kept(without + 1), Problem.Kept(without));
        var own = Problem.Weights(user);
        var weights = _weights.AsSpan(server * own.Length, own.Length);
        var (others, mine) = (0L, 0L);
        for (var k = 0; k < own.Length; k++)
        {
            others += weights[k] - (isHere ? own[k] : 0);
            mine += own[k];
        }
        return (others * (keptWith - keptWithout)) + (mine * keptWith);
    }

    /// <summary>Moves a user, whether capacities allow it or not; see <see cref="CanMove"/>.</summary>
    public void Move(int user, int server)
    {
        var current = _servers[user];
        if (server == current)
        {
            return;
        }
        SystemCost += MarginalCost(user, server) - MarginalCost(user, current);
        Change(user, current, -1);
        Change(user, server, +1);
        _servers[user] = server;
    }

    private void Change(int user, int server, int sign)
    {
        if (server == None)
        {
            Unallocated += sign;
            return;
        }
        SquaredCounts += sign > 0 ? (2 * _counts[server]) + 1 : 1 - (2 * _counts[server]);
        _counts[server] += sign;
        var demands = Problem.Demands(user);
        var weights = Problem.Weights(user);
        for (var k = 0; k < demands.Length; k++)
        {
            _demands[(server * demands.Length) + k] += sign * demands[k];
            _weights[(server * demands.Length) + k] += sign * weights[k];
        }
    }

    private bool Fits(int server, int users, ReadOnlySpan<int> change, int sign)
    {
        var kept = Problem.Kept(users);
        var capacities = Problem.Capacities(server);
        var demands = _demands.AsSpan(server * capacities.Length, capacities.Length);
        for (var k = 0; k < capacities.Length; k++)
        {
            var demand = demands[k] + (change.IsEmpty ? 0 : sign * change[k]);
            if (kept * demand > capacities[k])
            {
                return false;
            }
        }
        return true;
    }
}
