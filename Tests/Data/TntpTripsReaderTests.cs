using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Tests.Data;

public sealed class TntpTripsReaderTests : IDisposable
{
    private const string Both = TntpFiles.Head
        + TntpFiles.Links + "2 3 500 1 10 0.15 4 0 0 1 ;\n3 1 500 1 10 0.15 4 0 0 1 ;\n";

    private readonly TntpFiles _files = new();

    [Theory]
    [InlineData("Origin 1   2 : 1500.0;")]
    [InlineData("Origin 1\n  2 :\n 1500.0;\n")]
    [InlineData("Origin\n1\n2\n:\n1500.0\n;\n")]
    [InlineData("ORIGIN\t1\t\n\t2\t:\t1.5e3\t;\t\n")]
    [InlineData("origin1\n2:1500;")]
    [InlineData("Origin 1 ;\n2:1500;\nOrigin 2\n")]
    [InlineData("Origin 1 ~ first\n~ 2 : 7;\n2 : 1500.0; ~ all of them\n")]
    [InlineData("\n\nOrigin 1\n1 : 0.0;     2 : 1500.0;\n\n")]
    [InlineData("Origin 1\n1 : 0.0     2 : 1500.0")]
    [InlineData("Origin 1\n2 : 1500.0;Origin 2 1 : 0;")]
    public void Lines_do_not_matter(string data)
    {
        foreach (var text in new[] { data, data.Replace("\n", "\r\n", StringComparison.Ordinal) })
        {
            var trips = _files.Demand(TntpFiles.TripsHead + text);
            Assert.Equal([new Trips(1, 2, 1500)], trips.Demand.Pairs);
            Assert.Empty(trips.Warnings);
        }
    }

    [Theory]
    [InlineData("Origin 1\n 2 : 5.0;\n 2 : 5", ":6: the entry \"2 : 5\" has no \";\"; expected destination : trips;")]
    [InlineData("Origin 1\n 2 : 5.0; 2 :", ":5: 2; expected destination : trips;")]
    [InlineData("Origin 1\n 2 : 5.0; 1 ;", ":5: 1; expected destination : trips;")]
    [InlineData("Origin 1\n 2 : 5.0 6.0;", ":5: the entry \"2 : 5\" has no \";\"; expected destination : trips;")]
    [InlineData("Origin 1\n 2 5.0;", ":5: 2; expected destination : trips;")]
    [InlineData("Origin 1\n 2 : ;", ":5: trips to 2: ;; expected a number")]
    [InlineData("Origin 3\n 2 : 5.0;", ":4: Origin 3; expected a zone from 1 to 2")]
    [InlineData("Origin\n", ":4: Origin; expected its number")]
    [InlineData("Origin : 1\n 2 : 5.0;", ":4: Origin :; expected an integer")]
    [InlineData("Origin 1\n 7 : 5.0;", ":5: destination 7; expected a zone from 1 to 2")]
    [InlineData("Origin 1\n 3 : 5.0;", ":5: destination 3; expected a zone from 1 to 2")]
    [InlineData("Origin 1\n 2 : -5.0;", ":5: trips to 2: -5; expected a number of at least 0")]
    [InlineData("Origin 1\n 2 : 1e300;",
        ":5: trips to 2: 1E+300; expected a number of at least 0 and at most 1000000000000000")]
    [InlineData("Origin 1\n 2 : NaN;", ":5: trips to 2: NaN; expected a number")]
    [InlineData("Origin 1\n 2 : Infinity;", ":5: trips to 2: Infinity; expected a number")]
    [InlineData("Origin 1\n 2 : 1e999;", ":5: trips to 2: 1e999; expected a number")]
    [InlineData("Origin 1\n 2 : five;", ":5: trips to 2: five; expected a number")]
    [InlineData("2 : 5.0;", ":4: 2; expected an Origin line first")]
    [InlineData("Origin 2\n 1 : 5.0;", ":5: 5 trips from 2 to 1 have no path; expected one over open links")]
    public void Wrong_trips_are_named(string data, string expected) => TntpFiles.AssertWrong(
        _files["x_trips.tntp"] + expected, () => _files.Demand(TntpFiles.TripsHead + data));

    [Theory]
    [InlineData("<NUMBER OF ZONES> 3\n<END OF METADATA>",
        ":1: <NUMBER OF ZONES> 3; expected at most 2 as in the network's file")]
    [InlineData("<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> many\n<END OF METADATA>",
        ":2: <TOTAL OD FLOW> many; expected a number")]
    [InlineData("<NUMBER OF ZONES> 2\n<DEMAND MULTIPLIER> -1\n<END OF METADATA>",
        ":2: <DEMAND MULTIPLIER> -1; expected a number")]
    [InlineData("<NUMBER OF ZONES> 2\n<DEMAND MULTIPLIER> 1e15\n<END OF METADATA>",
        ":2: <DEMAND MULTIPLIER> makes 1.5E+18 trips")]
    [InlineData("<TOTAL OD FLOW> 1500", ":3: no such metadata; expected <NUMBER OF ZONES>")]
    public void A_wrong_head_is_named(string head, string expected) => TntpFiles.AssertWrong(
        _files["x_trips.tntp"] + expected, () => _files.Demand(head + "\nOrigin 1\n2 : 1500;"));

