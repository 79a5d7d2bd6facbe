using System.Text;
using OrleansEdge.Core;
using OrleansEdge.Core.Data.Tntp;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Tests.Data;

public sealed class TntpReaderTests : IDisposable
{
    private const string Head = """
        <NUMBER OF ZONES> 2
        <NUMBER OF NODES> 3
        <FIRST THRU NODE> 3
        <NUMBER OF LINKS> 2
        <END OF METADATA>

        ~	init_node	term_node	capacity	length	free_flow_time	b	power	speed	toll	link_type	;

        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_network_is_read_with_its_first_through_node()
    {
        var network = TntpNetworkReader.Read(Write("x_net.tntp", Head + "1 3 100 2.5 1.5 0.15 4.9 30 7 1 ;\n3 2 50 1 0 0 1 0 0 2;\n"));
        Assert.Equal("x", network.Name);
        Assert.Equal(2, network.ZoneCount);
        Assert.Equal(3, network.FirstThroughNode);
        Assert.Equal(new TrafficLink
        {
            From = 1,
            To = 3,
            Capacity = 100,
            Length = 2.5,
            FreeFlowTime = 1.5,
            B = 0.15,
            Power = 4.9,
            SpeedLimit = 30,
            Toll = 7,
            Type = 1,
        }, network.Links[0]);
    }

    [Theory]
    [InlineData("1 3 100 2.5 1.5 0.15", ":8: 6 fields; expected 10")]
    [InlineData("1 4 100 1 1 0.15 4 0 0 1 ;", ":8: term_node 4; expected a node from 1 to 3")]
    [InlineData("0 3 100 1 1 0.15 4 0 0 1 ;", ":8: init_node 0; expected a node from 1 to 3")]
    [InlineData("1 3 -5 1 1 0.15 4 0 0 1 ;", ":8: capacity -5; expected a number above 0")]
    [InlineData("1 3 0 1 1 0.15 4 0 0 1 ;", ":8: capacity 0; expected a number above 0")]
    [InlineData("1 3 x 1 1 0.15 4 0 0 1 ;", ":8: capacity x; expected a number")]
    [InlineData("1 3 100 1 0 0.15 0 0 0 1 ;", ":8: free flow time 0 with power 0; expected")]
    [InlineData("1 3 100 1 NaN 0.15 4 0 0 1 ;", ":8: free_flow_time NaN; expected a number")]
    [InlineData("1 3 100 1 -1 0.15 4 0 0 1 ;", ":8: free flow time -1; expected a number of at least 0")]
    [InlineData("1 3 100 1 1 0.15 -4 0 0 1 ;", ":8: power -4; expected a number of at least 0")]
    [InlineData("1 3 100 1 1 -0.15 4 0 0 1 ;", ":8: B -0.15; expected a number of at least 0")]
    [InlineData("1 3 100 1 1 0.15 4 0 0 1 ;", ":8: 1 links at the end of the file; expected 2 as in <NUMBER OF LINKS>")]
    public void A_wrong_line_is_named_with_its_value_and_what_was_expected(string line, string expected)
    {
        var path = Write("x_net.tntp", Head + line + "\n");
        AssertWrong(path + expected, () => TntpNetworkReader.Read(path));
    }

    [Fact]
    public void Metadata_that_does_not_end_is_named()
    {
        var path = Write("x_net.tntp", "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n");
        AssertWrong($"{path}:2: the file ends; expected <END OF METADATA>", () => TntpNetworkReader.Read(path));
        path = Write("y_net.tntp", "<NUMBER OF ZONES> two\n<NUMBER OF NODES> 3\n<NUMBER OF LINKS> 0\n<END OF METADATA>\n");
        AssertWrong($"{path}:1: <NUMBER OF ZONES> two; expected an integer", () => TntpNetworkReader.Read(path));
    }

    [Theory]
    [InlineData("Origin 1\n 2 : 5.0;\nOrigin 2\n 1 : 5", ":7: the line ends in \"1 : 5\"; expected destination : trips;")]
    [InlineData("Origin 1\n 2 : 5.0; 1 ;", ":5: 1; expected destination : trips;")]
    [InlineData("Origin 3\n 2 : 5.0;", ":4: Origin 3; expected a zone from 1 to 2")]
    [InlineData("Origin 1\n 7 : 5.0;", ":5: destination 7; expected a zone from 1 to 2")]
    [InlineData("Origin 1\n 2 : -5.0;", ":5: trips to 2: -5; expected a number of at least 0")]
    [InlineData("Origin 1\n 2 : five;", ":5: trips to 2: five; expected a number")]
    [InlineData("2 : 5.0;", ":4: 2 : 5.0;; expected an Origin line first")]
    [InlineData("Origin 1\n 2 : 5.0;", ":5: 5 trips at the end of the file; expected 10 as in <TOTAL OD FLOW>")]
    public void Wrong_trips_are_named(string data, string expected)
    {
        var path = Write("x_trips.tntp", "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 10\n<END OF METADATA>\n" + data);
        AssertWrong(path + expected, () => TntpTripsReader.Read(path));
    }

    [Fact]
    public void A_missing_file_is_missing_input()
    {
        var exception = Assert.Throws<OrleansEdgeException>(() => TntpTripsReader.Read(_folder["none.tntp"]));
        Assert.Equal(ExitCode.MissingInput, exception.ExitCode);
    }

    [Fact]
    public void Flows_are_written_and_read_back_to_the_bit()
    {
        var grid = new GridNetwork { Columns = 3, Rows = 3, Zones = 4, MeanTrips = 100 };
        var result = TrafficAssignment.Solve(grid.Build(), grid.Demand(), new AssignmentOptions());
        var flows = TntpFlowFile.Read(Write("x_flow.tntp", TntpFlowFile.Format(result)));
        Assert.Equal(result.LinkFlows, flows.Select(flow => flow.Volume));
        Assert.Equal(result.LinkTimes(), flows.Select(flow => flow.Cost));
    }

    [Fact]
    public void Node_coordinates_are_read()
    {
        var nodes = TntpNodeReader.Read(Write("x_node.tntp", "Node\tX\tY\t;\n1\t-96.5\t43.25\t;\n"));
        Assert.Equal([new TntpNode(1, -96.5, 43.25)], nodes);
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string name, string text) => _folder.Add(name, Encoding.UTF8.GetBytes(text));

    private static void AssertWrong(string expected, Action action)
    {
        var exception = Assert.Throws<OrleansEdgeException>(action);
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.StartsWith(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
