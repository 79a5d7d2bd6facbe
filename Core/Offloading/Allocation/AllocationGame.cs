using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.Allocation;

/// <summary>
/// EUAGame (He et al., IEEE TPDS 31(3), 2020) with its current profile: a user takes a covering server with room for
/// it, or none. Where two choices cost the same, being allocated is better: a lone user saves nothing, and without
/// this rule nobody would ever be the first on a server (games.md, finding 3).
/// </summary>
/// <remarks>
/// Strategy 0 is no server; strategy s is the s-th covering one. A choice without room costs infinity. The printed
/// potential (eq. 17) multiplies by a server where there is none; used instead are the total cost
/// (<see cref="AllocationGoal.SystemCost"/>, exact, with a player's cost being what it adds to the total) and the
/// negative squared counts (<see cref="AllocationGoal.OwnCost"/>, ordinal). A cost is an exact multiple of 2^-37.
/// </remarks>
public sealed class AllocationGame(AllocationProblem problem, AllocationGoal goal) : IPotentialGame, IResourceGame
{
    private readonly int[] _numbers = [.. Enumerable.Range(0, problem.Servers)];

    public AllocationProblem Problem => problem;

    /// <summary>The current profile.</summary>
    public AllocationState State { get; private set; } = new(problem);

    public int PlayerCount => problem.Users;

    public int ResourceCount => problem.Servers;

    public PotentialKind PotentialKind =>
        goal == AllocationGoal.SystemCost ? PotentialKind.Exact : PotentialKind.Ordinal;

    /// <summary>The potential as an exact integer.</summary>
    public long ExactPotential => goal == AllocationGoal.SystemCost
        ? (2 * State.SystemCost) + State.Unallocated
        : -State.SquaredCounts;

    public double Potential => goal == AllocationGoal.SystemCost
        ? ExactPotential / (2 * AllocationProblem.CostUnit)
        : ExactPotential;

    /// <summary>Puts all users on a profile of servers.</summary>
    /// <param name="servers">[users].</param>
    /// <exception cref="OrleansEdgeException">
    /// A capacity is exceeded, or a server does not cover its user (65).
    /// </exception>
    public void Reset(ReadOnlySpan<int> servers) => State = new AllocationState(problem, servers);

    public int StrategyCount(int player) => problem.Coverage.Sites(player).Length + 1;

    public int Strategy(int player)
    {
        var server = State.Servers[player];
        return server == AllocationState.None ? 0 : problem.Coverage.Sites(player).IndexOf(server) + 1;
    }

    public double Cost(int player) => Real(IntegerCost(player, State.Servers[player]));

    public double DeviationCost(int player, int strategy)
    {
        var server = Server(player, strategy);
        return State.CanMove(player, server) ? Real(IntegerCost(player, server)) : double.PositiveInfinity;
    }

    public void Move(int player, int strategy)
    {
        var server = Server(player, strategy);
        if (!State.CanMove(player, server))
        {
            throw new InvalidOperationException($"user {player} has no room on server {server}");
        }
        State.Move(player, server);
    }

    public StrategyCost BestResponse(int player)
    {
        var current = State.Servers[player];
        var (best, least) = (Strategy(player), IntegerCost(player, current));
        var servers = problem.Coverage.Sites(player);
        for (var strategy = 0; strategy <= servers.Length; strategy++)
        {
            var server = strategy == 0 ? AllocationState.None : servers[strategy - 1];
            var cost = IntegerCost(player, server);
            if (cost < least && State.CanMove(player, server))
            {
                (best, least) = (strategy, cost);
            }
        }
        return new StrategyCost(best, Real(least));
    }

    /// <summary>Costs of 2^53 units and more are rounded; the integers themselves are compared.</summary>
    public double CostError(int player, int strategy) =>
        Math.Abs(IntegerCost(player, Server(player, strategy))) <= 1L << 53 ? 0 : CostComparison.Ulp * DeviationCost(player, strategy);

    /// <inheritdoc/>
    public Dyadic ExactCost(int player, int strategy) =>
        (Dyadic)IntegerCost(player, Server(player, strategy)) * (0.5 / AllocationProblem.CostUnit);

    public ReadOnlySpan<int> Resources(int player, int strategy) =>
        strategy == 0 ? [] : _numbers.AsSpan(Server(player, strategy), 1);

    private static double Real(long cost) => cost / (2 * AllocationProblem.CostUnit);

    // Twice the cost, plus 1 without a server: any true difference of cost outweighs the tie-break.
    private long IntegerCost(int player, int server) =>
        (2 * (goal == AllocationGoal.SystemCost ? State.MarginalCost(player, server) : State.OwnCost(player, server)))
        + (server == AllocationState.None ? 1 : 0);

    private int Server(int player, int strategy) =>
        strategy == 0 ? AllocationState.None : problem.Coverage.Sites(player)[strategy - 1];
}