    [Theory]
    [InlineData("1500.01", 0)]
    [InlineData("1.50000e+003", 0)]
    [InlineData("1501", 1)]
    [InlineData("15", 1)]
    [InlineData("0", 1)]
    public void A_total_that_is_off_is_warned_of(string total, int warnings)
    {
        var trips = _files.Demand(TntpFiles.Trips.Replace("1500.0\n", total + "\n", StringComparison.Ordinal));
        Assert.Equal(1500, trips.Demand.Total);
        Assert.Equal(warnings, trips.Warnings.Count);
        Assert.All(trips.Warnings, warning => Assert.EndsWith(
            ":2: <TOTAL OD FLOW> " + total + ", and the file holds 1500 trips; those are taken", warning, StringComparison.Ordinal));
    }

    [Fact]
    public void Trips_inside_a_zone_are_counted_apart_and_belong_to_the_total()
    {
        var trips = _files.Demand(TntpFiles.TripsHead + "Origin 1\n1 : 500; 2 : 1000;");
        Assert.Equal((1000, 500), (trips.Demand.Total, trips.IntrazonalTrips));
        Assert.Empty(trips.Warnings);
    }

    [Fact]
    public void Factors_and_the_multiplier_are_used_and_unknown_keys_are_warned_of()
    {
        var trips = _files.Demand(TntpFiles.Trips.Replace(
            "<END", "<DEMAND MULTIPLIER> 0.5\n<TOLL FACTOR> 2\n<DISTANCE FACTOR> 3\n<COST FACTOR> 4\n<END", StringComparison.Ordinal));
        Assert.Equal(750, trips.Demand.Total);
        Assert.Equal((2, 3), (trips.TollFactor, trips.DistanceFactor));
        Assert.Equal([_files["x_trips.tntp"] + ":6: <COST FACTOR> is not known and not used"], trips.Warnings);
    }

    [Fact]
    public void A_pair_that_comes_twice_is_added_up_and_warned_of()
    {
        var trips = _files.Demand(TntpFiles.TripsHead + "Origin 1\n2 : 500;\nOrigin 2\nOrigin 1\n2 : 1000;");
        Assert.Equal([new Trips(1, 2, 1500)], trips.Demand.Pairs);
        Assert.EndsWith(
            ": 1 entries name a pair again; their trips are added up",
            Assert.Single(trips.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_zones_than_the_network_has_are_warned_of()
    {
        var network = (TntpFiles.Head + TntpFiles.Links).Replace("ZONES> 2", "ZONES> 3", StringComparison.Ordinal);
        Assert.EndsWith(
            ":1: <NUMBER OF ZONES> 2, and 3 in the network's file",
            Assert.Single(_files.Demand(TntpFiles.Trips, network).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void More_zones_with_trips_than_the_head_states_are_refused()
    {
        var sparse = Both.Replace("<NUMBER OF LINKS> 4", "<NUMBER OF LINKS> 6", StringComparison.Ordinal)
            .Replace("ZONES> 2", "ZONES> 4", StringComparison.Ordinal).Replace("4 2 600", "40 2 600", StringComparison.Ordinal)
            .Replace("1 4 1000", "1 40 1000", StringComparison.Ordinal);
        Assert.Equal(2, _files.Demand(TntpFiles.Trips, sparse).Demand.Pairs[0].Destination);
        TntpFiles.AssertWrong(
            _files["x_trips.tntp"] + ":1: <NUMBER OF ZONES> 2; expected at least the 3 with trips",
            () => _files.Demand(TntpFiles.Trips + "40 : 5;", sparse));
        TntpFiles.AssertWrong(
            _files["x_trips.tntp"] + ":6: destination 4; expected the number of one of the network's nodes",
            () => _files.Demand(TntpFiles.Trips + "4 : 5;", sparse));
    }

    [Fact]
    public void A_link_whose_time_no_number_holds_is_named_with_its_trips()
    {
        var network = (TntpFiles.Head + TntpFiles.Links).Replace("3 2 500", "3 2 1e-100", StringComparison.Ordinal);
        TntpFiles.AssertWrong(
            _files["x_trips.tntp"] + ":5: all 1500 trips on the link from 3 to 2, of capacity 1E-100, power 4, B 0.15, would take longer",
            () => _files.Demand(TntpFiles.Trips, network));
    }

    [Fact]
    public void A_closed_link_is_no_path()
    {
        var network = TntpFiles.Head + TntpFiles.Links
            .Replace("3 2 500", "3 2 0", StringComparison.Ordinal).Replace("4 2 600", "4 2 0", StringComparison.Ordinal);
        TntpFiles.AssertWrong(
            _files["x_trips.tntp"] + ":5: 1500 trips from 1 to 2 have no path", () => _files.Demand(TntpFiles.Trips, network));
    }

    public void Dispose() => _files.Dispose();
}
