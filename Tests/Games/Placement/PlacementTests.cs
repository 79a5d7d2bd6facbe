using OrleansEdge.Core;
using OrleansEdge.Core.Games.Placement;

namespace OrleansEdge.Tests.Games.Placement;

public sealed class PlacementTests
{
    private static readonly IPlacementPolicy[] Policies =
        [new RandomPlacement(), new LeastLoadedPlacement(), new GamePlacement()];

    [Fact]
    public void The_potential_falls_by_what_the_mover_saves_and_migration_is_paid()
    {
        var random = new RandomStream(1, "test");
        var cluster = Cluster(1, silos: 5, activations: 40);
        var game = new SiloGame(cluster);
        for (var step = 0; step < 200; step++)
        {
            var (player, silo) = (random.NextInt(40), random.NextInt(5));
            var (cost, potential, deviation) = (game.Cost(player), game.Potential, game.DeviationCost(player, silo));
            game.Move(player, silo);
            Assert.Equal(deviation, game.Cost(player), 6);
            Assert.Equal(deviation - cost, game.Potential - potential, 6);
        }
    }

    [Fact]
    public void Rebalancing_ends_in_a_certified_equilibrium_of_lower_potential()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var random = new RandomStream(seed, "test");
            var cluster = Cluster(seed, silos: 6, activations: 100);
            var peak = cluster.PeakUtilization;
            var result = new GamePlacement().Rebalance(cluster, ref random);
            Assert.True(result.Certificate!.IsEquilibrium);
            Assert.True(result.Certificate.PotentialEnd <= result.Certificate.PotentialStart);
            Assert.True(cluster.PeakUtilization <= peak);
            Assert.Equal(6 + (2 * result.Migrations), result.Messages);
            var again = new GamePlacement().Rebalance(cluster, ref random);
            Assert.True(again.Migrations <= result.Migrations);
        }
    }

    [Fact]
    public void Nobody_moves_where_moving_costs_more_than_it_saves()
    {
        var random = new RandomStream(1, "test");
        var cluster = new SiloCluster([10, 10], [new(6, 100, 0), new(5, 100, 0)]);
        Assert.Equal(0, new GamePlacement().Rebalance(cluster, ref random).Migrations);
        cluster = new SiloCluster([10, 10], [new(6, 0.1, 0), new(5, 0.1, 0)]);
        Assert.Equal(1, new GamePlacement().Rebalance(cluster, ref random).Migrations);
    }

    [Fact]
    public void Activations_leave_silos_without_capacity_and_none_is_lost_or_doubled() =>
        Assert.All(Policies, LeavesSilosWithoutCapacity);

    [Fact]
    public void The_game_keeps_peaks_near_least_loaded_and_below_random_with_the_fewest_migrations_of_the_two_that_rebalance()
    {
        var trial = new PlacementTrial { Silos = 8, Activations = 500, Slots = 20 };
        var random = trial.Run(new RandomPlacement());
        var leastLoaded = trial.Run(new LeastLoadedPlacement());
        var game = trial.Run(new GamePlacement());
        Assert.True(game.MeanPeak < random.MeanPeak);
        Assert.True(game.MeanPeak < leastLoaded.MeanPeak + trial.MigrationCostShare + 0.05);
        Assert.True(game.Migrations < leastLoaded.Migrations);
        Assert.Equal(game, trial.Run(new GamePlacement()));
    }

    [Fact]
    public void Wrong_clusters_are_named()
    {
        AssertWrong("silo 1: capacity NaN", () => new SiloCluster([1, double.NaN], []));
        AssertWrong("no silo has capacity", () => new SiloCluster([0, 0], []));
        AssertWrong("activation 0: load -1", () => new SiloCluster([1], [new(-1, 0, 0)]));
        AssertWrong("activation 0: silo 3; expected -1 to 0", () => new SiloCluster([1], [new(1, 0, 3)]));
        AssertWrong("activation 0: apart from 1; expected one that is apart from 0",
            () => new SiloCluster([1], [new(1, 0, 0) { ApartFrom = 1 }, new(1, 0, 0)]));
        AssertWrong("activation 0: silo -1", () => new SiloGame(new SiloCluster([1], [new(1, 0, -1)])));
    }

    [Fact]
    public void Pairs_stay_apart_and_the_pinned_where_they_may_be_while_the_potential_falls() =>
        AnySeed.Satisfies(50, seed =>
    {
        var random = new RandomStream(seed, "test");
        var cluster = Constrained(seed, silos: 5, pairs: 20);
        var before = cluster.Activations.ToArray();
        var result = new GamePlacement().Rebalance(cluster, ref random);
        Assert.True(result.Certificate!.IsEquilibrium);
        Assert.True(result.Certificate.PotentialEnd <= result.Certificate.PotentialStart);
        for (var i = 0; i < before.Length; i++)
        {
            Assert.NotEqual(cluster.Activations[i].Silo, cluster.Activations[i ^ 1].Silo);
            Assert.True(cluster.Activations[i].Allowed?.Contains(cluster.Activations[i].Silo) != false);
        }
    });

    [Fact]
    public void Every_improving_move_of_a_constrained_game_lowers_the_potential() => AnySeed.Satisfies(50, seed =>
    {
        var random = new RandomStream(seed, "test");
        var game = new SiloGame(Constrained(seed, silos: 5, pairs: 20));
        for (var step = 0; step < 100; step++)
        {
            var (player, silo) = (random.NextInt(40), random.NextInt(5));
            var (saved, potential) = (game.Cost(player) - game.DeviationCost(player, silo), game.Potential);
            if (saved > 1e-9 * game.Cost(player))
            {
                game.Move(player, silo);
                Assert.True(game.Potential < potential);
            }
        }
    });

    [Fact]
    public void Whoever_leaves_a_silo_goes_where_it_may()
    {
        Assert.All(Policies, policy =>
        {
            var random = new RandomStream(1, "test");
            var cluster = new SiloCluster([0, 10, 10, 10],
            [
                new(5, 0, 0) { Allowed = new HashSet<int> { 0, 3 } },
                new(5, 0, 0) { ApartFrom = 2 },
                new(5, 0, 1) { ApartFrom = 1, Allowed = new HashSet<int> { 1 } },
            ]);
            policy.Rebalance(cluster, ref random);
            Assert.Equal(3, cluster.Activations[0].Silo);
            Assert.InRange(cluster.Activations[1].Silo, 2, 3);
            Assert.Equal(1, cluster.Activations[2].Silo);
        });
    }

    private static void LeavesSilosWithoutCapacity(IPlacementPolicy policy)
    {
        var random = new RandomStream(1, "test");
        var before = Cluster(3, silos: 5, activations: 50);
        var cluster = new SiloCluster([10, 0, 10, 20, 0], before.Activations);
        policy.Rebalance(cluster, ref random);
        Assert.Equal(0, cluster.Loads[1]);
        Assert.Equal(0, cluster.Loads[4]);
        Assert.Equal(before.Activations.Sum(a => a.Load), cluster.Loads.ToArray().Sum());
        Assert.All(cluster.Activations, a => Assert.InRange(a.Silo, 0, 4));
        Assert.True(double.IsFinite(cluster.PeakUtilization));
    }

    private static SiloCluster Cluster(ulong seed, int silos, int activations)
    {
        var random = new RandomStream(seed, "test.cluster");
        var all = new Activation[activations];
        for (var i = 0; i < activations; i++)
        {
            all[i] = new Activation(1 + random.NextInt(1000), 20 * random.NextDouble(), random.NextInt(silos));
        }
        return new SiloCluster(Enumerable.Range(0, silos).Select(silo => 5000.0 * (1 + (silo % 2))), all);
    }

    /// <summary>
    /// Pairs that are apart, a third of them allowed on the silo that they are on and the one after it.
    /// </summary>
    private static SiloCluster Constrained(ulong seed, int silos, int pairs)
    {
        var random = new RandomStream(seed, "test.cluster");
        var all = new Activation[2 * pairs];
        for (var i = 0; i < all.Length; i++)
        {
            var silo = i % 2 == 0 ? random.NextInt(silos) : (all[i - 1].Silo + 1 + random.NextInt(silos - 1)) % silos;
            all[i] = new Activation(1 + random.NextInt(1000), 20 * random.NextDouble(), silo)
            {
                ApartFrom = i ^ 1,
                Allowed = random.NextInt(3) == 0 ? new HashSet<int> { silo, (silo + 1) % silos } : null,
            };
        }
        return new SiloCluster(Enumerable.Range(0, silos).Select(silo => 5000.0 * (1 + (silo % 2))), all);
    }

    private static void AssertWrong(string expected, Func<object> action)
    {
        var exception = Assert.Throws<OrleansEdgeException>(action);
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
