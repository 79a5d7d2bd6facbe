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
            var times = result.LinkTimes();
            var shortest = demand.Pairs.Sum(trips =>
                trips.Flow * Shortest(network, times, trips.Origin).Distances[trips.Destination - 1]);
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
        var loaded = new double[flows.Length];
        foreach (var (origin, destination, flow) in demand.Pairs)
        {
            var (_, last) = Shortest(network, times, origin);
            for (var node = destination; node != origin; node = network.Links[last[node - 1]].From)
            {
                loaded[last[node - 1]] += flow;
            }
        }
        return loaded;
    }

    /// <summary>Dijkstra's: distances from a node, and the last link on the way to each.</summary>
    private static (double[] Distances, int[] Last) Shortest(TrafficNetwork network, double[] times, int origin)
    {
        var nodes = network.Graph.NodeCount;
        var (distances, last, open) = (new double[nodes], new int[nodes], Enumerable.Range(0, nodes).ToHashSet());
        Array.Fill(distances, double.PositiveInfinity);
        distances[origin - 1] = 0;
        while (open.Count > 0)
        {
            var node = open.MinBy(i => distances[i]);
            open.Remove(node);
            foreach (var (l, link) in network.Links.Index().Where(entry => entry.Item.From == node + 1))
            {
                var distance = distances[node] + times[l];
                if (open.Contains(link.To - 1) && distance < distances[link.To - 1])
                {
                    (distances[link.To - 1], last[link.To - 1]) = (distance, l);
                }
            }
        }
        return (distances, last);
    }

    private static double Time(TrafficLink link, double flow) =>
        link.FreeFlowTime * (1 + (link.B * Math.Pow(flow / link.Capacity, link.Power)));

    private static double Objective(TrafficNetwork network, double[] flows) => network.Links.Zip(flows, (link, x) =>
        x * (link.FreeFlowTime + ((Time(link, x) - link.FreeFlowTime) / (link.Power + 1)))).Sum();
}
