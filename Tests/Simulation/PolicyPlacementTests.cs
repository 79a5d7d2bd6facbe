using OrleansEdge.Core;
using OrleansEdge.Core.Games.Placement;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Tests.Simulation;

public sealed class PolicyPlacementTests
{
    private static readonly NodeProfile[] Silos =
    [
        new() { Name = "silo-0" }, new() { Name = "silo-1" }, new() { Name = "silo-2", Capacity = 2 },
    ];

    [Fact]
    public void Grains_are_spread_by_capacity_even_if_all_are_called_at_once()
    {
        using var cluster = ClusterWith(new GamePlacement());
        Call(cluster, grains: 40, calls: _ => 1);
        Assert.Equal([10, 10, 20], cluster.Nodes.Select(node => node.ActivationCount));
        Assert.Equal([10L, 10L, 20L], cluster.Nodes.Select(node => node.PlacedLoad));
    }

    [Fact]
    public void Heavy_grains_weigh_what_they_are_said_to_weigh()
    {
        using var cluster = ClusterWith(new GamePlacement(), (_, key) => key == "0" ? 30 : 1);
        Call(cluster, grains: 30, calls: _ => 1);
        Assert.Equal(59, cluster.Nodes.Sum(node => node.PlacedLoad));
        Assert.InRange(cluster.Nodes.Min(node => node.ActivationCount), 1, 3);
    }

    [Fact]
    public void The_grains_of_a_crashed_silo_are_spread_over_the_others()
    {
        using var cluster = ClusterWith(new GamePlacement());
        Call(cluster, grains: 40, calls: _ => 1);
        cluster.CrashNode("silo-2");
        cluster.RunFor(new MessageOptions().FailureDetection * 2);
        Call(cluster, grains: 40, calls: _ => 1);
        Assert.Equal([20, 20, 0], cluster.Nodes.Select(node => node.ActivationCount));
        Assert.Equal(0, cluster.Nodes[2].PlacedLoad);
    }

    [Fact]
    public void Rebalancing_is_best_response_to_the_requests_that_grains_have_got()
    {
        using var cluster = ClusterWith(new GamePlacement());
        Call(cluster, grains: 40, calls: HotOnTheFirstSilo);
        var report = cluster.Rebalance(new RebalanceOptions());
        Assert.True(report.Result.Certificate!.IsEquilibrium);
        Assert.True(report.Result.Certificate.PotentialEnd < report.Result.Certificate.PotentialStart);
        Assert.True(report.PeakAfter < 0.6 * report.PeakBefore, $"{report.PeakBefore} to {report.PeakAfter}");
        Assert.Equal((report.Result.Migrations, 0), (report.Moved, report.Busy));
        Assert.Equal(40, cluster.Nodes.Sum(node => node.PlacedLoad));
        Assert.Equal(0, cluster.Rebalance(new RebalanceOptions()).Moved);
        Call(cluster, grains: 40, calls: HotOnTheFirstSilo);
        Assert.Equal(report.PeakAfter, cluster.Rebalance(new RebalanceOptions()).PeakBefore);
    }

    [Fact]
    public void A_grain_that_moves_takes_along_what_it_packs()
    {
        using var cluster = ClusterWith(new GamePlacement());
        Call(cluster, grains: 40, calls: HotOnTheFirstSilo);
        var places = cluster.Nodes.Select(node => node.ActivationCount).ToArray();
        Assert.True(cluster.Rebalance(new RebalanceOptions()).Moved > 0);
        Assert.NotEqual(places, cluster.Nodes.Select(node => node.ActivationCount));
        for (var i = 0; i < 40; i++)
        {
            var calls = HotOnTheFirstSilo(i);
            Assert.Equal(calls, cluster.Run(grains => grains.Get<ISuitcase>($"{i}").Count()));
        }
    }

