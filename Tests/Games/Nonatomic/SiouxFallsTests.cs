using OrleansEdge.Core.Data.Tntp;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Tests.Games.Nonatomic;

public sealed class SiouxFallsTests
{
    private const double BestKnownObjective = 4231335.287107440;

    [Fact]
    public void The_equilibrium_has_the_best_known_objective_and_flows()
    {
        var folder = Folder();
        var result = TrafficAssignment.Solve(Network(folder), Demand(folder), new AssignmentOptions());
        Assert.Equal(StopReason.GapReached, result.StopReason);
        Assert.InRange(result.Wardrop.RelativeGap, -1e-14, 1e-12);
        Assert.Equal(BestKnownObjective, result.Wardrop.Objective, BestKnownObjective * 1e-12);
        Assert.Equal(7_480_225.344921, result.TotalTravelTime, 1e-3);
        var best = TntpFlowFile.Read(Path.Combine(folder, "SiouxFalls_flow.tntp"));
        Assert.Equal(76, best.Length);
        for (var link = 0; link < best.Length; link++)
        {
            Assert.Equal(result.Network.Links[link].From, best[link].From);
            Assert.Equal(best[link].Volume, result.LinkFlows[link], 1e-3);
        }
    }

    [Fact]
    public void The_optimum_and_the_price_of_anarchy_are_those_known()
    {
        var folder = Folder();
        var optimum = TrafficAssignment.Solve(
            Network(folder), Demand(folder), new AssignmentOptions { Objective = AssignmentObjective.SystemOptimum });
        Assert.Equal(7_194_256.052893, optimum.TotalTravelTime, 1e-4);
        Assert.Equal(1.039750, 7_480_225.344921 / optimum.TotalTravelTime, 6);
    }

    [Fact]
    public void The_certificate_of_the_best_known_flows_is_a_gap_of_zero()
    {
        var folder = Folder();
        var network = Network(folder);
        var flows = Array.ConvertAll(
            TntpFlowFile.Read(Path.Combine(folder, "SiouxFalls_flow.tntp")), flow => flow.Volume);
        var certificate = WardropCertificate.Issue(network, Demand(folder), network.Costs(), flows, 1e-14);
        Assert.True(certificate.IsEquilibrium);
        Assert.Equal(BestKnownObjective, certificate.Objective, 1e-6);
        Assert.InRange(certificate.ConservationError, 0, 1e-9);
        flows[0] += 100;
        Assert.False(WardropCertificate.Issue(network, Demand(folder), network.Costs(), flows, 1e-14).IsEquilibrium);
    }

    [Fact]
    public void The_shipped_braess_files_give_552_and_498()
    {
        var folder = Folder();
        var network = TntpNetworkReader.Read(Path.Combine(folder, "Braess_net.tntp"));
        var demand = TntpTripsReader.Read(Path.Combine(folder, "Braess_trips.tntp"), network).Demand;
        Assert.Equal(552, TrafficAssignment.Solve(network.Network, demand, new AssignmentOptions()).TotalTravelTime, 6);
        var optimum = new AssignmentOptions { Objective = AssignmentObjective.SystemOptimum };
        Assert.Equal(498, TrafficAssignment.Solve(network.Network, demand, optimum).TotalTravelTime, 6);
    }

    private static TrafficNetwork Network(string folder) => File(folder).Network;

    private static TravelDemand Demand(string folder) =>
        TntpTripsReader.Read(Path.Combine(folder, "SiouxFalls_trips.tntp"), File(folder)).Demand;

    private static TntpNetwork File(string folder) =>
        TntpNetworkReader.Read(Path.Combine(folder, "SiouxFalls_net.tntp"));

    private static string Folder()
    {
        var folder = TestData.Folder("transport");
        Assert.SkipWhen(folder is null, "shared/data/transport is not on this machine");
        return folder!;
    }
}
