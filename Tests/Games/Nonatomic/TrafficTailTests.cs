using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Tests.Games.Nonatomic;

/// <summary>Far over capacity, odd numbers, small gaps, and a wish to stop.</summary>
public sealed class TrafficTailTests
{
    private static readonly GridNetwork Small = new() { Columns = 8, Rows = 8, Zones = 20, MeanTrips = 300 };

    [Fact]
    public void Streets_at_three_times_capacity_reach_1e_12()
    {
        var grid = new GridNetwork { Columns = 16, Rows = 16, Zones = 60, MeanTrips = 75 };
        var result = TrafficAssignment.Solve(grid.Build(), grid.Demand(), new AssignmentOptions());
        var saturation = result.LinkFlows.Zip(result.Network.Links, (flow, link) => flow / link.Capacity).Average();
        Assert.InRange(saturation, 2.5, 4.5);
        Assert.Equal(StopReason.GapReached, result.StopReason);
        Assert.True(result.Wardrop.IsEquilibrium);
        Assert.InRange(result.Wardrop.ConservationError, 0, 1e-9);
    }

    [Fact]
    public void The_same_network_gives_the_same_bits()
    {
        var (first, second) = (Solve(new AssignmentOptions()), Solve(new AssignmentOptions()));
        Assert.Equal(first.LinkFlows, second.LinkFlows);
        Assert.Equal(first.Iterations, second.Iterations);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(0.5, 3)]
    [InlineData(1, 0.3)]
    [InlineData(4, 10)]
    [InlineData(20, 1.2)]
    [InlineData(4, 1e-9)]
    public void Powers_and_loads_from_one_end_to_the_other_are_equilibrated(double power, double load)
    {
        var grid = Small.Build();
        TrafficLink[] links = [.. grid.Links.Select((link, i) => link with
        {
            Power = power,
            FreeFlowTime = link.FreeFlowTime * (i % 7 == 0 ? 1e-6 : i % 11 == 0 ? 1e6 : 1),
        })];
        var network = new TrafficNetwork("odd", grid.ZoneCount, grid.Graph.NodeCount, 1, links);
        var demand = new TravelDemand(
            grid.ZoneCount, Small.Demand().Pairs.Select(trips => trips with { Flow = trips.Flow / 3 * load }));
        var result = TrafficAssignment.Solve(network, demand, new AssignmentOptions { RelativeGap = 1e-10 });
        Assert.Equal(StopReason.GapReached, result.StopReason);
        Assert.True(result.Wardrop.RelativeGap <= 1e-10);
        Assert.InRange(result.Wardrop.ConservationError, 0, 1e-11 * Math.Max(demand.Total, 1e-9));
    }

    [Fact]
    public void A_gap_below_what_rounding_leaves_is_not_claimed()
    {
        var result = Solve(new AssignmentOptions { RelativeGap = 1e-14 });
        Assert.True(
            result.StopReason == StopReason.GapReached
                ? result.Wardrop.RelativeGap + result.Wardrop.GapError <= 1e-14
                : result.StopReason == StopReason.Stalled && !result.Wardrop.IsEquilibrium,
            $"{result.StopReason}, gap {result.Wardrop.RelativeGap}");
        Assert.InRange(result.Wardrop.RelativeGap, -result.Wardrop.GapError, 1e-12);
    }

    [Fact]
    public void A_certificate_counts_its_own_rounding()
    {
        var network = Networks.Parallel(Networks.Linear(1, 2, 1, 0), Networks.Linear(1, 2, 1, 0));
        var exact = WardropCertificate.Issue(network, Networks.Trips(3), network.Costs(), [1.0, 2.0], 1e-14);
        Assert.Equal(0, exact.RelativeGap);
        Assert.InRange(exact.GapError, 1e-16, 1e-14);
        Assert.True(exact.IsEquilibrium);
        Assert.False((exact with { Tolerance = exact.GapError / 2 }).IsEquilibrium);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stopped_before_it_began_it_routes_all_demand_and_its_gap_is_a_bound(bool hasConnectors)
    {
        var grid = Small with { HasConnectors = hasConnectors };
        var result = TrafficAssignment.Solve(
            grid.Build(), grid.Demand(), new AssignmentOptions(), new CancellationToken(true));
        var measured = WardropCertificate.Issue(
            result.Network, result.Demand, result.Costs, result.LinkFlows, result.Wardrop.Tolerance);
        Assert.Equal(StopReason.Stopped, result.StopReason);
        Assert.InRange(measured.ConservationError, 0, 1e-9);
        Assert.InRange(measured.ForbiddenThroughFlow, 0, 1e-9);
        Assert.True(result.Wardrop.RelativeGap >= measured.RelativeGap);
        Assert.Equal(grid.Demand().Total, result.Wardrop.UnmeasuredTrips, 1e-6);
        Assert.Equal(0, result.Wardrop.ShortestPathTravelTime);
        Assert.False(result.Wardrop.IsEquilibrium);
    }

    [Fact]
    public void Stopped_on_the_way_it_gives_the_best_flows_with_their_gap()
    {
        using var stop = new CancellationTokenSource();
        var told = new List<SolverProgress>();
        var result = TrafficAssignment.Solve(Small.Build(), Small.Demand(), new AssignmentOptions(), stop.Token, step =>
        {
            told.Add(step);
            if (told.Count == 4)
            {
                stop.Cancel();
            }
        });
        var measured = WardropCertificate.Issue(
            result.Network, result.Demand, result.Costs, result.LinkFlows, result.Wardrop.Tolerance);
        Assert.Equal(StopReason.Stopped, result.StopReason);
        Assert.Equal(4, told.Count);
        Assert.Equal(measured.RelativeGap, result.Wardrop.RelativeGap);
        Assert.InRange(result.Wardrop.RelativeGap, 1e-12, 0.1);
        Assert.InRange(result.Wardrop.ConservationError, 0, 1e-9);
        var first = Solve(new AssignmentOptions { MaxIterations = 1 });
        Assert.True(result.Wardrop.RelativeGap < first.Wardrop.RelativeGap);
    }

    [Fact]
    public void Rounds_are_told_with_gap_and_share()
    {
        var told = new List<SolverProgress>();
        var result = TrafficAssignment.Solve(
            Small.Build(), Small.Demand(), new AssignmentOptions(), progress: told.Add);
        Assert.Equal(result.Iterations + 1, told.Count);
        Assert.All(told, step => Assert.InRange(step.Share, 0, 1));
        Assert.Matches("^gap .*, round 1$", told[0].Figures);
        Assert.True(told[^1].Share > 0.9);
    }

    [Fact]
    public void A_listed_game_stops_too()
    {
        var costs = new LinkCosts([0, 1], [1, 1], [1, 1], [1, 1]);
        var game = new NonatomicGame(costs, [new Population(3, [new([0], [1]), new([1], [1])])]);
        var result = NonatomicSolver.Solve(game, new AssignmentOptions(), new CancellationToken(true));
        Assert.Equal(StopReason.Stopped, result.StopReason);
        Assert.Equal(3, result.Distribution[0].Sum());
    }

    private static TrafficEquilibrium Solve(AssignmentOptions options) =>
        TrafficAssignment.Solve(Small.Build(), Small.Demand(), options);
}
