using OrleansEdge.Tests.Data;

namespace OrleansEdge.Tests.Client;

/// <summary>An option that writes a file never takes away what the same run reads or writes.</summary>
public sealed class OutputFilesTests : IDisposable
{
    private readonly ConsoleHarness _console = new();

    [Theory]
    [InlineData("net.tntp", "NET")]
    [InlineData("trips.tntp", "TRIPS")]
    [InlineData("scenario.json", "--scenario")]
    [InlineData("./link.tntp", "NET")]
    [InlineData("other/net.tntp", "NET")]
    public async Task Flows_onto_an_input_are_refused_before_the_work(string flows, string expected)
    {
        var net = _console.Write("net.tntp", TntpFiles.Head + TntpFiles.Links);
        var trips = _console.Write("trips.tntp", TntpFiles.Trips);
        File.CreateSymbolicLink(_console.PathOf("link.tntp"), net);
        Directory.CreateSymbolicLink(_console.PathOf("other"), _console.Folder);
        var run = await _console.Run(
            "assign", net, trips, "--flows", _console.PathOf(flows), "--scenario", _console.Write("scenario.json", "{}"),
            "--output", _console.PathOf("run"));

        Assert.Equal((64, ""), (run.ExitCode, run.Output));
        Assert.EndsWith(
            $"which is {expected} too; expected a file of its own", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal((TntpFiles.Head + TntpFiles.Links, "{}"), (
            File.ReadAllText(net), File.ReadAllText(_console.PathOf("scenario.json"))));
        Assert.False(Directory.Exists(_console.PathOf("run")));
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("report.html")]
    [InlineData("../run/.oe-lock")]
    public async Task A_file_of_the_run_folder_itself_is_refused_before_the_work(string name)
    {
        var path = _console.PathOf($"run/{name}");
        var run = await _console.Run("play", "congestion", "--output", _console.PathOf("run"), "--write-instance", path);

        Assert.Equal((64, ""), (run.ExitCode, run.Output));
        Assert.Equal(
            $"oe: --write-instance is {path}, which the run writes into --output itself; expected another name",
            Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task A_file_of_a_folder_of_data_is_refused_before_the_work()
    {
        Directory.CreateDirectory(_console.PathOf("data"));
        var users = _console.Write("data/users.csv", "1,2");
        var run = await _console.Run(
            "play", "user-allocation", "--data", _console.PathOf("data"), "--write-instance", users,
            "--output", _console.PathOf("run"));

        Assert.Equal((64, "1,2"), (run.ExitCode, File.ReadAllText(users)));
        Assert.Equal(
            $"oe: --write-instance is {users}, a file of the folder that --data reads; expected a file of its own",
            Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task Another_name_in_the_run_folder_is_written()
    {
        var run = await _console.Run(
            "play", "congestion", "--quiet", "--output", _console.PathOf("run"),
            "--write-instance", _console.PathOf("run/game.json"));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.True(File.Exists(_console.PathOf("run/game.json")) && File.Exists(_console.PathOf("run/manifest.json")));
    }

    public void Dispose() => _console.Dispose();
}
