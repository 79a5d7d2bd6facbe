using FsCheck;
using FsCheck.Fluent;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Offloading.CrossEdge;

namespace OrleansEdge.Tests.Offloading;

public sealed class CrossEdgeTests
{
    private static readonly CrossEdgeOptions Defaults = new();

    private static readonly GeoPolygon Area =
        new("square", [new(-37.82, 144.94), new(-37.81, 144.94), new(-37.81, 144.95), new(-37.82, 144.95)]);

    [Fact]
    public void The_released_parameters_have_the_golden_values()
    {
        Near(24.5833e-6, Defaults.LocalSeconds, 2e-6);
        Near(8.296875e-6, Defaults.LocalJoules, 1e-12);
        Near(1_014_355.293, Defaults.MostBitsPerSecond, 1e-9);
        Near(0.491667e-3, Defaults.CyclesPerBit * Defaults.EdgeInputBits / Defaults.SiteCyclesPerSecond[0], 1e-6);
        Near(0.040083363, Defaults.BatteryThresholdJoules(125), 2e-8);
    }

    /// <summary>Everybody stands in one place, and a site every metre of a line away from it.</summary>
    [Fact]
    public void A_site_covers_who_is_within_the_radius_that_was_drawn_for_it()
    {
        var here = new GeoPoint(-37.815, 144.945);
        var sites = Enumerable.Range(0, 600).Select(i => new GeoPoint(-37.815 + (i / 111_195.0), 144.945)).ToArray();
        var options = Defaults with { Slots = 1, Users = 2, RequestProbability = 1, LeastCoverageMeters = 200, MostCoverageMeters = 400 };
        var slot = CrossEdgeInstance.Draw(options, sites, [here, here], Area, seed: 3).Slots.Single();
        var covered = Array.ConvertAll(slot.Tasks[0].Links, link => link.Site);
        Assert.Equal(covered, slot.Tasks[1].Links.Select(link => link.Site));
        Assert.Equal(Enumerable.Range(0, 200), covered.Where(site => site < 200));
        Assert.DoesNotContain(covered, site => site > 401);
        Assert.InRange(covered.Count(site => site is >= 200 and < 300), 60, 90); // 3 in 4
        Assert.InRange(covered.Count(site => site is >= 300 and < 400), 10, 40); // 1 in 4
    }

    [Theory]
    [InlineData(1, 3.4938e-3, false)]
    [InlineData(2, 1.7892e-3, true)]
    [InlineData(3, 1.2343e-3, true)]
    [InlineData(4, 0.9669e-3, true)]
    [InlineData(5, 0.8144e-3, true)]
    public void One_site_misses_the_deadline_at_the_largest_gain_and_two_meet_it(
        int sites, double seconds, bool isFeasible)
    {
        Near(seconds, Defaults.ShortestSeconds(sites), 6e-5);
        var link = new SiteLink(0, 1 / Defaults.MostBitsPerSecond, Defaults.CyclesPerBit / 4.5e9);
        var links = Enumerable.Range(0, sites).Select(site => link with { Site = site }).ToArray();
        var slot = new CrossEdgeSlot(Defaults, [new CrossEdgeTask(links, 0.04, -1e-9)], sites);
        var value = slot.Evaluate(0, [.. Enumerable.Range(0, sites)]);
        Assert.Equal(isFeasible, value is not null);
        Near(seconds, value?.Seconds ?? seconds, 6e-5);
    }

