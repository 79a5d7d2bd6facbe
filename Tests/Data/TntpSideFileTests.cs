using OrleansEdge.Core.Data.Tntp;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Tests.Data;

/// <summary>Files of flows and of nodes.</summary>
public sealed class TntpSideFileTests : IDisposable
{
    private readonly TntpFiles _files = new();

    [Fact]
    public void Flows_are_written_and_read_back_to_the_bit()
    {
        var grid = new GridNetwork { Columns = 3, Rows = 3, Zones = 4, MeanTrips = 100 };
        var result = TrafficAssignment.Solve(grid.Build(), grid.Demand(), new AssignmentOptions());
        var flows = TntpFlowFile.Read(_files.Write("x_flow.tntp", TntpFlowFile.Format(result)));
        Assert.Equal(result.LinkFlows, flows.Select(flow => flow.Volume));
        Assert.Equal(result.LinkTimes(), flows.Select(flow => flow.Cost));
    }

    [Theory]
    [InlineData("From \tTo \tVolume \tCost \n1 \t2 \t4494.5 \t6.25 \n")]
    [InlineData("1 2 4494.5 6.25")]
    [InlineData("<NUMBER OF ZONES> -1\n<END OF METADATA>\n\nTail \tHead \tVolume \tCost \t;\n\t1 \t2 \t4494.5 \t6.25 \t;\n")]
    [InlineData("~ flows\nTail Head : Volume Cost ;\n1 2 : 4494.5 6.25 ;")]
    public void Flows_are_read_however_they_are_headed(string text) =>
        Assert.Equal([new TntpFlow(1, 2, 4494.5, 6.25)], TntpFlowFile.Read(_files.Write("x_flow.tntp", text)));

    [Fact]
    public void A_wrong_flow_is_named()
    {
        var path = _files.Write("x_flow.tntp", "From To Volume Cost\n1 2 3\n");
        TntpFiles.AssertWrong(path + ":2: 3 fields; expected 4: from to volume cost", () => TntpFlowFile.Read(path));
        path = _files.Write("y_flow.tntp", "From To Volume Cost\n1 2 NaN 4\n");
        TntpFiles.AssertWrong(path + ":2: volume NaN; expected a number", () => TntpFlowFile.Read(path));
    }

    [Theory]
    [InlineData("Node\tX\tY\t;\n1\t-96.5\t43.25\t;\n")]
    [InlineData("NodeID       Xcoord       Ycoord\n1       -96.5       43.25")]
    [InlineData("node^x^y^\n1 -96.5 43.25 ;")]
    [InlineData("1 -96.5 43.25")]
    [InlineData("\uFEFF1 -96.5 43.25\r\n")]
    [InlineData("Node ^X ^Y ^;\r\n1     \t-96.5 \t \t43.25 \t \t; \r\n")]
    [InlineData("~ places\n<END OF METADATA>\nnode lat lon\n1 43.25 -96.5 ;")]
    [InlineData("Node X Y Name\n1 -96.5 43.25 harbour")]
    public void Nodes_are_read_with_a_header_and_without(string text) =>
        Assert.Equal([new TntpNode(1, -96.5, 43.25)], TntpNodeReader.Read(_files.Write("x_node.tntp", text)));

    [Theory]
    [InlineData("1 -96.5\n2 -96 43", ":1: 2 fields; expected 3: node x y")]
    [InlineData("node x y\n1 -96.5 NaN", ":2: y NaN; expected a number")]
    [InlineData("1 2 3\n1 2 3", ":2: node 1 again; expected each node once")]
    public void A_wrong_node_is_named(string text, string expected)
    {
        var path = _files.Write("x_node.tntp", text);
        TntpFiles.AssertWrong(path + expected, () => TntpNodeReader.Read(path));
    }

    public void Dispose() => _files.Dispose();
}
