using System.Text;
using OrleansEdge.Core;
using OrleansEdge.Core.Data.Tntp;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Tests.Data;

public sealed class TntpNetworkReaderTests : IDisposable
{
    private const string Head = """
        <NUMBER OF ZONES> 2
        <NUMBER OF NODES> 3
        <FIRST THRU NODE> 3
        <NUMBER OF LINKS> 2
        <END OF METADATA>

        ~	init_node	term_node	capacity	length	free_flow_time	b	power	speed	toll	link_type	;

        """;

    private const string TwoLinks = "1 3 100 2.5 1.5 0.15 4.9 30 7 1 ;\n3 2 50 1 0 0 1 0 0 2;\n";

    private readonly TntpFiles _files = new();

    [Fact]
    public void A_network_is_read_with_its_first_through_node()
    {
        var network = _files.Network(Head + TwoLinks);
        Assert.Equal("x", network.Network.Name);
        Assert.Equal(2, network.Zones);
        Assert.Equal(3, network.Network.FirstThroughNode);
        Assert.Empty(network.Warnings);
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
        }, network.Network.Links[0]);
    }

    [Theory]
    [InlineData("two links on a line", "1 3 100 2.5 1.5 0.15 4.9 30 7 1 ; 3 2 50 1 0 0 1 0 0 2;")]
    [InlineData("a link on two lines", "1 3 100 2.5\n1.5 0.15 4.9 30 7 1\n;\n3 2 50 1 0 0\n 1 0 0 2;")]
    [InlineData("no semicolon at all", "1 3 100 2.5 1.5 0.15 4.9 30 7 1\n3 2 50 1 0 0 1 0 0 2")]
    [InlineData("one semicolon missing", "1 3 100 2.5 1.5 0.15 4.9 30 7 1\n3 2 50 1 0 0 1 0 0 2;")]
    [InlineData("old line ends", "1 3 100 2.5 1.5 0.15 4.9 30 7 1 ;\r3 2 50 1 0 0 1 0 0 2;\r")]
    [InlineData("tabs and blank lines",
        "\t1\t3\t100\t2.5\t1.5\t0.15\t4.9\t30\t7\t1\t;\t\t\n\n\t\n3 2 50 1 0 0 1 0 0 2;\n\n")]
    [InlineData("comments", "1 3 100 2.5 1.5 0.15 4.9 30 7 1 ; ~ main; street\n~ 1 3 1 ;\n3 2 50 1 0 0 1 0 0 2;~")]
    [InlineData("empty statements", ";1 3 100 2.5 1.5 0.15 4.9 30 7 1 ;;\n;\n3 2 50 1 0 0 1 0 0 2;;")]
    [InlineData("exponents", "1 3 1.0e+002 25e-1 1.5 0.15 4.9 30 7 1.000 ;\n3 2 50 1 0 0 1 0 0 2;")]
    public void Lines_do_not_matter(string name, string links)
    {
        Assert.NotEmpty(name);
        Assert.Equal(_files.Network(Head + TwoLinks).Network.Links, _files.Network(Head + links).Network.Links);
        Assert.Equal(
            _files.Network(Head + TwoLinks).Network.Links,
            _files.Network((Head + links).Replace("\n", "\r\n", StringComparison.Ordinal)).Network.Links);
    }

    [Theory]
    [InlineData("~ init term cap len fft b pow speed toll type ;")]
    [InlineData("~ \tTail\tHead\tCapacity (veh/h)\tLength (ft)\tFree Flow Time (min)\tB\tPower\tSpeed (ft/min) \tToll \tType\t;")]
    [InlineData("~ Init node Term node Capacity Length Free Flow Time B Power Speed limit Toll Type")]
    [InlineData("~from \tto\tcapacity\tlength\tiftime\tB\tpower\tspeed\ttoll\ttype\t\n~ modified on 11/4/98.\n~5\t6\t1\t2\t;")]
    [InlineData("~Tail, Head, Capacity (vph), Length (ft), Free-flow time (min), alpha, beta, speed (mph), toll, type")]
    [InlineData("~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll \t\t;")]
    [InlineData("~  i  j  u  L  t0  a    b um to tyInit node \tTerm node \tCapacity \tLength \tFree Flow Time \tAlpha")]
    [InlineData("~ a remark of somebody's; from 3 to 4, capacity 5")]
    [InlineData("")]
    public void Headers_of_the_usual_order_mean_the_usual_order(string header)
    {
        var network = _files.Network(Head.Split('~')[0] + header + "\n" + TwoLinks);
        Assert.Equal(_files.Network(Head + TwoLinks).Network.Links, network.Network.Links);
        Assert.Empty(network.Warnings);
    }

    [Fact]
    public void Columns_stand_where_the_header_says()
    {
        var network = _files.Network(Head.Split('~')[0]
            + "~ from\tto\ttype\ttoll\tspeed\tpower\tb\tfree flow time\tlength\tcapacity\n"
            + "1 3 1 7 30 4.9 0.15 1.5 2.5 100;\n3 2 2 0 0 1 0 0 1 50;\n");
        Assert.Equal(_files.Network(Head + TwoLinks).Network.Links, network.Network.Links);
    }

    [Fact]
    public void Columns_that_are_not_known_are_warned_of_and_not_taken_for_others()
    {
        var network = _files.Network(Head.Split('~')[0]
            + "~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed \tcritical_speed\tlanes\t;\n"
            + "1 3 100 2.5 1.5 0.15 4 55 42.9 2;\n3 2 50 1 0 0 1 0 0 2;\n");
        Assert.Equal((0, 55), (network.Network.Links[0].Toll, network.Network.Links[0].SpeedLimit));
        Assert.Equal(
            [
                _files["x_net.tntp"] + ":7: column critical_speed is not known and not used",
                _files["x_net.tntp"] + ":7: column lanes is not known and not used",
            ],
            network.Warnings);
    }

    [Theory]
    [InlineData("~ from to length capacity fft alpha steepness speed toll type",
        ":7: columns from, to, length, capacity, fft")]
    [InlineData("~ from to length capacity fft b power b", ":7: column b comes twice; expected each column once")]
    public void A_header_of_an_order_that_cannot_be_told_is_refused(string header, string expected) => Wrong(
        expected, Head.Split('~')[0] + header + "\n" + TwoLinks);

    [Theory]
    [InlineData("<number of zones> 2\n< Number  of_Nodes >\t3\t\n<FIRST THROUGH NODE> = 3\n<NUMBER OF LINKS>: 2.0 ;\n<end of metadata>\n")]
    [InlineData("\uFEFF<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 3\n<NUMBER OF LINKS> 2\n<END OF METADATA> ~ x\n")]
    [InlineData("~ first\n\n<ORIGINAL HEADER>~ from to\n<NUMBER OF LINKS> 2\n<NUMBER OF NODES> 3\n<NUMBER OF ZONES> 2\n<FIRST THRU NODE> 3 ~ y\n<END OF METADATA>")]
    public void Heads_are_read_however_they_are_spelt(string head)
    {
        var network = _files.Network(head + "\n" + TwoLinks);
        Assert.Equal((2, 3), (network.Zones, network.Network.FirstThroughNode));
        Assert.Equal(_files.Network(Head + TwoLinks).Network.Links, network.Network.Links);
        Assert.Empty(network.Warnings);
    }

    [Fact]
    public void Two_byte_characters_with_their_mark_are_read()
    {
        var path = _files.Write("x_net.tntp", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Head + TwoLinks)]);
        Assert.Equal(2, TntpNetworkReader.Read(path).Network.Links.Count);
    }

    [Fact]
    public void An_end_of_metadata_that_is_missing_is_warned_of()
    {
        var network = _files.Network(Head.Replace("<END OF METADATA>", "", StringComparison.Ordinal) + TwoLinks);
        Assert.Equal(2, network.Network.Links.Count);
        Assert.Equal([_files["x_net.tntp"] + ":8: data begins without <END OF METADATA>"], network.Warnings);
    }

    [Fact]
    public void A_link_that_comes_twice_is_two_links() => Assert.Equal(
        2, _files.Network(Head + "1 3 100 2.5 1.5 0.15 4 0 0 1 ;\n1 3 100 2.5 1.5 0.15 4 0 0 1 ;").Network.Links.Count);

    [Fact]
    public void Factors_are_read_and_unknown_keys_are_warned_of_by_name()
    {
        var network = _files.Network(Head.Replace(
            "<END", "<TOLL FACTOR> 0.02\n<distance factor>\t4e-2\n<TOL FACTOR> 9\n<END", StringComparison.Ordinal) + TwoLinks);
        Assert.Equal((0.02, 0.04), (network.TollFactor, network.DistanceFactor));
        Assert.Equal([_files["x_net.tntp"] + ":7: <TOL FACTOR> is not known and not used"], network.Warnings);
    }

    [Theory]
    [InlineData("1 3 100 2.5 1.5 0.15", ":8: 6 fields; expected 10")]
    [InlineData("1 3 100 2.5 1.5 0.15 4 0 0 1 9 ;", ":8: 11 fields; expected 10")]
    [InlineData("1 3 100 2.5 ;\n1.5 0.15 4 0 0 1 ;", ":8: 4 fields; expected 10")]
    [InlineData("1 3 100 2.5\n1 3 100 2.5 1.5 0.15 4 0 0 1 ;", ":8: 14 fields; expected 10")]
    [InlineData("1 4 100 1 1 0.15 4 0 0 1 ;", ":8: term_node 4; expected a node from 1 to 3")]
    [InlineData("0 3 100 1 1 0.15 4 0 0 1 ;", ":8: init_node 0; expected a node from 1 to 3")]
    [InlineData("1.5 3 100 1 1 0.15 4 0 0 1 ;", ":8: init_node 1.5; expected an integer")]
    [InlineData("99999999999999999999 3 100 1 1 0.15 4 0 0 1 ;",
        ":8: init_node 99999999999999999999; expected an integer")]
    [InlineData("1 3 -5 1 1 0.15 4 0 0 1 ;", ":8: capacity -5; expected a number of at least 0")]
    [InlineData("1 3 x 1 1 0.15 4 0 0 1 ;", ":8: capacity x; expected a number")]
    [InlineData("1 3 0,5 1 1 0.15 4 0 0 1 ;", ":8: capacity 0,5; expected a number")]
    [InlineData("1 3 1e999 1 1 0.15 4 0 0 1 ;", ":8: capacity 1e999; expected a number")]
    [InlineData("1 3 100 1 NaN 0.15 4 0 0 1 ;", ":8: free_flow_time NaN; expected a number")]
    [InlineData("1 3 100 1 inf 0.15 4 0 0 1 ;", ":8: free_flow_time inf; expected a number")]
    [InlineData("1 3 100 1 -1 0.15 4 0 0 1 ;", ":8: free flow time -1; expected a number of at least 0")]
    [InlineData("1 3 100 1 1 0.15 -4 0 0 1 ;", ":8: power -4; expected a number of at least 0")]
    [InlineData("1 3 100 1 1 -0.15 4 0 0 1 ;", ":8: B -0.15; expected a number of at least 0")]
    [InlineData("# a remark", ":8: 3 fields; expected 10")]
    [InlineData("<NUMBER OF ZONES> 2", ":8: 4 fields; expected 10")]
    [InlineData("1 3 100 1 1 0.15 4 0 0 1 ;", ":2: <NUMBER OF NODES> 3; expected at most 2")]
    [InlineData("1 2 100 1 1 0.15 4 0 0 1 ;1 3 1 1 1 0 4 0 0 1 ;1 3 1 1 1 0 4 0 0 1 ;",
        ":8: 3 links at the end of the file; expected 2 as in <NUMBER OF LINKS>")]
    public void A_wrong_statement_is_named_with_its_value_and_what_was_expected(string line, string expected) =>
        Wrong(expected, Head + line + "\n");

    [Theory]
    [InlineData("<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n", ":2: the file ends; expected <END OF METADATA>")]
    [InlineData("<NUMBER OF ZONES> two\n<NUMBER OF NODES> 3\n<END OF METADATA>",
        ":1: <NUMBER OF ZONES> two; expected an integer")]
    [InlineData("<NUMBER OF ZONES> 4\n<NUMBER OF NODES> 3\n<END OF METADATA>",
        ":1: <NUMBER OF ZONES> 4; expected an integer from 1 to 3")]
    [InlineData("<NUMBER OF NODES> 3000000000\n<END OF METADATA>",
        ":1: <NUMBER OF NODES> 3000000000; expected an integer from 1")]
    [InlineData("<NUMBER OF NODES> 0\n<END OF METADATA>", ":1: <NUMBER OF NODES> 0; expected an integer from 1")]
    [InlineData("<NUMBER OF NODES> 3\n<NUMBER OF NODES> 4\n<END OF METADATA>",
        ":2: <NUMBER OF NODES> 4; expected 3 as on line 1")]
    [InlineData("<NUMBER OF NODES 3\n<END OF METADATA>", ":1: <NUMBER OF NODES 3; expected <KEY> value")]
    [InlineData("<NUMBER OF NODES> 3\n<NUMBER OF ZONES> 2\n<TOLL FACTOR> -1\n<NUMBER OF LINKS> 0\n<END OF METADATA>",
        ":1: <NUMBER OF NODES> 3; expected at most 0")]
    [InlineData("", ":0: no such metadata; expected <NUMBER OF NODES>")]
    public void A_wrong_head_is_named(string text, string expected) => Wrong(expected, text);

    [Theory]
    [InlineData("2000000000")]
    [InlineData("2147483647")]
    public void A_count_of_nodes_is_checked_before_memory_is_taken(string nodes)
    {
        var path = _files.Write("x_net.tntp", Head.Replace(
            "NODES> 3", "NODES> " + nodes, StringComparison.Ordinal) + TwoLinks);
        var before = GC.GetAllocatedBytesForCurrentThread();
        TntpFiles.AssertWrong($"{path}:2: <NUMBER OF NODES> {nodes}; expected at most 4", () => TntpNetworkReader.Read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Nodes_without_a_link_are_warned_of()
    {
        var network = _files.Network(Head.Replace("NODES> 3", "NODES> 4", StringComparison.Ordinal) + TwoLinks);
        Assert.Equal(4, network.Network.Graph.NodeCount);
        Assert.Equal([_files["x_net.tntp"] + ":2: 1 of 4 nodes have no link"], network.Warnings);
    }

    [Fact]
    public void Any_numbers_will_do_if_there_are_as_many_as_nodes()
    {
        var network = _files.Network(Head.Replace("NODE> 3", "NODE> 300", StringComparison.Ordinal)
            + "101 300 100 2.5 1.5 0.15 4.9 30 7 1 ;\n300 4762736123 50 1 0 0 1 0 0 2;\n");
        Assert.Equal([101, 300, 4762736123], network.Network.NodeNumbers!);
        Assert.Equal((1, 2, 3, 0), (network.NodeOf(101), network.NodeOf(300), network.NodeOf(4762736123), network.NodeOf(1)));
        Assert.Equal(2, network.Network.FirstThroughNode);
        Assert.Contains(
            "nodes are not numbered 1 to 3: taken as 3 nodes from 101 to 4762736123", network.Warnings[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Tolls_may_be_below_nothing_if_the_link_costs_something()
    {
        var network = _files.Network(Head + "1 3 100 2.5 1 0.15 4 0 -1 1 ;\n3 2 50 -1 0 0 1 0 0 2;\n").Network;
        Assert.Equal(0, network.Costs(tollWeight: 1).At(0, 0));
        var error = Assert.Throws<OrleansEdgeException>(() => network.Costs(tollWeight: 2));
        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith("x, link 1 to 3: cost -1 = 1 + 2 x toll -1", error.Message, StringComparison.Ordinal);
        Assert.Throws<OrleansEdgeException>(() => network.Costs(distanceWeight: 1));
    }

    [Fact]
    public void A_missing_file_is_missing_input()
    {
        var exception = Assert.Throws<OrleansEdgeException>(() => TntpNetworkReader.Read(_files["none.tntp"]));
        Assert.Equal(ExitCode.MissingInput, exception.ExitCode);
    }

    public void Dispose() => _files.Dispose();

    private void Wrong(string expected, string text) =>
        TntpFiles.AssertWrong(_files["x_net.tntp"] + expected, () => _files.Network(text));
}
