using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansEdge.Tests.Client;

/// <summary>Games from files, and drawn games that are written to files.</summary>
public sealed class GameFileTests : IDisposable
{
    private const string OfDotNet = @"\.NET|System\.|OrleansEdge\.";

    private readonly ConsoleHarness _console = new();
    private int _runs;

    /// <summary>Every game that has a format, in each of its forms.</summary>
    public static TheoryData<string, string> Drawn => new()
    {
        { "congestion", "--players 12 --resources 6 --degree 2" },
        { "singleton", "--players 300 --resources 7" },
        { "singleton", "--players 300 --resources 9 --allowed 3" },
        { "singleton", "--players 200 --resources 6 --player-specific" },
        { "network", "--players 30 --columns 4 --rows 3" },
        { "single-channel", "--players 9" },
        { "multi-channel", "--players 40 --channels 3 --received-power 1e-7 --input-bits 2.5e6" },
        { "user-allocation", "--players 60 --servers 20 --capacity 9.7" },
        { "power-control", "--players 5" },
        { "power-control", "--players 5 --utility rate --own-receivers" },
        { "channel-choice", "--players 9 --channels 3" },
        { "service-placement", "--players 8 --slots 5 --sites 4" },
        { "cross-edge", "--players 8 --slots 4 --sites 60" },
    };

    [Theory]
    [MemberData(nameof(Drawn))]
    public async Task A_drawn_game_that_was_written_and_read_again_ends_in_the_same_profile_at_the_same_cost(
        string game, string options)
    {
        var file = _console.PathOf("instance.json");
        var drawn = await Play(game, $"{options} --write-instance {file}");
        var read = await Play(game, $"--file {file}");

        Assert.Equal((0, 0, ""), (drawn.ExitCode, read.ExitCode, read.Error));
        foreach (var field in (string[])
            ["players", "traceHash", "steps", "socialCost", "potentialEnd", "maxRegret", "isEquilibrium", "baselines"])
        {
            Assert.Equal(drawn.Json.GetProperty(field).GetRawText(), read.Json.GetProperty(field).GetRawText());
        }
    }

