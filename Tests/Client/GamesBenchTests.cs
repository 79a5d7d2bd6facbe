using System.Text.Json;

namespace OrleansEdge.Tests.Client;

public sealed class GamesBenchTests : IDisposable
{
    private readonly ConsoleHarness _console = new();

    [Fact]
    public async Task All_measured_games_are_certified()
    {
        var run = await _console.Run(
            "bench", "games", "--players", "2000", "--runs", "2", "--format", "json", "--quiet");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.True(run.Json.GetProperty("peakMebibytes").GetDouble() > 0);
        var cases = run.Json.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal(
            ["singleton, symmetric", "singleton, 8 allowed", "singleton, player-specific", "multi-channel",
                "grid of streets to 1e-12", "streets over capacity to 1e-12"],
            cases.Select(one => one.GetProperty("name").GetString()));
        Assert.All(cases, one =>
        {
            Assert.True(one.GetProperty("isEquilibrium").GetBoolean());
            Assert.True(one.GetProperty("secondsP50").GetDouble() <= one.GetProperty("secondsP99").GetDouble());
            Assert.Equal(JsonValueKind.Null, one.GetProperty("goalSeconds").ValueKind);
        });
    }

    [Fact]
    public async Task The_text_is_a_table()
    {
        var run = await _console.Run("bench", "games", "--players", "1000", "--runs", "1", "--quiet");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("singleton, 8 allowed", run.Output, StringComparison.Ordinal);
        Assert.Contains("peak memory", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _console.Dispose();
}
