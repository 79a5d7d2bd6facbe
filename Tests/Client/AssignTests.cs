using System.Text.Json;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Training;
using OrleansEdge.Core.Data.Tntp;

namespace OrleansEdge.Tests.Client;

public sealed class AssignTests : IDisposable
{
    private const string Braess = """
        <NUMBER OF ZONES> 2
        <NUMBER OF NODES> 4
        <FIRST THRU NODE> 1
        <NUMBER OF LINKS> 5
        <END OF METADATA>
        1 3 1 1 1e-8 1e9 1 0 0 1 ;
        1 4 1 1 50 0.02 1 0 0 1 ;
        3 2 1 1 50 0.02 1 0 0 1 ;
        3 4 1 1 10 0.1 1 0 0 1 ;
        4 2 1 1 1e-8 1e9 1 0 0 1 ;

        """;

    private const string Trips = """
        <NUMBER OF ZONES> 2
        <TOTAL OD FLOW> 6
        <END OF METADATA>
        Origin 1
        2 : 6;

        """;

    private readonly ConsoleHarness _console = new();

    [Fact]
    public async Task Braess_has_its_equilibrium_its_optimum_and_its_price_of_anarchy()
    {
        var run = await Assign(Braess, "--optimum", "--flows", _console.PathOf("flow.tntp"));

        Assert.Equal(0, run.ExitCode);
        var result = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(552, result.GetProperty("totalTravelTime").GetDouble(), 1e-6);
        Assert.Equal(498, result.GetProperty("systemOptimumTravelTime").GetDouble(), 1e-6);
        Assert.Equal(552.0 / 498, result.GetProperty("priceOfAnarchy").GetDouble(), 1e-8);
        Assert.Equal(386.00000008, result.GetProperty("objective").GetDouble(), 1e-6);
        Assert.Equal("gapReached", result.GetProperty("exitReason").GetString());
        Assert.Equal(6, File.ReadAllLines(_console.PathOf("flow.tntp")).Length);
        Assert.True(File.Exists(Path.Combine(_console.PathOf("run"), "report.html")));
    }

    [Fact]
    public async Task A_gap_that_is_not_reached_is_said_with_exit_code_75()
    {
        var run = await Assign(Braess, "--max-iterations", "1");

        Assert.Equal(75, run.ExitCode);
        Assert.Contains("relative gap", run.Error, StringComparison.Ordinal);
        Assert.Contains("--gap", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_with_an_unknown_node_is_named_with_exit_code_65()
    {
        var run = await Assign(Braess.Replace("3 4 1 1 10", "3 9 1 1 10", StringComparison.Ordinal));

        Assert.Equal(65, run.ExitCode);
        Assert.Contains("net.tntp:9: term_node 9; expected a node from 1 to 4", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flows_that_cannot_be_written_do_not_take_the_result_away_with_exit_code_74()
    {
        var run = await Assign(Braess, "--flows", _console.PathOf("none/flow.tntp"));

        Assert.Equal(74, run.ExitCode);
        Assert.Equal(552, run.Json.GetProperty("totalTravelTime").GetDouble(), 1e-6);
        Assert.Contains("none/flow.tntp cannot be written", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_console.PathOf("none")));
        Assert.True(File.Exists(_console.PathOf("run/report.html")));
        Assert.True(File.Exists(_console.PathOf("run/manifest.json")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_does_not_take_the_result_or_the_flows_away()
    {
        var run = await Assign(
            Braess, "--output", Path.Combine(_console.Write("file", ""), "run"), "--flows", _console.PathOf("flow.tntp"));

        Assert.Equal(74, run.ExitCode);
        Assert.Equal(552, run.Json.GetProperty("totalTravelTime").GetDouble(), 1e-6);
        Assert.Equal(6, File.ReadAllLines(_console.PathOf("flow.tntp")).Length);
    }

    [Fact]
    public async Task A_wish_to_stop_ends_it_with_the_flows_so_far_and_exit_code_75()
    {
        using var stop = new CancellationTokenSource();
        var (output, error) = (new StringWriter(), new CancellingWriter(stop));
        var code = await ConsoleApplication.Run(
            [
                "assign", _console.Write("net.tntp", "<COLOUR> red\n" + Braess), _console.Write("trips.tntp", Trips),
                "--format", "json", "--optimum", "--output", _console.PathOf("run"), "--flows", _console.PathOf("flow.tntp"),
            ],
            new ConsoleEnvironment
            {
                Output = output,
                Error = error,
                Data = _console.Data,
                Training = new VirtualTimeHost(_console.Data),
            },
            stop.Token);

        Assert.Equal(75, code);
        var result = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal("stopped", result.GetProperty("exitReason").GetString());
        Assert.InRange(result.GetProperty("relativeGap").GetDouble(), 1e-12, 1);
        Assert.False(result.TryGetProperty("priceOfAnarchy", out _));
        Assert.Equal(2, error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("the equilibrium has relative gap", error.ToString(), StringComparison.Ordinal);
        var flows = TntpFlowFile.Read(_console.PathOf("flow.tntp"));
        Assert.Equal(6, flows.Where(flow => flow.From == 1).Sum(flow => flow.Volume), 1e-9);
        Assert.True(File.Exists(_console.PathOf("run/report.html")));
    }

    [Fact]
    public async Task A_wish_to_stop_before_there_are_flows_is_said_with_exit_code_75()
    {
        var run = await _console.Run(
            new CancellationToken(canceled: true), "assign", _console.Write("net.tntp", Braess), _console.Write("trips.tntp", Trips));

        Assert.Equal((75, ""), (run.ExitCode, run.Output));
        Assert.Equal("oe: stopped before there was a result", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task A_missing_file_has_exit_code_66()
    {
        var run = await _console.Run("assign", _console.PathOf("none.tntp"), _console.PathOf("none.tntp"));

        Assert.Equal(66, run.ExitCode);
    }

    public void Dispose() => _console.Dispose();

    private Task<ConsoleRun> Assign(string network, params string[] more) => _console.Run(
    [
        "assign", _console.Write("net.tntp", network), _console.Write("trips.tntp", Trips),
        "--format", "json", .. more.Contains("--output") ? [] : (string[])["--output", _console.PathOf("run"), "--force"], .. more,
    ]);

    /// <summary>Stops the run at the first line on stderr: a warning, after the files were read.</summary>
    private sealed class CancellingWriter(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            stop.Cancel();
        }
    }
}
