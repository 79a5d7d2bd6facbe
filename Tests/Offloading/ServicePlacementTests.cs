using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Offloading;
using OrleansEdge.Core.Offloading.ServicePlacement;

namespace OrleansEdge.Tests.Offloading;

public sealed class ServicePlacementTests
{
    private static readonly GeoPolygon Area =
        new("square", [new(-37.82, 144.94), new(-37.80, 144.94), new(-37.80, 144.97), new(-37.82, 144.97)]);

    [Fact]
    public void The_queue_holds_migration_to_its_budget_while_latency_stays_below_the_baselines()
    {
        var options = new ServicePlacementOptions { Users = 30, MigrationBudget = 3 };
        var ours = Run(options);
        Assert.True(ours.Certificate.IsEquilibrium);
        // Q(T) >= sum of E - T E_avg, so the excess over the budget is at most Q / T.
        Assert.True(ours.AverageMigrationCost <= options.MigrationBudget + (ours.Backlog / options.Slots) + 1e-9);
        Assert.InRange(ours.AverageMigrationCost, 0, 1.2 * options.MigrationBudget);
        var (never, always, random, careless) = (
            Run(options with { Policy = PlacementPolicy.NeverMigrate }),
            Run(options with { Policy = PlacementPolicy.AlwaysMigrate }),
            Run(options with { Policy = PlacementPolicy.Random }),
            Run(options with { Policy = PlacementPolicy.LatencyOnly }));
        Assert.Equal(0, never.AverageMigrationCost);
        Assert.True(ours.AverageLatencySeconds < 0.9 * never.AverageLatencySeconds);
        Assert.True(ours.AverageLatencySeconds < 0.9 * random.AverageLatencySeconds);
        Assert.True(careless.AverageLatencySeconds < ours.AverageLatencySeconds);
        Assert.True(Math.Min(careless.AverageMigrationCost, always.AverageMigrationCost) > 2 * options.MigrationBudget);
    }

    [Fact]
    public void A_larger_V_buys_latency_with_backlog()
    {
        var runs = new[] { 100.0, 3000, 100_000 }.Select(weight =>
            Run(new ServicePlacementOptions { Users = 30, MigrationBudget = 3, LatencyWeight = weight })).ToArray();
        Assert.True(runs[0].AverageLatencySeconds > runs[1].AverageLatencySeconds);
        Assert.True(runs[1].AverageLatencySeconds > runs[2].AverageLatencySeconds);
        Assert.True(runs[0].Backlog < runs[1].Backlog && runs[1].Backlog < runs[2].Backlog);
    }

    [Fact]
    public void The_markov_approximation_comes_close_to_the_exact_slots()
    {
        var options = new ServicePlacementOptions { Users = 6, Slots = 30, MigrationBudget = 1 };
        var exact = Run(options with { Policy = PlacementPolicy.Exact }, sites: 5);
        foreach (var rule in Enum.GetValues<TransitionRule>())
        {
            var markov = Run(options with { Policy = PlacementPolicy.MarkovApproximation, Rule = rule }, sites: 5);
            Assert.InRange(markov.AverageLatencySeconds / exact.AverageLatencySeconds, 0.9, 1.1);
            Assert.InRange(markov.AverageMigrationCost / exact.AverageMigrationCost, 0.8, 1.25);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        foreach (var policy in Enum.GetValues<PlacementPolicy>().Except([PlacementPolicy.Exact]))
        {
            var options = new ServicePlacementOptions { Users = 10, Slots = 10, Policy = policy };
            Assert.Equal(Run(options).Slots, Run(options).Slots);
            Assert.Equal(Run(options).Certificate, Run(options).Certificate);
            Assert.NotEqual(Run(options).Slots, Run(options, seed: 2).Slots);
        }
    }

    [Fact]
    public void Nobody_walks_out_of_the_area()
    {
        var random = new RandomStream(1, "start");
        var start = Enumerable.Range(0, 50).Select(_ => Area.UniformPoint(ref random)).ToArray();
        var mobility = new UserMobility(Area, start, 1, 30, 1);
        for (var slot = 0; slot < 100; slot++)
        {
            var before = mobility.Places.ToArray();
            mobility.Walk(20);
            foreach (var (from, to) in before.Zip(mobility.Places.ToArray()))
            {
                Assert.True(Area.Contains(to));
                Assert.InRange(from.DistanceMeters(to), 0, 601);
            }
        }
        Assert.Throws<OrleansEdgeException>(() => new UserMobility(Area, [new(0, 0)], 1, 2, 1));
    }

    [Fact]
    public void A_wrong_option_is_named()
    {
        var error = Assert.Throws<OrleansEdgeException>(() =>
            Run(new ServicePlacementOptions { MigrationBudget = -1 }));
        Assert.Equal("MigrationBudget -1; expected a finite number, 0 or more", error.Message);
    }

    private static ServicePlacementResult Run(ServicePlacementOptions options, ulong seed = 1, int sites = 12)
    {
        var random = new RandomStream(4, "sites");
        return ServicePlacementRun.Run(
            options, Enumerable.Range(0, sites).Select(_ => Area.UniformPoint(ref random)).ToArray(), Area, seed);
    }
}
