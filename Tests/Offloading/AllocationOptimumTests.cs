using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Offloading.Allocation;

namespace OrleansEdge.Tests.Offloading;

public sealed class AllocationOptimumTests
{
    [Fact]
    public void Branch_and_bound_agrees_with_enumeration()
    {
        for (var seed = 1UL; seed <= 12; seed++)
        {
            var problem = Draw(seed);
            var optimum = AllocationExactSearch.Solve(problem, AllocationBaselines.Random(problem, seed));
            Assert.True(optimum.IsProven);
            var best = Enumerate(problem).Max();
            Assert.Equal(best, (optimum.Outcome.AllocatedUsers, -optimum.Outcome.SystemCost));
        }
    }

    private static IEnumerable<(int Allocated, double NegativeCost)> Enumerate(AllocationProblem problem)
    {
        var choices = (int)Math.Pow(problem.Servers + 1, problem.Users);
        for (var code = 0; code < choices; code++)
        {
            var (rest, servers, covered) = (code, new int[problem.Users], true);
            for (var user = 0; user < problem.Users; user++, rest /= problem.Servers + 1)
            {
                servers[user] = (rest % (problem.Servers + 1)) - 1;
                covered &= servers[user] < 0 || problem.Coverage.Sites(user).Contains(servers[user]);
            }
            if (covered && Within(problem, servers))
            {
                var outcome = AllocationOutcome.Of(new AllocationState(problem, servers));
                yield return (outcome.AllocatedUsers, -outcome.SystemCost);
            }
        }
    }

    private static bool Within(AllocationProblem problem, int[] servers)
    {
        for (var server = 0; server < problem.Servers; server++)
        {
            var users = Enumerable.Range(0, servers.Length).Where(user => servers[user] == server).ToArray();
            for (var k = 0; k < problem.Dimensions; k++)
            {
                if (problem.Kept(users.Length) * users.Sum(user => (long)problem.Demands(user)[k])
                    > problem.Capacities(server)[k])
                {
                    return false;
                }
            }
        }
        return true;
    }

    /// <summary>Seven users and three servers in a square of 2.2 by 2.6 km, with room for about four.</summary>
    private static AllocationProblem Draw(ulong seed)
    {
        var random = new RandomStream(seed, "places");
        var area = new GeoPolygon(
            "square", [new(-37.83, 144.94), new(-37.81, 144.94), new(-37.81, 144.97), new(-37.83, 144.97)]);
        GeoPoint[] places = [.. Enumerable.Range(0, 50).Select(_ => area.UniformPoint(ref random))];
        GeoPoint[] sites = [.. Enumerable.Range(0, 6).Select(_ => area.UniformPoint(ref random))];
        return AllocationProblem.Draw(
            sites, places, new AllocationOptions { Users = 7, Servers = 3, MeanCapacity = 4 }, seed);
    }
}