    [Fact]
    public void A_grain_that_has_a_place_and_is_not_in_memory_yet_moves_too()
    {
        using var cluster = SlowCluster();
        var first = cluster.Client.Get<ISuitcase>("0").Count();
        cluster.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(1, cluster.Rebalance(new RebalanceOptions { Policy = new Elsewhere() }).Moved);
        Assert.Equal((1L, 0), (cluster.Nodes.Sum(node => node.PlacedLoad), cluster.ActivationCount));
        cluster.RunFor(TimeSpan.FromSeconds(3));
        Assert.True(first.IsCompletedSuccessfully);
        Assert.Equal(
            cluster.Nodes.Select(node => node.PlacedLoad), cluster.Nodes.Select(node => (long)node.ActivationCount));
    }

    [Fact]
    public void A_grain_packs_closes_and_unpacks_as_itself()
    {
        var log = new List<string>();
        using var cluster = new VirtualCluster(new VirtualClusterOptions
        {
            Nodes = Silos,
            Placement = new PolicyPlacement(new LeastLoadedPlacement(), seed: 1),
            Grains = SimulatedHost.TestGrains(),
            Services = new ServiceTable().Add(log),
        });
        cluster.Run(grains => grains.Get<IMover>("a").Touch());
        Assert.Equal(1, cluster.Rebalance(new RebalanceOptions { Policy = new Elsewhere() }).Moved);
        cluster.Run(grains => grains.Get<IMover>("a").Touch());
        Assert.Equal(["touched", "packed", "closed", "unpacked", "touched"], log.Select(entry => entry.Split(' ')[0]));
        Assert.All(log, entry => Assert.EndsWith(" by MoverGrain a", entry));
    }