    [Fact]
    public void A_deadline_that_no_number_of_sites_can_meet_is_refused()
    {
        var error = Assert.Throws<OrleansEdgeException>(() => Run(Defaults with { DeadlineSeconds = 3e-4 }));
        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith("DeadlineSeconds 0.0003; expected at least 0.00", error.Message, StringComparison.Ordinal);
        var negative = Assert.Throws<OrleansEdgeException>(() => Run(Defaults with { DeadlineSeconds = -1 }));
        Assert.Equal((ExitCode.Usage, "DeadlineSeconds -1; expected a finite number above 0"),
            (negative.ExitCode, negative.Message));
        var nan = Assert.Throws<OrleansEdgeException>(() => new CrossEdgeSlot(
            Defaults, [new CrossEdgeTask([new SiteLink(0, double.NaN, 1)], 0.1, 0)], 1));
        Assert.StartsWith("task 0, site 0: NaN s/bit", nan.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_best_response_is_the_cheapest_of_all_subsets() =>
        Prop.ForAll<byte, uint>((siteBits, seed) =>
        {
            var slot = Slot(1, 1 + (siteBits % 7), seed);
            var costs = Enumerable.Range(0, 1 << slot.Sites)
                .Select(code => slot.Evaluate(0, [.. Enumerable.Range(0, slot.Sites).Where(s => (code >> s & 1) != 0)]))
                .Where(value => value is not null).Select(value => value!.Value.Cost);
            var best = SiteSelection.Best(slot, 0, _ => true);
            Assert.Equal(costs.Min(), best.Value.Cost, 1e-12 * Math.Abs(best.Value.Cost));
            Assert.Equal(slot.Evaluate(0, best.Links)!.Value.Cost, best.Value.Cost, 1e-12 * Math.Abs(best.Value.Cost));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_sum_of_the_costs_falls_with_every_move_and_no_site_is_ever_over_full() =>
        Prop.ForAll<byte, byte, uint>((taskBits, siteBits, seed) =>
        {
            var slot = Slot(1 + (taskBits % 15), 1 + (siteBits % 7), seed);
            var state = new CrossEdgeState(slot);
            var last = state.Objective;
            var certificate = CrossEdgeDynamics.Run(state, onMove: (_, objective) =>
            {
                Assert.True(objective < last);
                last = objective;
                AssertWithinLimits(state);
            });
            Assert.True(certificate.IsEquilibrium);
            CrossEdgeDynamics.Exchange(state);
            AssertWithinLimits(state);
            Assert.True(state.Objective <= last);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Branch_and_bound_on_three_users_and_five_sites_is_exact_and_nothing_beats_it()
    {
        for (var seed = 1U; seed <= 12; seed++)
        {
            var slot = Slot(3, 5, seed, placesPerSite: 1);
            var optimum = CrossEdgeExactSearch.Solve(slot);
            Assert.True(optimum.IsProven);
            Assert.Equal(Enumerated(slot), optimum.Objective, 1e-12 * Math.Abs(optimum.Objective));
            Assert.True(CrossEdgeExactSearch.Solve(slot, optimum.Nodes + 1).IsProven);
            var givenUp = CrossEdgeExactSearch.Solve(slot, optimum.Nodes);
            Assert.False(givenUp.IsProven);
            Assert.True(givenUp.Objective >= optimum.Objective);
            foreach (var policy in Enum.GetValues<SelectionPolicy>())
            {
                var random = new RandomStream(seed, "policy");
                var (state, certificate) = SelectionPolicies.Select(slot, policy, ref random);
                AssertWithinLimits(state);
                Assert.True(state.Objective >= optimum.Objective - (1e-12 * Math.Abs(optimum.Objective)));
                Assert.Equal(certificate.PotentialEnd, state.Objective);
            }
        }
    }

    [Fact]
    public void A_run_respects_batteries_and_deadlines_and_settles_around_theta()
    {
        var options = Defaults with
        {
            Users = 20,
            Slots = 120,
            StartBatteryShare = 1,
            MostHarvestJoules = 4e-3,
            CostWeight = 1e-4,
        };
        var result = Run(options, onSlot: (_, state, record) =>
        {
            AssertWithinLimits(state);
            Assert.True(record.MeanBatteryJoules >= 0);
        });
        Assert.True(result.Certificate.IsEquilibrium);
        Assert.InRange(result.BatteryJoules, 0.8 * result.BatteryThresholdJoules, 1.2 * result.BatteryThresholdJoules);
        Assert.InRange(result.DroppedTasks, 1, (int)(0.8 * result.Tasks));
        Assert.InRange(result.AverageCostSeconds, 0.0005, 0.002);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        foreach (var policy in Enum.GetValues<SelectionPolicy>().Except([SelectionPolicy.Exact]))
        {
            var options = Defaults with { Users = 5, Slots = 4, StartBatteryShare = 1, Policy = policy };
            Assert.Equal(Run(options).Slots, Run(options).Slots);
            Assert.Equal(Run(options).Certificate, Run(options).Certificate);
        }
    }

    private static void AssertWithinLimits(CrossEdgeState state)
    {
        var users = new int[state.Slot.Sites];
        for (var task = 0; task < state.Selections.Length; task++)
        {
            var selection = state.Selections[task];
            foreach (var link in selection.Links)
            {
                users[state.Slot.Tasks[task].Links[link].Site]++;
            }
            Assert.Equal(selection.Links.Distinct(), selection.Links);
            Assert.True(selection.IsDropped || selection.Value.Seconds <= state.Slot.Options.DeadlineSeconds);
            Assert.True(selection.Value.Joules <= state.Slot.EnergyLimit(task));
        }
        Assert.Equal(users, state.Users.ToArray());
        Assert.All(users, count => Assert.True(count <= state.Slot.Options.MostUsersPerSite));
    }

    private static double Enumerated(CrossEdgeSlot slot)
    {
        var best = double.PositiveInfinity;
        for (var code = 0; code < 1 << 15; code++)
        {
            var (cost, users, isFeasible) = (0.0, new int[5], true);
            for (var task = 0; task < 3; task++)
            {
                var links = Enumerable.Range(0, 5).Where(site => (code >> ((5 * task) + site) & 1) != 0).ToArray();
                var value = slot.Evaluate(task, links);
                isFeasible &= value is not null;
                cost += value?.Cost ?? 0;
                Array.ForEach(links, link => users[link]++);
            }
            best = isFeasible && users.Max() <= slot.Options.MostUsersPerSite ? Math.Min(best, cost) : best;
        }
        return best;
    }

    private static CrossEdgeResult Run(
        CrossEdgeOptions options, Action<int, CrossEdgeState, CrossEdgeSlotRecord>? onSlot = null)
    {
        var random = new RandomStream(1, "places");
        var sites = Enumerable.Range(0, 25).Select(_ => Area.UniformPoint(ref random)).ToArray();
        var users = Enumerable.Range(0, 100).Select(_ => Area.UniformPoint(ref random)).ToArray();
        return CrossEdgeRun.Run(options, sites, users, Area, 1, onSlot);
    }

    private static CrossEdgeSlot Slot(int tasks, int sites, ulong seed, int placesPerSite = 3)
    {
        var random = new RandomStream(seed, "slot");
        var drawn = new CrossEdgeTask[tasks];
        for (var task = 0; task < tasks; task++)
        {
            var links = new SiteLink[sites];
            for (var site = 0; site < sites; site++)
            {
                var rate = 1e6 * (0.2 + random.NextDouble());
                links[site] = new SiteLink(site, 1 / rate, 737.5 / (2e9 + (4e9 * random.NextDouble())));
            }
            drawn[task] = new CrossEdgeTask(links, 0.04, (random.NextDouble() - 0.7) * 1e-6);
        }
        var options = Defaults with { MostUsersPerSite = placesPerSite, CostWeight = 1e-5, DeadlineSeconds = 0.004 };
        return new CrossEdgeSlot(options, drawn, sites);
    }

    private static void Near(double expected, double actual, double relative) =>
        Assert.InRange(actual / expected, 1 - relative, 1 + relative);
}
