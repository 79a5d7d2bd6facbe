using System.Text.Json;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Tests.Client;

/// <summary>The reproductions of games at their smallest scale.</summary>
public sealed class ReproduceGamesTests : IDisposable
{
    private readonly ConsoleHarness _console = new() { Data = new DataCatalog(Roots()) };

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

    [Fact]
    public async Task Price_of_anarchy_meets_its_constants_and_no_game_exceeds_a_bound()
    {
        var run = await Reproduce("price-of-anarchy", "--runs", "30");

        Assert.Equal(0, run.ExitCode);
        Assert.All(run.Json.GetProperty("claims").EnumerateArray(), claim =>
            Assert.True(claim.GetProperty("holds").GetBoolean(), claim.ToString()));
        Assert.Equal(10, run.Json.GetProperty("rows").GetArrayLength());
        Assert.All(run.Json.GetProperty("rows").EnumerateArray(), row =>
            Assert.InRange(Number(row, "largestPriceOfAnarchy"), Number(row, "meanPriceOfAnarchy"),
                Number(row, "bound") + 1e-9));
        AssertPage("Price of anarchy over demand");
    }

    [Fact]
    public async Task Power_control_meets_its_closed_forms()
    {
        var run = await Reproduce("power-control", "--runs", "5");

        Assert.Equal(0, run.ExitCode);
        Assert.All(run.Json.GetProperty("claims").EnumerateArray(), claim =>
            Assert.True(claim.GetProperty("holds").GetBoolean(), claim.ToString()));
        Assert.Equal(17, run.Json.GetProperty("rows").GetArrayLength());
        AssertPage("Share of the error left by a round");
    }

    [Fact]
    public async Task Eua_plays_the_papers_sets_up_to_the_users_asked_for()
    {
        SkipWithoutMelbourne();
        var run = await Reproduce("eua", "--runs", "1", "--most-users", "128");

        Assert.Equal(0, run.ExitCode);
        var rows = run.Json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(27, rows.Count);
        Assert.All(rows[..26], row =>
        {
            Assert.True(Allocated(row, "game") <= Allocated(row, "optimal"));
            Assert.True(Allocated(row, "random") <= Allocated(row, "optimal"));
            Assert.Equal(10, row.GetProperty("runs").GetInt32());
        });
        Assert.Equal((128, 256), (rows[26].GetProperty("users").GetInt32(),
            rows[26].GetProperty("servers").GetInt32()));
        Assert.Equal(128, Allocated(rows[26], "game"));
        AssertPage("The centre of Melbourne", "Set 1.3: system cost");
    }

    [Fact]
    public async Task Follow_me_trades_latency_for_backlog()
    {
        SkipWithoutMelbourne();
        var run = await Reproduce("follow-me", "--runs", "1", "--slots", "10");

        Assert.Equal(0, run.ExitCode);
        var rows = run.Json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(9 + 5 + 9 + 4, rows.Count);
        var best = rows[..9];
        Assert.True(Number(best[^1], "averageLatencySeconds") < Number(best[0], "averageLatencySeconds"));
        Assert.True(Number(best[^1], "averageBacklog") > Number(best[0], "averageBacklog"));
        Assert.True(Holds(run, "migration cost above budget + backlog / slots"));
        AssertPage("Latency against migration cost");
    }

    [Fact]
    public async Task Cross_edge_has_the_released_constants_and_never_beats_the_optimum()
    {
        SkipWithoutMelbourne();
        var run = await Reproduce("cross-edge", "--runs", "1", "--slots", "4");

        Assert.Equal(0, run.ExitCode);
        Assert.All(run.Json.GetProperty("claims").EnumerateArray().Take(11), claim =>
            Assert.True(claim.GetProperty("holds").GetBoolean(), claim.ToString()));
        Assert.True(Holds(run, "no policy is below the optimum on small slots"));
        Assert.Equal(6, run.Json.GetProperty("rows").GetArrayLength());
        AssertPage("From half-full batteries");
    }

    [Theory]
    [InlineData("eua")]
    [InlineData("follow-me")]
    [InlineData("cross-edge")]
    public async Task Data_that_is_not_there_has_exit_code_66(string figure)
    {
        var run = await Reproduce(figure, "--data", _console.PathOf("none"));

        Assert.Equal(66, run.ExitCode);
        Assert.Contains("no such data set; expected a folder with site-optus-melbCBD.csv",
            Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_console.PathOf("run")));
    }

    [Fact]
    public async Task A_folder_without_one_of_the_files_names_it()
    {
        var run = await Reproduce("eua", "--data", _console.Folder);

        Assert.Equal(66, run.ExitCode);
        Assert.Contains("site-optus-melbCBD.csv is missing", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chen-ton", "--runs", "0")]
    [InlineData("eua", "--most-users", "3")]
    [InlineData("follow-me", "--slots", "9")]
    [InlineData("power-control", "--data", "eua")]
    public async Task A_wrong_option_has_exit_code_64(string figure, string option, string value)
    {
        var run = await Reproduce(figure, option, value);

        Assert.Equal(64, run.ExitCode);
        Assert.Contains(option, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_cores_changes_nothing()
    {
        var one = await Reproduce("power-control", "--runs", "4", "--cores", "1");
        var two = await Reproduce("power-control", "--runs", "4", "--cores", "3");

        Assert.Equal(one.Json.GetProperty("rows").GetRawText(), two.Json.GetProperty("rows").GetRawText());
    }

    public void Dispose() => _console.Dispose();

    private static string[] Roots() => TestData.Folder("eua") is { } folder ? [Path.GetDirectoryName(folder)!] : [];

    private static void SkipWithoutMelbourne() =>
        Assert.SkipWhen(TestData.Folder("eua") is null, "the EUA data set is not here");

    private static double Allocated(JsonElement row, string way) =>
        row.GetProperty(way).GetProperty("allocatedUsers").GetDouble();

    private static double Number(JsonElement row, string name) => row.GetProperty(name).GetDouble();

    private static bool Holds(ConsoleRun run, string claim) => run.Json.GetProperty("claims").EnumerateArray()
        .Single(entry => entry.GetProperty("name").GetString() == claim).GetProperty("holds").GetBoolean();

    private Task<ConsoleRun> Reproduce(string figure, params string[] more) =>
        _console.Run(["reproduce", figure, "--format", "json", "--output", _console.PathOf("run"), "--force", .. more]);

    private void AssertPage(params string[] texts)
    {
        var report = File.ReadAllText(_console.PathOf("run/report.html"));
        Assert.All(texts, text => Assert.Contains(text, report, StringComparison.Ordinal));
        var table = File.ReadAllText(_console.PathOf("run/table.md"));
        Assert.Contains("| Statement | Expected | Here | Holds |", table, StringComparison.Ordinal);
        Assert.Contains("Made with `oe reproduce", table, StringComparison.Ordinal);
    }
}
