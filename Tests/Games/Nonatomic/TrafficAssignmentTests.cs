using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Tests.Games.Nonatomic;

public sealed class TrafficAssignmentTests
{
    private static readonly AssignmentOptions Optimum = new() { Objective = AssignmentObjective.SystemOptimum };

    [Fact]
    public void Options_out_of_their_range_are_named()
    {
        AssertWrong("RelativeGap ", new AssignmentOptions { RelativeGap = 1e-15 });
        AssertWrong("MaxIterations ", new AssignmentOptions { MaxIterations = 0 });
        AssertWrong("MaxSweeps ", new AssignmentOptions { MaxSweeps = 0 });
        AssertWrong("TollWeight ", new AssignmentOptions { TollWeight = -1 });
        AssertWrong("DistanceWeight ", new AssignmentOptions { DistanceWeight = double.NaN });

        static void AssertWrong(string expected, AssignmentOptions options)
        {
            var failure = Assert.Throws<OrleansEdgeException>(options.Validate);
            Assert.Equal(ExitCode.Usage, failure.ExitCode);
            Assert.StartsWith(expected, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Braess_costs_552_in_equilibrium_and_498_at_the_optimum()
    {
        var equilibrium = TrafficAssignment.Solve(Networks.Braess(), Networks.Trips(6), new AssignmentOptions());
        var optimum = TrafficAssignment.Solve(Networks.Braess(), Networks.Trips(6), Optimum);
        Assert.Equal(552, equilibrium.TotalTravelTime, 6);
        Assert.Equal(386.00000008, equilibrium.Wardrop.Objective, 8);
        Assert.Equal([4, 2, 2, 2, 4], equilibrium.LinkFlows.Select(flow => Math.Round(flow, 6)));
        Assert.Equal(498, optimum.TotalTravelTime, 6);
        Assert.Equal(StopReason.GapReached, equilibrium.StopReason);
        Assert.True(equilibrium.Wardrop.IsEquilibrium);
        Assert.True(optimum.Wardrop.IsEquilibrium);
    }

    [Fact]
    public void Pigou_costs_four_thirds_of_the_optimum_and_its_tolls_remove_the_loss()
    {
        var network = Networks.Parallel(Networks.Linear(1, 2, 1e-12, 1), Networks.Linear(1, 2, 1, 0));
        var equilibrium = TrafficAssignment.Solve(network, Networks.Trips(1), new AssignmentOptions());
        var optimum = TrafficAssignment.Solve(network, Networks.Trips(1), Optimum);
        Assert.Equal(1, equilibrium.TotalTravelTime, 9);
        Assert.Equal(0.75, optimum.TotalTravelTime, 9);
        Assert.Equal(4.0 / 3, equilibrium.TotalTravelTime / optimum.TotalTravelTime, 9);
    }

    [Fact]
    public void With_pigous_tolls_the_equilibrium_is_the_optimum()
    {
        var grid = new GridNetwork { Columns = 6, Rows = 6, Zones = 12, MeanTrips = 120 };
        var (network, demand) = (grid.Build(), grid.Demand());
        var optimum = TrafficAssignment.Solve(network, demand, Optimum);
        var tolled = TrafficAssignment.Solve(
            network, demand, network.Costs().WithTolls(optimum.PigouTolls()), new AssignmentOptions());
        var untolled = TrafficAssignment.Solve(network, demand, new AssignmentOptions());
        Assert.True(untolled.TotalTravelTime > 1.001 * optimum.TotalTravelTime);
        Assert.All(tolled.LinkFlows.Zip(optimum.LinkFlows), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
    }

    [Fact]
    public void The_variational_inequality_of_theorem_8_holds_at_the_equilibrium_and_fails_elsewhere()
    {
        var grid = new GridNetwork { Columns = 6, Rows = 6, Zones = 12, MeanTrips = 120 };
        var (network, demand, costs) = (grid.Build(), grid.Demand(), grid.Build().Costs());
        var equilibrium = TrafficAssignment.Solve(network, demand, new AssignmentOptions());
        var tolerance = 1e-12 * equilibrium.TotalTravelTime;
        Assert.InRange(
            VariationalInequality.Largest(network, demand, costs, equilibrium.LinkFlows), -tolerance, tolerance);

        var random = new RandomStream(1, "test");
        for (var trial = 0; trial < 50; trial++)
        {
            var weights = Enumerable.Range(0, costs.LinkCount).Select(_ => random.NextDouble()).ToArray();
            var feasible = VariationalInequality.AllOrNothing(network, demand, weights);
            Assert.True(VariationalInequality.Value(costs, equilibrium.LinkFlows, feasible) <= tolerance);
            Assert.True(VariationalInequality.Largest(network, demand, costs, feasible) > 0);
        }
    }

    [Fact]
    public void Zones_below_the_first_through_node_are_not_passed_through()
    {
        TrafficLink[] links =
        [
            Networks.Linear(1, 3, 1, 0), Networks.Linear(3, 2, 1, 0),
            Networks.Linear(1, 4, 5, 0), Networks.Linear(4, 5, 5, 0), Networks.Linear(5, 2, 5, 0),
        ];
        var demand = new TravelDemand(3, [new Trips(1, 2, 10), new Trips(1, 3, 1)]);
        var open = TrafficAssignment.Solve(new TrafficNetwork("open", 3, 5, 1, links), demand, new AssignmentOptions());
        var closed = TrafficAssignment.Solve(
            new TrafficNetwork("closed", 3, 5, 4, links), demand, new AssignmentOptions());
        Assert.Equal(21, open.TotalTravelTime);
        Assert.Equal([11, 10, 0, 0, 0], open.LinkFlows);
        Assert.Equal([1, 0, 10, 10, 10], closed.LinkFlows);
        Assert.Equal(151, closed.TotalTravelTime);
        Assert.Equal(0, closed.Wardrop.ForbiddenThroughFlow);
    }

    [Fact]
    public void Connectors_without_travel_time_lead_into_a_grid()
    {
        var grid = new GridNetwork { Columns = 8, Rows = 8, Zones = 20, MeanTrips = 60, HasConnectors = true };
        var result = TrafficAssignment.Solve(grid.Build(), grid.Demand(), new AssignmentOptions());
        Assert.Equal(StopReason.GapReached, result.StopReason);
        Assert.True(result.Wardrop.IsEquilibrium);
        Assert.InRange(result.Wardrop.ForbiddenThroughFlow, 0, 1e-9);
        Assert.InRange(result.Wardrop.ConservationError, 0, 1e-9);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(1.7)]
    [InlineData(2)]
    [InlineData(4.924)]
    [InlineData(12)]
    public void Any_power_is_equilibrated(double power)
    {
        var network = Networks.Parallel(
            Networks.Bpr(1, 2, 10, 0.15, 100, power),
            Networks.Bpr(1, 2, 9, 0.6, 120, power),
            Networks.Bpr(1, 2, 200, 1, 50, power));
        var result = TrafficAssignment.Solve(network, Networks.Trips(400), new AssignmentOptions());
        var times = result.LinkTimes();
        Assert.Equal(StopReason.GapReached, result.StopReason);
        Assert.Equal(times[0], times[1], 9);
        Assert.Equal(400, result.LinkFlows.Sum(), 9);
        Assert.True(result.LinkFlows[2] == 0 ? times[2] >= times[0] : Math.Abs(times[2] - times[0]) < 1e-9);
    }

    [Fact]
    public void Tolls_and_distance_count_by_their_weights()
    {
        var network = Networks.Parallel(
            Networks.Linear(1, 2, 10, 1) with { Toll = 4, Length = 1 },
            Networks.Linear(1, 2, 10, 1) with { Toll = 0, Length = 6 });
        Assert.Equal([5, 5], Flows(new AssignmentOptions()));
        Assert.Equal([3, 7], Flows(new AssignmentOptions { TollWeight = 1 }));
        Assert.Equal([7.5, 2.5], Flows(new AssignmentOptions { DistanceWeight = 1 }));
        Assert.Equal([5.5, 4.5], Flows(new AssignmentOptions { DistanceWeight = 1, TollWeight = 1 }));

        double[] Flows(AssignmentOptions options) =>
            [.. TrafficAssignment.Solve(network, Networks.Trips(10), options).LinkFlows.Select(flow => Math.Round(flow, 9))];
    }

    [Fact]
    public void A_gap_that_is_not_reached_is_reported()
    {
        var grid = new GridNetwork { Columns = 6, Rows = 6, Zones = 12, MeanTrips = 120 };
        var result = TrafficAssignment.Solve(
            grid.Build(), grid.Demand(), new AssignmentOptions { MaxIterations = 1, MaxSweeps = 1 });
        Assert.Equal(StopReason.StepLimit, result.StopReason);
        Assert.False(result.Wardrop.IsEquilibrium);
        Assert.True(result.Wardrop.RelativeGap > 1e-12);
        Assert.True(result.Wardrop.LowerBound < result.Wardrop.Objective);
    }

    [Fact]
    public void A_pair_without_a_path_is_named()
    {
        var network = new TrafficNetwork("split", 2, 3, 1, [Networks.Linear(1, 3, 1, 0)]);
        var exception = Assert.Throws<OrleansEdgeException>(
            () => TrafficAssignment.Solve(network, Networks.Trips(5), new AssignmentOptions()));
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.Contains("split: no path for 5 trips from node 1 to 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_demand_is_an_equilibrium()
    {
        var result = TrafficAssignment.Solve(Networks.Braess(), new TravelDemand(2, []), new AssignmentOptions());
        Assert.Equal(StopReason.GapReached, result.StopReason);
        Assert.Equal(0, result.TotalTravelTime);
    }

    [Fact]
    public void A_thousand_nodes_and_ten_thousand_pairs_reach_1e_12()
    {
        var grid = new GridNetwork();
        var result = TrafficAssignment.Solve(grid.Build(), grid.Demand(), new AssignmentOptions());
        Assert.Equal(1024, grid.Build().Graph.NodeCount);
        Assert.Equal(10_100, grid.Demand().Pairs.Count);
        Assert.Equal(StopReason.GapReached, result.StopReason);
        Assert.InRange(result.Wardrop.RelativeGap, -1e-13, 1e-12);
        Assert.InRange(result.Wardrop.ConservationError, 0, 1e-9);
    }
}
