using FsCheck;
using FsCheck.Fluent;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Allocation;

namespace OrleansEdge.Tests.Offloading;

public sealed class AllocationGameTests
{
    private static readonly double[] EvenWeights = [0.5, 0.5];

    /// <summary>Two users, each reached by both of two servers; two dimensions.</summary>
    [Theory]
    [InlineData(3, 2, 4)]
    [InlineData(2, 2, 4)]
    [InlineData(4, 3, 4)]
    [InlineData(4, 8, 4)]
    [InlineData(4, 2, 5)]
    [InlineData(4, 2, 2)]
    [InlineData(0, 0, 0)]
    [InlineData(4, 2, 0)]
    public void Lengths_that_do_not_fit_are_refused(int demands, int weights, int capacities)
    {
        var coverage = CoverageMap.From([[0, 1], [0, 1]], 2);
        var exception = Assert.Throws<OrleansEdgeException>(() => new AllocationProblem(
            coverage, new int[demands], new double[weights], new double[capacities], sharingBase: 1, mostShared: 0));
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.StartsWith($"{demands} demands, {weights} weights, {capacities} capacities for ", exception.Message);
    }

    [Theory]
    [InlineData(AllocationGoal.SystemCost)]
    [InlineData(AllocationGoal.OwnCost)]
    public void The_potential_falls_with_every_accepted_move_and_no_capacity_is_ever_exceeded(AllocationGoal goal) =>
        Prop.ForAll<byte, byte, uint>((userBits, serverBits, seed) =>
        {
            var game = new AllocationGame(Draw(1 + (userBits % 40), 1 + (serverBits % 6), 8, seed), goal);
            var random = new RandomStream(seed, "test");
            for (var step = 0; step < 200; step++)
            {
                var user = random.NextInt(game.PlayerCount);
                var (before, cost, response) = (game.ExactPotential, game.Cost(user), game.BestResponse(user));
                if (response.Strategy == game.Strategy(user))
                {
                    continue;
                }
                Assert.Equal(response.Cost, game.DeviationCost(user, response.Strategy));
                game.Move(user, response.Strategy);
                Assert.True(game.ExactPotential < before);
                Assert.Equal(response.Cost, game.Cost(user));
                if (goal == AllocationGoal.SystemCost)
                {
                    var gain = (long)((cost - response.Cost) * 2 * AllocationProblem.CostUnit);
                    Assert.Equal(before - gain, game.ExactPotential);
                }
                AssertWithinCapacity(game.State);
            }
            var again = new AllocationState(game.Problem, game.State.Servers);
            Assert.Equal(again.SystemCost, game.State.SystemCost);
            Assert.Equal(again.SquaredCounts, game.State.SquaredCounts);
            Assert.Equal(again.Unallocated, game.State.Unallocated);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(AllocationGoal.SystemCost)]
    [InlineData(AllocationGoal.OwnCost)]
    public void The_lazy_protocol_plays_exactly_as_the_general_dynamics(AllocationGoal goal)
    {
        var game = new AllocationGame(Draw(60, 8, 12, 3), goal);
        var lazy = AllocationProtocol.Run(game, 9, traceEvery: 1);
        AssertWithinCapacity(game.State);
        game.Reset([]);
        var general = ResponseDynamics.Run(
            game, new DynamicsOptions { Schedule = MoveSchedule.OneWinnerPerSlot, Seed = 9, TraceEvery = 1 });
        Assert.True(lazy.Certificate.IsEquilibrium);
        Assert.Equal(general.Profile, lazy.Profile);
        Assert.Equal(general.Trace, lazy.Trace);
        Assert.Equal(general.Certificate, lazy.Certificate);
        Assert.Equal(general.Requests, lazy.Requests);
        Assert.Equal(
            lazy.Certificate.ProfileHash,
            AllocationProtocol.Run(new AllocationGame(game.Problem, goal), 9).Certificate.ProfileHash);
    }

    [Theory]
    [InlineData(MoveSchedule.RoundRobin)]
    [InlineData(MoveSchedule.IndependentSets)]
    public void Other_schedules_reach_an_equilibrium_too(MoveSchedule schedule)
    {
        var game = new AllocationGame(Draw(100, 10, 12, 4), AllocationGoal.SystemCost);
        var result = ResponseDynamics.Run(game, new DynamicsOptions { Schedule = schedule, TraceEvery = 1 });
        Assert.True(result.Certificate.IsEquilibrium);
        Assert.All(result.Trace.Zip(result.Trace.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        AssertWithinCapacity(game.State);
    }

    [Fact]
    public void A_lone_user_takes_a_server_although_it_saves_nothing()
    {
        var problem = Problem([[0]], 1, [1, 1], [5, 5]);
        var game = new AllocationGame(problem, AllocationGoal.SystemCost);
        Assert.Equal(1, game.BestResponse(0).Strategy);
        AllocationProtocol.Run(game, 1);
        Assert.Equal(new AllocationOutcome(1, 1, 1, 0), AllocationOutcome.Of(game.State));
    }

    [Fact]
    public void Two_users_share_and_save_6_58_percent_with_a_base_of_0_9()
    {
        var game = new AllocationGame(
            Problem([[0, 1], [0, 1]], 2, [1, 1, 1, 1], [5, 5, 5, 5]), AllocationGoal.SystemCost);
        AllocationProtocol.Run(game, 1);
        var outcome = AllocationOutcome.Of(game.State);
        Assert.Equal((2, 1), (outcome.AllocatedUsers, outcome.ServersUsed));
        Assert.Equal(0.0658, outcome.UserBenefit / 2, 5e-5);
    }

    [Fact]
    public void A_user_may_not_leave_a_server_that_only_holds_because_it_shares()
    {
        // Demands of 101 less 6.58 % fit in 95; the 100 of the first user alone do not.
        var tight = Problem([[0], [0, 1]], 2, [100, 100, 1, 1], [95, 95, 9, 9]);
        var sharing = new AllocationState(tight, [0, 0]);
        Assert.False(sharing.CanMove(1, 1));
        Assert.False(sharing.CanMove(1, AllocationState.None));
    }

    [Fact]
    public void Homogeneous_users_have_rosenthals_exact_potential_for_their_own_cost()
    {
        var problem = Problem(
            [.. Enumerable.Repeat<IReadOnlyList<int>>([0, 1, 2], 9)], 3,
            [.. Enumerable.Repeat(2, 18)], [.. Enumerable.Repeat(50.0, 6)]);
        var game = new AllocationGame(problem, AllocationGoal.OwnCost);
        for (var user = 0; user < 9; user++)
        {
            game.Move(user, 1 + (user % 3));
        }
        var (before, cost) = (Rosenthal(game), game.Cost(0));
        game.Move(0, 2);
        Assert.Equal(game.Cost(0) - cost, Rosenthal(game) - before, 1e-12);
    }

    [Fact]
    public void Bad_instances_are_refused()
    {
        Refused(() => Problem([[0]], 1, [1, 1], [double.NaN, 1]), "server 0: capacity NaN");
        Refused(() => Problem([[0]], 1, [1, 1], [-1, 1]), "server 0: capacity -1");
        Refused(() => Problem([[0]], 1, [1, -1], [1, 1]), "user 0: demand -1");
        Refused(() => Problem([[1]], 1, [1, 1], [1, 1]), "coverage: site 1");
        Refused(() => new AllocationGame(Problem([[0]], 1, [2, 2], [1, 1]), AllocationGoal.OwnCost).Reset([0]),
            "server 0: its capacity");
        Refused(() => Draw(3000, 5, 9, 1), "3000 places of users asked for; the data holds 1000");
        var error = Assert.Throws<OrleansEdgeException>(new AllocationOptions { SharingBase = 1 }.Validate);
        Assert.Equal("SharingBase 1; expected above 0 and below 1", error.Message);
    }

    private static double Rosenthal(AllocationGame game)
    {
        var sum = 0.0;
        foreach (var count in game.State.Counts)
        {
            for (var users = 1; users <= count; users++)
            {
                sum += game.Problem.Kept(users) * (double)(game.Problem.Weights(0)[0] + game.Problem.Weights(0)[1]);
            }
        }
        return sum / AllocationProblem.CostUnit;
    }

    private static void Refused(Action action, string expected)
    {
        var error = Assert.Throws<OrleansEdgeException>(action);
        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    private static void AssertWithinCapacity(AllocationState state)
    {
        var problem = state.Problem;
        for (var server = 0; server < problem.Servers; server++)
        {
            var users = Enumerable.Range(0, problem.Users).Where(user => state.Servers[user] == server).ToArray();
            for (var k = 0; k < problem.Dimensions; k++)
            {
                var demand = users.Sum(user => (long)problem.Demands(user)[k]);
                Assert.True(problem.Kept(users.Length) * demand <= problem.Capacities(server)[k]);
            }
        }
    }

    private static AllocationProblem Problem(
        IReadOnlyList<IReadOnlyList<int>> coverage, int servers, int[] demands, double[] capacities) =>
        new(CoverageMap.From(coverage, servers), demands, EvenWeights, capacities, 0.9, 0.9);

    private static AllocationProblem Draw(int users, int servers, double capacity, ulong seed)
    {
        var random = new RandomStream(seed, "places");
        var area = new GeoPolygon(
            "square", [new(-37.83, 144.94), new(-37.81, 144.94), new(-37.81, 144.97), new(-37.83, 144.97)]);
        var places = Enumerable.Range(0, 1000).Select(_ => area.UniformPoint(ref random)).ToArray();
        var sites = Enumerable.Range(0, 20).Select(_ => area.UniformPoint(ref random)).ToArray();
        return AllocationProblem.Draw(
            sites, places, new AllocationOptions { Users = users, Servers = servers, MeanCapacity = capacity }, seed);
    }
}
