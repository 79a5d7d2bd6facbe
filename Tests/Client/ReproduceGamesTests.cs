using System.Text.Json;

namespace OrleansEdge.Tests.Client;

/// <summary>The reproductions of games at their smallest scale.</summary>
public sealed class ReproduceGamesTests : IDisposable
{
    private readonly ConsoleHarness _console = new();

    [Fact]
    public async Task Chen_ton_sets_every_number_of_users_beside_the_papers_chart()
    {
        var run = await Reproduce("chen-ton", "--runs", "2");

        Assert.Equal(0, run.ExitCode);
        var rows = run.Json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(24, rows.Count);
        Assert.Equal([15, 20, 25, 30, 35, 40, 45, 50], rows[..8].Select(row => row.GetProperty("users").GetInt32()));
        Assert.All(rows, row =>
        {
            Assert.True(Number(row, "totalOverhead") < Number(row, "localOverhead"));
            Assert.True(Number(row, "beneficialUsers") <= row.GetProperty("users").GetInt32());
            Assert.True(Number(row, "beneficialUsersOfThoseRuns") <= Number(row, "centralBeneficialUsers") + 1);
            Assert.Equal(0, row.GetProperty("withRegretfulOffloader").GetInt32());
        });
        Assert.True(Holds(run, "the potential falls with every slot (all readings)"));
        AssertPage("Beside the paper", "Slots until the equilibrium", "the paper\\u0027s chart");
    }

    public void Dispose() => _console.Dispose();

    private static double Number(JsonElement row, string name) => row.GetProperty(name).GetDouble();

    private static bool Holds(ConsoleRun run, string claim) => run.Json.GetProperty("claims").EnumerateArray()
        .Single(entry => entry.GetProperty("name").GetString() == claim).GetProperty("holds").GetBoolean();

    private Task<ConsoleRun> Reproduce(string figure, params string[] more) =>
        _console.Run(["reproduce", figure, "--format", "json", "--output", _console.PathOf("run"), .. more]);

    private void AssertPage(params string[] texts)
    {
        var report = File.ReadAllText(_console.PathOf("run/report.html"));
        Assert.All(texts, text => Assert.Contains(text, report, StringComparison.Ordinal));
        var table = File.ReadAllText(_console.PathOf("run/table.md"));
        Assert.Contains("| Statement | Expected | Here | Holds |", table, StringComparison.Ordinal);
        Assert.Contains("Made with `oe reproduce", table, StringComparison.Ordinal);
    }
}