    [Theory]
    [MemberData(nameof(Drawn))]
    public async Task A_null_in_any_list_of_a_game_is_refused_by_its_place(string game, string options)
    {
        var file = _console.PathOf("instance.json");
        await Play(game, $"{options} --write-instance {file}");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var places = Lists(JsonNode.Parse(text)).Select(list => list.GetPath()).ToArray();

        Assert.NotEmpty(places);
        foreach (var place in places)
        {
            var wrong = JsonNode.Parse(text);
            Lists(wrong).Single(list => list.GetPath() == place)[0] = null;
            var run = await Play(game, $"--file {_console.Write("null.json", wrong!.ToJsonString())}");

            Assert.Equal((65, ""), (run.ExitCode, run.Output));
            Assert.Contains(place[2..] + "[0]", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("congestion", "--players 3", "--players is given with --file; expected without")]
    [InlineData("congestion", "--degree 2", "--degree is given with --file")]
    [InlineData("congestion", "--write-instance other.json", "--write-instance is given with --file")]
    [InlineData("singleton", "--player-specific", "--player-specific is given with --file")]
    [InlineData("network", "--columns 9", "--columns is given with --file")]
    [InlineData("multi-channel", "--channels 2", "--channels is given with --file")]
    [InlineData("user-allocation", "--capacity 5", "--capacity is given with --file")]
    [InlineData("power-control", "--target 3", "--target is given with --file")]
    [InlineData("channel-choice", "--side 3", "--side is given with --file")]
    [InlineData("service-placement", "--slots 3", "--slots is given with --file")]
    [InlineData("cross-edge", "--deadline 3", "--deadline is given with --file")]
    public async Task An_option_that_a_file_overrides_is_refused_by_name(string game, string option, string expected)
    {
        var run = await Play(game, $"--file {_console.Write("any.json", "{}")} {option}");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service-placement", "--players 8 --slots 5 --sites 4", "greedy", "never-migrate")]
    [InlineData("service-placement", "--players 8 --slots 5 --sites 4", "markov", "random")]
    [InlineData("cross-edge", "--players 8 --slots 4 --sites 60", "racos", "random")]
    [InlineData("cross-edge", "--players 8 --slots 4 --sites 60", "fewest-sites", "best-response")]
    public async Task The_policy_of_a_file_counts_unless_another_is_given(
        string game, string options, string policy, string other)
    {
        var file = _console.PathOf("drawn.json");
        var drawn = await Play(game, $"{options} --data synthetic --policy {policy} --write-instance {file}");
        var again = await Play(game, $"--file {file}");
        var overridden = await Play(game, $"--file {file} --policy {other}");
        var drawnSo = await Play(game, $"{options} --data synthetic --policy {other}");

        Assert.Equal([policy, policy, other], new[] { drawn, again, overridden }.Select(
            run => run.Json.GetProperty("solver").GetString()!));
        foreach (var figure in new[] { "traceHash", "socialCost" })
        {
            Assert.Equal(drawn.Json.GetProperty(figure).GetRawText(), again.Json.GetProperty(figure).GetRawText());
            Assert.Equal(drawnSo.Json.GetProperty(figure).GetRawText(), overridden.Json.GetProperty(figure).GetRawText());
        }
    }

    [Theory]
    [InlineData("congestion")]
    [InlineData("singleton")]
    [InlineData("network")]
    [InlineData("multi-channel")]
    [InlineData("user-allocation")]
    [InlineData("power-control")]
    [InlineData("channel-choice")]
    [InlineData("service-placement")]
    [InlineData("cross-edge")]
    public async Task A_member_that_a_game_does_not_have_is_refused_by_name_and_line(string game)
    {
        var run = await Play(game, $"--file {_console.Write("own.json", "{\n  \"wieghts\": [1, 2]\n}")}");

        Assert.Equal((65, ""), (run.ExitCode, run.Output));
        var line = Assert.Single(run.ErrorLines);
        Assert.Matches(@"own\.json:2:\d+: \$\.wieghts: unknown member 'wieghts'; expected", line);
        Assert.DoesNotMatch(OfDotNet, line);
    }

    [Theory]
    [InlineData("""{"costs": [[1]], "costs": [[2]], "players": [[[0]]]}""", "costs")]
    [InlineData("""{"Costs": [[1]], "players": [[[0]]]}""", "Costs")]
    [InlineData("""{"costs": [["1"]], "players": [[[0]]]}""", "String stands where a number is expected")]
    [InlineData("""{"costs": [["NaN"]], "players": [[[0]]]}""", "String stands where a number is expected")]
    [InlineData("""{"costs": [[NaN]], "players": [[[0]]]}""", "own.json:1")]
    [InlineData("""{"costs": [[1e999]], "players": [[[0]]]}""", "1e999 is too large for a double")]
    [InlineData("""{"costs": [[1e308, 1e308]], "players": [[[0]], [[0]]]}""", "expected a finite number")]
    [InlineData("""{"costs": [[1]], "players": [[]]}""", "player 0: no strategy; expected at least 1")]
    [InlineData("""{"costs": [[1]], "players": [[[]]]}""", "player 0, strategy 0: no resource")]
    [InlineData("""{"costs": [[1]], "players": [[[-1]]]}""", "resource -1; expected 0 to 0")]
    [InlineData("""{"costs": [[1]], "players": [[[0.5]]]}""", "own.json:1")]
    [InlineData("""{"costs": [[1]], "players": [null]}""", "own.json")]
    [InlineData("""{"costs": [[1]], "players": [[[0]]], "weights": [0]}""", "player 0: weight 0; expected at least 1")]
    [InlineData("""{"costs": [[1]], "players": [[[0]]], "weights": [-2]}""", "player 0: weight -2; expected at least 1")]
    [InlineData("""{"costs": [[1]], "players": [[[0]]], "weights": [1, 2]}""", "2 weights for 1 players")]
    [InlineData("""{"costs": [[1]], "players": [[[0]]], "weights": [9000000000]}""", "expected at most 2147483646")]
    [InlineData("""{"costs": [[1]], "players": [[[0]]], "weights": [1.5]}""", "weights")]
    [InlineData("""{"costs": [[1], null], "players": [[[0]]]}""", "costs[1] is null")]
    [InlineData("""{"costs": [[1]], "players": [[[0]]], "cost": 1}""", "own.json:1:45: $.cost: unknown member 'cost'")]
    public async Task Whatever_else_is_wrong_in_a_game_gets_one_line_that_says_what(string text, string expected)
    {
        var run = await Play("congestion", $"--file {_console.Write("own.json", text)}");

        Assert.Equal((65, ""), (run.ExitCode, run.Output));
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotMatch(OfDotNet, run.Error);
    }

    [Theory]
    [InlineData("singleton", """{"playerCount": 1000000000000, "costs": [[1]]}""", "playerCount")]
    [InlineData("singleton", """{"playerCount": -1, "costs": [[1]]}""", "playerCount is -1; expected 1 to")]
    [InlineData("singleton", """{"costs": [[1]]}""", "either 'playerCount' or 'allowed'")]
    [InlineData("singleton", """{"slopes": [[1]], "offsets": [[1, 2]]}""", "offsets[0] has 2 values; expected 1")]
    [InlineData("network", """{"nodes": 2, "links": [[0]], "costs": [[1]], "players": [[0, 1]]}""", "links[0] has 1 values")]
    [InlineData("network", """{"nodes": 2000000000, "links": [[0, 1]], "costs": [[1]], "players": [[0, 1]]}""",
        "nodes is 2000000000")]
    [InlineData("network", """{"nodes": 2, "links": [[0, 1]], "costs": [[1]], "players": [[1, 0]]}""", "no path from node 1")]
    [InlineData("multi-channel", """{"channels": 0, "bandwidthHertz": 1, "noiseWatts": 1, "users": []}""", "Channels 0")]
    [InlineData("multi-channel", """{"channels": 1, "bandwidthHertz": 1, "noiseWatts": 1}""", "users")]
    [InlineData("power-control", """{"gains": [[1]], "noiseWatts": 1, "processingGain": 1, "mostWatts": 1, "utility": "rate", "targetSinr": 2}""",
        "'pricePerWatt' with any other")]
    [InlineData("channel-choice", """{"gains": [[1, 2]], "watts": [1], "channels": 1}""", "gains[0] has 2 values; expected 1")]
    [InlineData("channel-choice", """{"gains": [[1, 2], [3, -4]], "watts": [1, 1], "channels": 1}""",
        "gains[1][1] is -4; expected a number of at least 0")]
    [InlineData("single-channel", """{"channels": 1, "bandwidthHertz": 1, "noiseWatts": 1, "users": null}""", "'users' is null")]
    public async Task The_other_formats_are_checked_as_well(string game, string text, string expected)
    {
        var run = await Play(game, $"--file {_console.Write("own.json", text)}");

        Assert.Equal((65, ""), (run.ExitCode, run.Output));
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotMatch(OfDotNet, run.Error);
    }

    [Fact]
    public async Task More_sites_than_there_can_be_are_refused_at_once()
    {
        var file = _console.PathOf("instance.json");
        await Play("cross-edge", $"--players 8 --slots 4 --sites 60 --write-instance {file}");
        var wrong = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        wrong["sites"] = int.MaxValue;
        var run = await Play("cross-edge", $"--file {_console.Write("own.json", wrong.ToJsonString())}");

        Assert.Equal((65, ""), (run.ExitCode, run.Output));
        Assert.Contains("sites is 2147483647; expected at most", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_is_skipped() => Assert.Equal(
        1, (await Solve("\uFEFF{\"costs\": [[1]], \"players\": [[[0]]]}")).GetProperty("socialCost").GetDouble());

    [Fact]
    public async Task A_tolerance_is_not_scaled_by_a_cost_that_nobody_pays()
    {
        var run = await Solve(
            """{"costs": [[4.5],[4],[1],[1],[1e18]], "players": [[[0,1],[2,3],[4,0]]]}""");

        Assert.Equal((0, 0), (run.GetProperty("maxRegret").GetDouble(), run.GetProperty("tolerance").GetDouble()));
        Assert.Equal((1, 1), (
            run.GetProperty("priceOfAnarchy").GetDouble(), run.GetProperty("equilibria").GetInt32()));
        Assert.Equal("[1]", JsonSerializer.Serialize(run.GetProperty("profile")));
    }

    [Fact]
    public async Task Weights_make_a_weighted_game()
    {
        var run = await Solve(
            """{"costs": [[0, 1], [2]], "players": [[[0], [1]], [[0], [1]]], "weights": [1, 2]}""");

        // On [0, 0] player 0 would pay three, and two after leaving.
        Assert.NotEqual("[0,0]", JsonSerializer.Serialize(run.GetProperty("profile")));
        Assert.True(run.GetProperty("isEquilibrium").GetBoolean());
        Assert.Equal((2, 5, 1.2), (
            run.GetProperty("equilibria").GetInt32(), run.GetProperty("optimumCost").GetDouble(),
            run.GetProperty("priceOfAnarchy").GetDouble()));
    }

    [Fact]
    public async Task A_ratio_over_an_optimum_below_zero_is_null_and_undefined_in_words()
    {
        const string Text =
            """{"costs": [[-3, 1], [0]], "players": [[[0], [1]], [[0], [1]], [[0], [1]], [[0], [1]], [[0], [1]]]}""";
        var run = await Solve(Text);
        var text = await _console.Run("play", "congestion", "--optimum", "--file", _console.Write("own.json", Text), "--output",
            _console.PathOf("text"));

        Assert.Equal(JsonValueKind.Null, run.GetProperty("priceOfAnarchy").ValueKind);
        Assert.Equal(-2, run.GetProperty("optimumCost").GetDouble());
        Assert.Equal("0", run.GetProperty("socialCost").GetRawText());
        Assert.Contains("undefined", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", text.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?<![\w.-])-0(?![.\w])", text.Output);
    }

    [Theory]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740992],[1")]
    public async Task Integers_above_2_to_the_53_are_told_apart(string costs)
    {
        var own = costs.Contains(',', StringComparison.Ordinal) ? "[0, 1], [2]" : "[0], [1]";
        var run = await Solve($$"""{"costs": [[{{costs}}], [9007199254740992]], "players": [[{{own}}]]}""");

        Assert.Equal("[1]", JsonSerializer.Serialize(run.GetProperty("profile")));
        Assert.Equal((1, 0), (run.GetProperty("equilibria").GetInt32(), run.GetProperty("maxRegret").GetDouble()));
    }

    [Fact]
    public async Task A_profile_that_is_no_equilibrium_by_one_in_2_to_the_53_is_not_certified()
    {
        var file = _console.Write(
            "own.json", """{"costs": [[9007199254740993], [9007199254740992]], "players": [[[0], [1]]]}""");
        var run = await Play("congestion", $"--file {file} --epsilon 1");

        Assert.True(run.Json.GetProperty("isEquilibrium").GetBoolean());
        Assert.Equal((1, 1), (
            run.Json.GetProperty("maxRegret").GetDouble(), run.Json.GetProperty("regretfulPlayers").GetInt32()));
    }

    public void Dispose() => _console.Dispose();

    /// <summary>The lists of a game that hold something, of long ones only what is in their first places.</summary>
    private static IEnumerable<JsonArray> Lists(JsonNode? node) => node switch
    {
        JsonArray { Count: > 0 } list => [list, .. list.Take(2).SelectMany(Lists)],
        JsonObject members => members.SelectMany(member => Lists(member.Value)),
        _ => [],
    };

    private async Task<JsonElement> Solve(string text)
    {
        var run = await Play("congestion", $"--file {_console.Write("own.json", text)} --optimum --profile");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run.Json;
    }

    private Task<ConsoleRun> Play(string game, string options) => _console.Run(
        ["play", game, "--format", "json", "--quiet", "--output", _console.PathOf(_runs++ == 0 ? "run" : $"run-{_runs}"), .. options.Split(' ')]);
}
