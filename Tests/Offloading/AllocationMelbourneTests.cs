using OrleansEdge.Core.Data;
using OrleansEdge.Core.Offloading.Allocation;

namespace OrleansEdge.Tests.Offloading;

/// <summary>User allocation on the Melbourne data, against the statements of He et al. 2020 (games.md, 2.3).</summary>
public sealed class AllocationMelbourneTests
{
    [Fact]
    public void Small_instances_lose_less_than_15_percent_on_the_optimum()
    {
        var (users, optimalUsers, cost, optimalCost) = (0, 0, 0.0, 0.0);
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var problem = Draw(new AllocationOptions { Users = 12, Servers = 5, MeanCapacity = 6 }, seed);
            var game = new AllocationGame(problem, AllocationGoal.SystemCost);
            Assert.True(AllocationProtocol.Run(game, seed).Certificate.IsEquilibrium);
            var (ours, optimum) = (AllocationOutcome.Of(game.State),
                AllocationExactSearch.Solve(problem, game.State.Servers.ToArray()));
            Assert.True(ours.AllocatedUsers <= optimum.Outcome.AllocatedUsers);
            users += ours.AllocatedUsers;
            optimalUsers += optimum.Outcome.AllocatedUsers;
            cost += ours.SystemCost;
            optimalCost += optimum.Outcome.SystemCost;
        }
        Assert.InRange(users, 0.85 * optimalUsers, optimalUsers);
        Assert.InRange(cost, optimalCost, 1.05 * optimalCost);
    }

    [Fact]
    public void With_roomy_servers_the_game_costs_less_than_greedy_and_random()
    {
        var problem = Draw(new AllocationOptions { Users = 800, Servers = 125, MeanCapacity = 90 }, 1);
        var game = new AllocationGame(problem, AllocationGoal.SystemCost);
        var result = AllocationProtocol.Run(game, 1);
        Assert.True(result.Certificate.IsEquilibrium);
        Assert.InRange(result.Certificate.Slots, 800, 1200);
        var ours = AllocationOutcome.Of(game.State);
        int[][] baselines = [AllocationBaselines.Greedy(problem, 1), AllocationBaselines.Random(problem, 1)];
        foreach (var servers in baselines)
        {
            var theirs = AllocationOutcome.Of(new AllocationState(problem, servers));
            Assert.Equal(800, theirs.AllocatedUsers);
            Assert.True(ours.SystemCost < 0.9 * theirs.SystemCost);
            Assert.True(ours.ServersUsed < theirs.ServersUsed);
        }
        Assert.Equal(800, ours.AllocatedUsers);
    }

    private static AllocationProblem Draw(AllocationOptions options, ulong seed)
    {
        var folder = TestData.Folder("eua");
        Assert.SkipWhen(folder is null, "the EUA data set is not here");
        var sites = EuaReader.ReadSites(Path.Combine(folder, "site-optus-melbCBD.csv"));
        var users = EuaReader.ReadUsers(Path.Combine(folder, "users-melbcbd-generated.csv"));
        return AllocationProblem.Draw([.. sites.Select(site => site.Location)], users, options, seed);
    }
}
