using OrleansEdge.Core.Data.Tntp;
using OrleansEdge.Tests.Data;

namespace OrleansEdge.Tests.Client;

/// <summary>What <c>assign</c> makes of files as they are found: right flows, or one line.</summary>
public sealed class AssignFilesTests : IDisposable
{
    private const string Grid = TntpFiles.Head + TntpFiles.Links;

    private readonly ConsoleHarness _console = new();
    private int _runs;

    [Theory]
    [InlineData("Origin 1   2 : 1500.0;")]
    [InlineData("Origin 1\n  2 :\n 1500.0;\n")]
    public async Task Statements_of_trips_may_break_anywhere(string trips)
    {
        var run = await Solve(Grid, TntpFiles.TripsHead + trips);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        AssertFlows([(1, 3, 708.004762), (1, 4, 791.995238), (3, 2, 708.004762), (4, 2, 791.995238)]);
    }

    [Fact]
    public async Task A_closed_link_carries_nothing_and_is_listed()
    {
        var run = await Solve(
            Grid.Replace("LINKS> 4", "LINKS> 5", StringComparison.Ordinal) + "3 4 0 1 1 0.15 4 0 0 1 ;", TntpFiles.Trips, "--optimum");

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith(
            "net.tntp:10: the link has capacity 0: it is closed",
            Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        AssertFlows([(1, 3, 708.004762), (1, 4, 791.995238), (3, 2, 708.004762), (4, 2, 791.995238), (3, 4, 0)]);
        Assert.InRange(run.Json.GetProperty("priceOfAnarchy").GetDouble(), 1, 1.1);
        Assert.Equal(2, run.Json.GetProperty("linksOverCapacity").GetInt32());
        Assert.Equal(708.004762 / 500, run.Json.GetProperty("highestSaturation").GetDouble(), 1e-6);
    }

    [Theory]
    [InlineData("0 0 0")]
    [InlineData("0 0.15 0")]
    [InlineData("0 0 4")]
    [InlineData("0 0.15 4")]
    public async Task A_link_without_free_flow_time_costs_nothing(string time)
    {
        var run = await Solve(
            Grid.Replace("1000 1 1 0.15 4", "1 0 " + time, StringComparison.Ordinal), TntpFiles.Trips, "--optimum");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        AssertFlows([(1, 3, 707.645490286), (1, 4, 792.354509714), (3, 2, 707.645490286), (4, 2, 792.354509714)]);
        Assert.Equal(0, Flows()[0].Cost);
    }

    [Fact]
    public async Task Numbers_of_nodes_are_those_given()
    {
        var net = Grid.Replace("NODE> 3", "NODE> 300", StringComparison.Ordinal)
            .Replace("1 3 1000", "101 300 1000", StringComparison.Ordinal)
            .Replace("1 4 1000", "101 2146237932 1000", StringComparison.Ordinal)
            .Replace("3 2 500", "300 205 500", StringComparison.Ordinal)
            .Replace("4 2 600", "2146237932 205 600", StringComparison.Ordinal);
        _console.Write("x_node.tntp", "101 0 0\n205 1 1\n300 0 1\n2146237932 1 0\n");
        var run = await SolveAs("x_net.tntp", net, TntpFiles.TripsHead + "Origin 101\n   205 :  1500.0;\n");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(
            "taken as 4 nodes from 101 to 2146237932", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        AssertFlows(
            [(101, 300, 708.004762), (101, 2146237932, 791.995238), (300, 205, 708.004762), (2146237932, 205, 791.995238)]);
        Assert.Equal((2, 4), (run.Json.GetProperty("zones").GetInt32(), run.Json.GetProperty("nodes").GetInt32()));
        Assert.Contains("2146237932 to 205", Report(), StringComparison.Ordinal);
        Assert.Equal(4, PlacesOnMap());
    }

    [Theory]
    [InlineData("", "", 564.0585)]
    [InlineData("<TOLL FACTOR> 0\n<DISTANCE FACTOR> 0\n", "", 708.0048)]
    [InlineData("", "--toll-weight 0 --distance-weight 0", 708.0048)]
    [InlineData("<TOLL FACTOR> 9\n", "--toll-weight 0.02 --distance-weight 0.04", 564.0585)]
    public async Task Factors_of_the_files_are_used_unless_the_command_line_has_its_own(
        string ofTrips, string options, double overNode3)
    {
        var net = Grid.Replace("<END", "<DISTANCE FACTOR> 0.04\n<TOLL FACTOR> 0.02\n<END", StringComparison.Ordinal)
            .Replace("3 2 500 1 10 0.15 4 0 0 1", "3 2 500 1 10 0.15 4 0 500 1", StringComparison.Ordinal)
            .Replace("4 2 600 1 ", "4 2 600 40 ", StringComparison.Ordinal);
        var run = await Solve(
            net, TntpFiles.Trips.Replace("<END", ofTrips + "<END", StringComparison.Ordinal),
            options.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(overNode3, Flows()[0].Volume, 1e-4);
    }

    [Theory]
    [InlineData("1e200", "e+203")]
    [InlineData("1e-200", "1,500")]
    public async Task Numbers_of_any_size_are_printed(string freeFlowTime, string expected)
    {
        var net = Grid.Replace(" 1 10 ", $" 1 {freeFlowTime} ", StringComparison.Ordinal)
            .Replace(" 1 11 ", $" 1 {freeFlowTime} ", StringComparison.Ordinal);
        var run = await _console.Run(
            "assign", _console.Write("net.tntp", net), _console.Write("trips.tntp", TntpFiles.Trips),
            "--gap", "1e-6", "--output", _console.PathOf("run"));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("totalTravelTime", run.Output, StringComparison.Ordinal);
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2000000000")]
    [InlineData("2147483647")]
    public async Task A_head_that_asks_for_more_than_the_file_holds_is_refused(string nodes)
    {
        var run = await Solve(Grid.Replace("NODES> 4", "NODES> " + nodes, StringComparison.Ordinal), TntpFiles.Trips);

        Assert.Equal((65, ""), (run.ExitCode, run.Output));
        Assert.Contains(
            $"net.tntp:2: <NUMBER OF NODES> {nodes}; expected at most 8",
            Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_console.PathOf("run")));
    }

    [Fact]
    public async Task A_second_link_on_a_line_is_a_link()
    {
        var run = await Solve(Grid.Replace("1 ;\n1 4", "1 ; 1 4", StringComparison.Ordinal), TntpFiles.Trips);
        Assert.Equal((0, 4), (run.ExitCode, run.Json.GetProperty("links").GetInt32()));

        run = await Solve(Grid + "1 2 100 1 1 0.15 4 0 0 1 ; 2 1 100 1 1 0.15 4 0 0 1 ;", TntpFiles.Trips);
        Assert.Equal(65, run.ExitCode);
        Assert.Contains(
            "6 links at the end of the file; expected 4 as in <NUMBER OF LINKS>", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parallel_links_share_the_flow()
    {
        var run = await Solve(
            TntpFiles.Head.Replace("NODES> 4", "NODES> 2", StringComparison.Ordinal).Replace("LINKS> 4", "LINKS> 2", StringComparison.Ordinal)
            + "1 2 100 1 1 1 1 0 0 1 ;\n1 2 100 1 1 1 1 0 0 1 ;\n", TntpFiles.Trips);

        Assert.Equal(0, run.ExitCode);
        AssertFlows([(1, 2, 750), (1, 2, 750)]);
    }

    [Fact]
    public async Task Trips_too_many_to_compute_with_are_named()
    {
        var run = await Solve(Grid, TntpFiles.Trips.Replace("1500.0", "1e300", StringComparison.Ordinal));

        Assert.Equal(65, run.ExitCode);
        Assert.Contains(
            "trips.tntp:5: trips to 2: 1E+300; expected", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_bad_about_the_flows_stands_beside_the_gap()
    {
        var text = TntpFiles.TripsHead.Replace("1500.0", "2000", StringComparison.Ordinal) + "Origin 1\n1 : 500; 2 : 1500;";
        var run = await Solve(Grid, text);
        Assert.Equal((1500, 500), (run.Json.GetProperty("demand").GetDouble(), run.Json.GetProperty("intrazonalDemand").GetDouble()));

        run = await _console.Run("assign", _console.PathOf("net.tntp"), _console.PathOf("trips.tntp"), "--output", _console.PathOf("run2"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(
            "2 of 4 links carry more than their capacity, up to 1.42 times", run.Output, StringComparison.Ordinal);
        Assert.Contains("25.0 % of all trips stay in their zone", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net_node.tntp", "1 0 0\n2 1 1\n3 0 1\n4 1 0\n", 4, "")]
    [InlineData("NET_Nodes.tntp", "Node\tX\tY\t;\n1\t0\t0\t;\n2 1 1;\n3 0 1;\n4 1 0;\n5 1 0;", 5, "")]
    [InlineData("net_node.tntp",
        "Node X Y\n1 0 0\n2 1\n3 0 1\n4 1 0\n", 0, "net_node.tntp:3: 2 fields; expected 3: node x y: the report has no map")]
    [InlineData("net_node.tntp",
        "1 0 0\n2 1 1\n4 1 0\n", 0, "net_node.tntp: node 3 of the network is not there; expected all: the report has no map")]
    [InlineData("net_node.tntp", "\0\0\0", 0, "net_node.tntp:1: 1 fields; expected 3: node x y: the report has no map")]
    [InlineData("nodes.tntp", "not looked at", 0, "")]
    public async Task The_map_never_takes_the_result_away(string name, string nodes, int places, string warning)
    {
        _console.Write(name, nodes);
        var run = await SolveAs("net_net.tntp", Grid, TntpFiles.Trips);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(708.004762, Flows()[0].Volume, 1e-6);
        Assert.Equal(places, PlacesOnMap());
        Assert.Equal(warning.Length > 0 ? 1 : 0, run.ErrorLines.Length);
        Assert.EndsWith(warning, run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 24)]
    [InlineData(false, 0)]
    public async Task Sioux_Falls_has_its_known_objective_whatever_its_nodes_are_like(bool isWhole, int places)
    {
        var folder = TestData.Folder("transport");
        Assert.SkipWhen(folder is null, "shared/data/transport is not on this machine");
        var lines = File.ReadAllLines(Path.Combine(folder, "SiouxFalls_node.tntp"))[1..];
        lines[3] = isWhole ? lines[3] : "4\t-96.7";
        _console.Write("net_node.tntp", string.Join('\n', lines).Replace(';', ' '));
        var run = await SolveAs(
            "net_net.tntp", File.ReadAllText(Path.Combine(folder, "SiouxFalls_net.tntp")),
            File.ReadAllText(Path.Combine(folder, "SiouxFalls_trips.tntp")));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(4231335.287107, run.Json.GetProperty("objective").GetDouble(), 1e-6);
        Assert.Equal(places, PlacesOnMap());
        Assert.Equal(isWhole ? 0 : 1, run.ErrorLines.Length);
    }

    public void Dispose() => _console.Dispose();

    private Task<ConsoleRun> Solve(string net, string trips, params string[] more) => SolveAs("net.tntp", net, trips, more);

    private Task<ConsoleRun> SolveAs(string name, string net, string trips, params string[] more) => _console.Run(
    [
        "assign", _console.Write(name, net), _console.Write("trips.tntp", trips), "--format", "json",
        "--flows", _console.PathOf("flow.tntp"), "--output", _console.PathOf(_runs++ == 0 ? "run" : $"run-{_runs}"), .. more,
    ]);

    private TntpFlow[] Flows() => TntpFlowFile.Read(_console.PathOf("flow.tntp"));

    private string Report() => File.ReadAllText(_console.PathOf("run/report.html"));

    private int PlacesOnMap() => Report().Split("\"label\":\"node ").Length - 1;

    private void AssertFlows((long From, long To, double Volume)[] expected)
    {
        var flows = Flows();
        Assert.Equal(expected.Select(flow => (flow.From, flow.To)), flows.Select(flow => (flow.From, flow.To)));
        Assert.All(expected.Zip(flows), pair => Assert.Equal(pair.First.Volume, pair.Second.Volume, 1e-6));
    }
}
