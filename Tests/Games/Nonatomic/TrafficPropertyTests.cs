using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Tests.Games.Nonatomic;

/// <summary>Random small networks against the Frank-Wolfe method, written here from scratch.</summary>
public sealed class TrafficPropertyTests
{
    [Fact]
    public void Flows_are_conserved_cost_what_wardrop_says_and_are_no_worse_than_frank_and_wolfes() =>
        AnySeed.Satisfies(60, seed =>
        {
            var (network, demand) = Draw(seed);
            var result = TrafficAssignment.Solve(network, demand, new AssignmentOptions { RelativeGap = 1e-10 });
            Assert.Equal(StopReason.GapReached, result.StopReason);
            Assert.InRange(result.Wardrop.ConservationError, 0, 1e-10 * demand.Total);
            var distances = Distances(network, result.LinkTimes());
            var shortest = demand.Pairs.Sum(trips => trips.Flow * distances[trips.Origin - 1][trips.Destination - 1]);
            Assert.Equal(result.TotalTravelTime, shortest, 2e-10 * result.TotalTravelTime);
            var reference = FrankWolfe(network, demand, 200);
            Assert.True(result.Wardrop.Objective <= Objective(network, reference) * (1 + 1e-12));
            Assert.InRange(result.ActivePaths!.Value, demand.Pairs.Count, network.Links.Count * demand.Pairs.Count);
        });

    [Fact]
    public void The_optimum_costs_no_more_than_the_equilibrium() => AnySeed.Satisfies(20, seed =>
    {
        var (network, demand) = Draw(seed);
        var options = new AssignmentOptions { RelativeGap = 1e-10 };
        var equilibrium = TrafficAssignment.Solve(network, demand, options);
        var optimum = TrafficAssignment.Solve(
            network, demand, options with { Objective = AssignmentObjective.SystemOptimum });
        Assert.Equal(StopReason.GapReached, optimum.StopReason);
        Assert.True(optimum.TotalTravelTime <= equilibrium.TotalTravelTime * (1 + 1e-9));
    });

    /// <summary>A ring, so that all is connected, with chords, parallel and free links, and odd powers.</summary>
    private static (TrafficNetwork Network, TravelDemand Demand) Draw(ulong seed)
    {
        var random = new RandomStream(seed, "test.traffic");
        var nodes = 3 + random.NextInt(8);
        var links = new List<TrafficLink>();
        double[] powers = [0, 0.5, 1, 2, 4, 7.3];
        for (var i = 0; i < nodes * 4; i++)
        {
            var from = i < nodes ? i : random.NextInt(nodes);
            var to = i < nodes ? (i + 1) % nodes : (from + 1 + random.NextInt(nodes - 1)) % nodes;
            links.Add(Networks.Bpr(
                from + 1, to + 1, i % 9 == 8 ? 0 : 0.1 + random.NextDouble(), random.NextDouble(),
                1 + (10 * random.NextDouble()), powers[1 + random.NextInt(powers.Length - 1)]));
        }
        var trips = new List<Trips>();
        for (var i = 0; i < 2 * nodes; i++)
        {
            var origin = random.NextInt(nodes);
            trips.Add(new Trips(
                origin + 1, ((origin + 1 + random.NextInt(nodes - 1)) % nodes) + 1, 8 * random.NextDouble()));
        }
        return (new TrafficNetwork("drawn", nodes, nodes, 1, [.. links]), new TravelDemand(nodes, trips));
    }

    private static double[] FrankWolfe(TrafficNetwork network, TravelDemand demand, int steps)
    {
        var flows = AllOrNothing(network, demand, new double[network.Links.Count]);
        for (var step = 0; step < steps; step++)
        {
            var target = AllOrNothing(network, demand, flows);
            var (low, high) = (0.0, 1.0);
            for (var i = 0; i < 40; i++)
            {
                var middle = (low + high) / 2;
                var slope = flows.Select((x, l) =>
                    (target[l] - x) * Time(network.Links[l], x + (middle * (target[l] - x)))).Sum();
                (low, high) = slope < 0 ? (middle, high) : (low, middle);
            }
            flows = [.. flows.Zip(target, (x, y) => x + (low * (y - x)))];
        }
        return flows;
    }

    private static double[] AllOrNothing(TrafficNetwork network, TravelDemand demand, double[] flows)
    {
        var times = network.Links.Select((link, l) => Time(link, flows[l])).ToArray();
        var (distances, loaded) = (Distances(network, times), new double[flows.Length]);
        foreach (var (origin, destination, flow) in demand.Pairs)
        {
            var steps = 0;
            for (var node = origin; node != destination; steps++)
            {
                Assert.True(steps <= 4 * times.Length);
                var link = Enumerable.Range(0, times.Length).Where(l => network.Links[l].From == node)
                    .MinBy(l => times[l] + 1e-13 + distances[network.Links[l].To - 1][destination - 1]);
                loaded[link] += flow;
                node = network.Links[link].To;
            }
        }
        return loaded;
    }

    /// <summary>
    /// Floyd and Warshall's; every link a little dearer, so that no path turns in circles of free links.
    /// </summary>
    private static double[][] Distances(TrafficNetwork network, double[] times)
    {
        var nodes = network.Graph.NodeCount;
        var distances = Enumerable.Range(0, nodes).Select(i =>
            Enumerable.Range(0, nodes).Select(j => i == j ? 0 : double.PositiveInfinity).ToArray()).ToArray();
        foreach (var (l, link) in network.Links.Index())
        {
            ref var distance = ref distances[link.From - 1][link.To - 1];
            distance = Math.Min(distance, times[l] + 1e-13);
        }
        for (var k = 0; k < nodes; k++)
        {
            for (var i = 0; i < nodes; i++)
            {
                for (var j = 0; j < nodes; j++)
                {
                    distances[i][j] = Math.Min(distances[i][j], distances[i][k] + distances[k][j]);
                }
            }
        }
        return distances;
    }

    private static double Time(TrafficLink link, double flow) =>
        link.FreeFlowTime * (1 + (link.B * Math.Pow(flow / link.Capacity, link.Power)));

    private static double Objective(TrafficNetwork network, double[] flows) => network.Links.Zip(flows, (link, x) =>
        x * (link.FreeFlowTime + ((Time(link, x) - link.FreeFlowTime) / (link.Power + 1)))).Sum();
}
