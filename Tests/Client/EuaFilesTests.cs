namespace OrleansEdge.Tests.Client;

/// <summary>What <c>play</c> makes of EUA files as spreadsheets write them.</summary>
public sealed class EuaFilesTests : IDisposable
{
    private const string Sites = "site-optus-melbCBD.csv";
    private const string Users = "users-melbcbd-generated.csv";
    private const string Border = "melbcbd-boundary.csv";

    private readonly ConsoleHarness _console = new();

    [Fact]
    public async Task A_name_with_a_comma_in_quotes_changes_no_cost()
    {
        var lines = Copy();
        lines[1] = "10003026,-37.81517,144.97476,\"Corner Spring St, Flinders St\",VIC,2,,Within 10 meters,,KX3P";
        _console.Write(Sites, string.Join("\r\n", lines) + "\r\n\r\n");
        var run = await Play();

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(637.6390016973019, run.Json.GetProperty("systemCost").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task Columns_the_wrong_way_round_are_named()
    {
        Copy();
        _console.Write(Users, "Longitude,Latitude\n-37.8146,144.9744\n");
        var run = await Play();

        Assert.Equal((65, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(
            $"oe: {Users}:2: latitude \"144.9744\" and longitude \"-37.8146\" are swapped", Assert.Single(run.ErrorLines),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Semicolons_are_named()
    {
        _console.Write(Sites, string.Join('\n', Copy()).Replace(',', ';'));
        var run = await Play();

        Assert.Equal((65, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(
            $"oe: {Sites}:1: semicolons between the columns", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    public void Dispose() => _console.Dispose();

    private Task<ConsoleRun> Play() => _console.Run(
        "play", "user-allocation", "--data", _console.Folder, "--seed", "5", "--format", "json", "--quiet",
        "--output", _console.PathOf("run"), "--force");

    /// <summary>Copies the data set, and gives the lines of its sites.</summary>
    private string[] Copy()
    {
        var folder = TestData.Folder("eua");
        Assert.SkipWhen(folder is null, "the EUA data set is not here");
        foreach (var name in new[] { Sites, Users, Border })
        {
            _console.Write(name, File.ReadAllText(Path.Combine(folder, name)));
        }
        return File.ReadAllLines(_console.PathOf(Sites));
    }
}
