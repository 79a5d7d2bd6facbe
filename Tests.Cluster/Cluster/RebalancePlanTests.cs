using System.Net;
using Orleans.Runtime;
using OrleansEdge.Core;
using OrleansEdge.Grains.Training;
using OrleansEdge.Silo.Placement;
using OrleansEdge.Silo.Placement.Game;

namespace OrleansEdge.Tests.Cluster;

public sealed class RebalancePlanTests
{
    private static readonly SiloTraits[] Silos =
    [
        new(Address(1), "north", "a", 1), new(Address(2), "south", "b", 1), new(Address(3), "south", "b", 2),
    ];

    [Fact]
    public void Loads_are_spread_in_proportion_to_capacity_and_the_potential_falls()
    {
        var plan = Plan([.. Enumerable.Range(0, 40).Select(i => Shard($"job/shard/{i}"))], [], []);
        Assert.InRange(plan.Moves.Count(move => move.To == Address(2)), 9, 11);
        Assert.InRange(plan.Moves.Count(move => move.To == Address(3)), 18, 22);
        Assert.All(plan.Moves, move => Assert.Equal(Address(1), move.From));
        Assert.True(plan.Certificate.IsEquilibrium);
        Assert.True(plan.Certificate.PotentialEnd < plan.Certificate.PotentialStart);
        Assert.Equal(4, plan.PeakBefore);
        Assert.InRange(plan.PeakAfter, 1, 1 + (2 * RebalancePlan.MigrationCostShare));
    }

    [Fact]
    public void Who_is_in_balance_stays()
    {
        var plan = Plan(
            [Shard("job/shard/0")], [Shard("job/shard/1")], [Shard("job/shard/2"), Shard("job/shard/3")]);
        Assert.Empty(plan.Moves);
    }

    [Fact]
    public void Who_cannot_take_its_memory_along_stays()
    {
        var plan = Plan(
            [.. Enumerable.Range(0, 10).Select(i => Shard($"job/shard/{i}") with { IsMovable = false })], [], []);
        Assert.Empty(plan.Moves);
    }

    [Fact]
    public void Grains_of_a_site_stay_at_it()
    {
        var plan = Plan([.. Enumerable.Range(0, 10).Select(i => Worker($"job/worker/{i}@north"))],
            [.. Enumerable.Range(0, 20).Select(i => Worker($"other/worker/{i}@south"))], []);
        Assert.NotEmpty(plan.Moves);
        Assert.All(plan.Moves, move => Assert.Equal((Address(2), Address(3)), (move.From, move.To)));
    }

    [Fact]
    public void A_site_without_silos_pins_nobody() =>
        Assert.NotEmpty(Plan([.. Enumerable.Range(0, 10).Select(i => Worker($"job/worker/{i}@gone"))], [], []).Moves);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_replica_is_never_moved_beside_its_shard(ulong seed)
    {
        var random = new RandomStream(seed, "test");
        var reports = Silos.ToDictionary(silo => silo.Silo, _ => new List<ActivationReport>());
        var silos = new Dictionary<GrainId, SiloAddress>();
        for (var i = 0; i < 30; i++)
        {
            var first = random.NextInt(3);
            var second = (first + 1 + random.NextInt(2)) % 3;
            var load = ActivationLoad.Idle * (1 + random.NextInt(50));
            reports[Silos[first].Silo].Add(Shard($"job/shard/{i}") with { Load = load });
            reports[Silos[second].Silo].Add(Replica($"job/replica/{i}") with { Load = load });
        }
        var plan = Plan([.. reports.Values.Select(list => list.ToArray())]);
        foreach (var (silo, list) in reports)
        {
            list.ForEach(report => silos[report.Grain] = silo);
        }
        plan.Moves.ToList().ForEach(move => silos[move.Grain] = move.To);
        Assert.NotEmpty(plan.Moves);
        Assert.All(Enumerable.Range(0, 30), i =>
            Assert.NotEqual(silos[Shard($"job/shard/{i}").Grain], silos[Replica($"job/replica/{i}").Grain]));
        Assert.True(plan.Certificate.PotentialEnd < plan.Certificate.PotentialStart);
    }

    [Fact]
    public void New_grains_go_where_they_are_least_congested()
    {
        var loads = new ClusterLoads();
        Assert.Equal([10, 10, 20], Placed(loads, 40));
        loads.Update(new LedgerAnswer([new(Address(1), 0), new(Address(2), 3000), new(Address(3), 6000)], 100, []));
        Assert.Equal([30, 0, 0], Placed(loads, 30));
    }

    private static int[] Placed(ClusterLoads loads, int grains)
    {
        var places = Enumerable.Range(0, grains).Select(_ => loads.Place(Silos)).ToArray();
        return [.. Silos.Select(silo => places.Count(place => place == silo.Silo))];
    }

    private static RebalancePlan Plan(params ActivationReport[][] activations) => RebalancePlan.Of(
        Silos, [.. activations.Select((list, silo) => new SiloReport(Silos[silo].Silo, list))],
        grain => GrainKeys.ShardOf(grain.Key.ToString()!) is { } key ? GrainId.Create("shard", key) : null);

    private static ActivationReport Shard(string key) => new(GrainId.Create("shard", key), ActivationLoad.Idle, true);

    private static ActivationReport Replica(string key) =>
        new(GrainId.Create("replica", key), ActivationLoad.Idle, true);

    private static ActivationReport Worker(string key) => new(GrainId.Create("worker", key), ActivationLoad.Idle, true);

    private static SiloAddress Address(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, number), 1);
}