    [Fact]
    public void A_busy_grain_stays()
    {
        using var cluster = ClusterWith(new LeastLoadedPlacement());
        Call(cluster, grains: 3, calls: _ => 1);
        var stay = cluster.Client.Get<ISuitcase>("1").Stay(TimeSpan.FromSeconds(1));
        cluster.RunFor(TimeSpan.FromSeconds(0.5));
        var report = cluster.Rebalance(new RebalanceOptions { Policy = new Elsewhere() });
        cluster.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((2, 1), (report.Moved, report.Busy));
        Assert.True(stay.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_request_under_way_follows_a_grain_that_moves_if_it_can(bool isCutOff)
    {
        using var cluster = SlowCluster();
        Call(cluster, grains: 1, calls: _ => 1);
        var under = cluster.Client.Get<ISuitcase>("0").Count();
        cluster.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(1, cluster.Rebalance(new RebalanceOptions { Policy = new Elsewhere() }).Moved);
        if (isCutOff)
        {
            cluster.Partition("silo-0", "*", 10);
        }
        cluster.RunFor(TimeSpan.FromSeconds(2));
        Assert.False(under.IsCompleted); // a second there, one on to where the grain is now, one back
        cluster.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(!isCutOff, under.IsCompletedSuccessfully);
        Assert.Equal(isCutOff ? 1 : 0, cluster.LostMessageCount);
    }

    [Fact]
    public void Pinned_grains_can_be_kept_out()
    {
        using var cluster = ClusterWith(new GamePlacement());
        Call(cluster, grains: 40, calls: HotOnTheFirstSilo);
        Assert.Equal(0, cluster.Rebalance(new RebalanceOptions { MayMove = (_, _) => false }).Moved);
        var error = Assert.Throws<OrleansEdgeException>(
            () => cluster.Rebalance(new RebalanceOptions { MigrationCostShare = -1 }));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public void The_game_keeps_peaks_near_least_loaded_and_below_random_and_moves_the_less_the_dearer_it_is()
    {
        var random = Live(new RandomPlacement(), migrationCostShare: 0);
        var leastLoaded = Live(new LeastLoadedPlacement(), migrationCostShare: 0);
        var (free, dear) = (Live(new GamePlacement(), 0), Live(new GamePlacement(), migrationCostShare: 100));
        Assert.Equal(0, random.Moved);
        Assert.True(free.Peak < random.Peak, $"{free} {random}");
        Assert.True(free.Peak < 1.1 * leastLoaded.Peak, $"{free} {leastLoaded}");
        Assert.True(dear.Moved < free.Moved, $"{dear} {free}");
        Assert.Equal(free, Live(new GamePlacement(), 0));
    }

    /// <summary>
    /// Ten times: calls by an uneven and changing law, then a rebalancing. The peak is that after it, on average.
    /// </summary>
    private static (double Peak, int Moved, ulong Hash) Live(IPlacementPolicy policy, double migrationCostShare)
    {
        using var cluster = ClusterWith(policy);
        var (peak, moved) = (0.0, 0);
        for (var slot = 0; slot < 10; slot++)
        {
            Call(cluster, grains: 60, i => Calls(i, slot));
            var report = cluster.Rebalance(new RebalanceOptions
            {
                Policy = policy,
                MigrationCostShare = migrationCostShare,
            });
            peak += report.PeakAfter / 10;
            moved += report.Moved;
        }
        return (peak, moved, cluster.TraceHash);
    }

    /// <summary>Exponential with mean 20, drawn anew for every fifth grain in a slot.</summary>
    private static int Calls(int grain, int slot) =>
        1 + (int)new RandomStream(1, "calls", (ulong)grain, (ulong)(slot + grain) / 5).NextExponential(20);

    /// <summary>The first grains are placed on the first silo, the second, the third, the third, and so on.</summary>
    private static int HotOnTheFirstSilo(int grain) => grain % 4 == 0 ? 20 : 1;

    private static void Call(VirtualCluster cluster, int grains, Func<int, int> calls)
    {
        var keys = Enumerable.Range(0, grains).SelectMany(i => Enumerable.Repeat($"{i}", calls(i)));
        cluster.Run(found => Task.WhenAll(keys.Select(key => found.Get<ISuitcase>(key).Add())));
    }

    /// <summary>A message takes a second.</summary>
    private static VirtualCluster SlowCluster() => new(new VirtualClusterOptions
    {
        Nodes = Silos,
        Placement = new PolicyPlacement(new LeastLoadedPlacement(), seed: 1),
        Grains = SimulatedHost.TestGrains(),
        Network = new() { Links = [new LinkProfile { LatencySeconds = 1 }] },
    });

    private static VirtualCluster ClusterWith(IPlacementPolicy policy, Func<Type, string, long>? loadOf = null) => new(
        new VirtualClusterOptions
        {
            Nodes = Silos,
            Placement = new PolicyPlacement(policy, seed: 1, loadOf),
            Grains = SimulatedHost.TestGrains(),
        });
}

/// <summary>Counts in memory, and takes the count along.</summary>
public interface IMover : Orleans.IGrainWithStringKey
{
    Task Touch();
}

/// <summary>Notes who it is that runs its code.</summary>
public sealed class MoverGrain(List<string> log) : IMover, IMovable, IDisposable
{
    public Task Touch()
    {
        Note("touched");
        return Task.CompletedTask;
    }

    public object? Pack()
    {
        Note("packed");
        return "luggage";
    }

    public void Unpack(object state) => Note("unpacked");

    public void Dispose() => Note("closed");

    private void Note(string what) => log.Add($"{what} by {SynchronizationContext.Current}");
}

public interface ISuitcase : Orleans.IGrainWithStringKey
{
    Task Add();

    Task<int> Count();

    Task Stay(TimeSpan duration);
}

public sealed class SuitcaseGrain(TimeProvider time) : ISuitcase, IMovable
{
    private int _count;

    public Task Add()
    {
        _count++;
        return Task.CompletedTask;
    }

    public Task<int> Count() => Task.FromResult(_count);

    public Task Stay(TimeSpan duration) => Task.Delay(duration, time);

    public object? Pack() => _count;

    public void Unpack(object state) => _count = (int)state;
}
