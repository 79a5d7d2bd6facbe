using FsCheck;
using FsCheck.Fluent;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.ServicePlacement;

namespace OrleansEdge.Tests.Offloading;

public sealed class PlacementGameTests
{
    [Theory]
    [InlineData(SiteSharing.SquareRoot)]
    [InlineData(SiteSharing.Equal)]
    public void The_potential_changes_by_the_players_share_of_its_change_of_cost(SiteSharing sharing) =>
        Prop.ForAll<byte, byte, uint>((userBits, siteBits, seed) =>
        {
            var slot = Slot(1 + (userBits % 12), 2 + (siteBits % 5), sharing, seed);
            var game = new PlacementGame(slot, new int[slot.Users]);
            var random = new RandomStream(seed, "moves");
            for (var step = 0; step < 60; step++)
            {
                var (user, site) = (random.NextInt(slot.Users), random.NextInt(slot.Sites));
                var changes = new double[slot.Sites];
                game.ObjectiveChanges(user, changes);
                var (potential, cost, objective) = (game.Potential, game.Cost(user), game.Objective);
                game.Move(user, site);
                var share = slot.Weight(user) / slot.LoadFactor(user);
                Assert.Equal(share * (game.Cost(user) - cost), game.Potential - potential, 1e-9 * potential);
                Assert.Equal(changes[site], game.Objective - objective, 1e-9 * objective);
                Assert.Equal(
                    Enumerable.Range(0, slot.Users).Sum(game.Cost), game.Objective, 1e-9 * objective);
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(SiteSharing.SquareRoot)]
    [InlineData(SiteSharing.Equal)]
    public void Best_responses_end_in_an_equilibrium_and_the_potential_falls(SiteSharing sharing)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var slot = Slot(30, 6, sharing, seed);
            var result = ResponseDynamics.Run(
                new PlacementGame(slot, new int[30]), new DynamicsOptions { TraceEvery = 1 });
            Assert.True(result.Certificate.IsEquilibrium);
            Assert.All(result.Trace.Zip(result.Trace.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        }
    }

    [Fact]
    public void Branch_and_bound_finds_the_least_objective()
    {
        foreach (var sharing in Enum.GetValues<SiteSharing>())
        {
            for (var seed = 1UL; seed <= 10; seed++)
            {
                var slot = Slot(5, 4, sharing, seed);
                var optimum = PlacementExactSearch.Solve(slot, new int[5]);
                Assert.True(optimum.IsProven);
                Assert.Equal(GibbsDistribution.Of(slot, 1).Objectives.Min(), optimum.Objective, 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(TransitionRule.Symmetric)]
    [InlineData(TransitionRule.Logistic)]
    [InlineData(TransitionRule.GibbsPerUser)]
    [InlineData(TransitionRule.Metropolis)]
    public void The_exact_gibbs_vector_is_stationary_and_in_detailed_balance_on_4096_placements(TransitionRule rule)
    {
        var slot = Slot(6, 4, SiteSharing.SquareRoot, 3);
        var beta = 4 / slot.LatencyWeight;
        var gibbs = GibbsDistribution.Of(slot, beta);
        Assert.Equal(4096, gibbs.Probabilities.Length);
        Assert.Equal(1, gibbs.Probabilities.Sum(), 1e-12);
        var (flow, rates) = (new double[4096], new double[4]);
        var forward = new Dictionary<(int, int), double>();
        for (var code = 0; code < 4096; code++)
        {
            var game = new PlacementGame(slot, GibbsDistribution.Decode(slot, code));
            var chain = new MarkovApproximation(game, beta, rule);
            for (var user = 0; user < 6; user++)
            {
                chain.LogRates(user, rates);
                for (var site = 0; site < 4; site++)
                {
                    var sites = game.Sites.ToArray();
                    sites[user] = site;
                    var other = GibbsDistribution.Encode(slot, sites);
                    var amount = gibbs.Probabilities[code] * Math.Exp(rates[site]);
                    flow[code] -= amount;
                    flow[other] += amount;
                    forward[(code, other)] = amount;
                }
            }
        }
        Assert.All(flow, net => Assert.Equal(0, net, 1e-12));
        Assert.All(forward, pair => Assert.Equal(pair.Value, forward[(pair.Key.Item2, pair.Key.Item1)], 1e-14));
    }

    [Theory]
    [InlineData(TransitionRule.Symmetric)]
    [InlineData(TransitionRule.Logistic)]
    [InlineData(TransitionRule.GibbsPerUser)]
    [InlineData(TransitionRule.Metropolis)]
    public void A_long_walk_spends_its_time_as_the_gibbs_vector_says(TransitionRule rule)
    {
        var slot = Slot(3, 3, SiteSharing.SquareRoot, 5);
        var beta = 10 / slot.LatencyWeight;
        var gibbs = GibbsDistribution.Of(slot, beta);
        var game = new PlacementGame(slot, new int[3]);
        var chain = new MarkovApproximation(game, beta, rule);
        var (random, time) = (new RandomStream(1, "walk"), new double[27]);
        for (var step = 0; step < 200_000; step++)
        {
            var code = GibbsDistribution.Encode(slot, game.Sites);
            time[code] += chain.Step(ref random);
        }
        var total = time.Sum();
        Assert.InRange(time.Zip(gibbs.Probabilities, (t, p) => Math.Abs((t / total) - p)).Sum() / 2, 0, 0.02);
        Assert.InRange(gibbs.MeanObjective, gibbs.Objectives.Min(), gibbs.Objectives.Min() + chain.OptimalityGap);
    }

    [Fact]
    public void Logarithms_keep_cold_chains_finite_and_they_end_where_no_single_move_helps()
    {
        var slot = Slot(4, 3, SiteSharing.SquareRoot, 7);
        var gibbs = GibbsDistribution.Of(slot, 1e6);
        Assert.Equal(1, gibbs.Probabilities.Sum(), 1e-12);
        var game = new PlacementGame(slot, new int[4]);
        var random = new RandomStream(1, "walk");
        new MarkovApproximation(game, 1e6, TransitionRule.Symmetric).Search(300, ref random);
        var changes = new double[3];
        for (var user = 0; user < 4; user++)
        {
            game.ObjectiveChanges(user, changes);
            Assert.All(changes, change => Assert.True(change >= 0));
        }
    }

    [Fact]
    public void Wrong_numbers_are_refused()
    {
        var error = Assert.Throws<OrleansEdgeException>(() => new PlacementSlot(
            [0.1, double.NaN], [0, 0], [1e8], [1e10, 1e10], SiteSharing.Equal, 1, 0));
        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.Equal("delay NaN at 1; expected a finite number, 0 or more", error.Message);
        Assert.Throws<OrleansEdgeException>(() => GibbsDistribution.Of(Slot(30, 3, SiteSharing.Equal, 1), 1));
    }

    private static PlacementSlot Slot(int users, int sites, SiteSharing sharing, ulong seed)
    {
        var random = new RandomStream(seed, "slot");
        double[] Draw(int count, double least, double most) =>
            [.. Enumerable.Range(0, count).Select(_ => least + ((most - least) * random.NextDouble()))];
        return new PlacementSlot(
            Draw(users * sites, 0.005, 0.1), Draw(users * sites, 0, 2), Draw(users, 5e7, 5e8), Draw(sites, 1e10, 4e10),
            sharing, 1000, 20);
    }
}
