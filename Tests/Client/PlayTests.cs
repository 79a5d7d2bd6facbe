using System.Globalization;

namespace OrleansEdge.Tests.Client;

public sealed class PlayTests : IDisposable
{
    private static readonly string[] CommonFields =
    [
        "command", "game", "players", "seed", "traceHash", "steps", "slots", "messages", "socialCost", "potentialStart",
        "potentialEnd", "maxRegret", "meanRegret", "isEquilibrium", "exitReason", "wallSeconds",
    ];

    private readonly ConsoleHarness _console = new();

    /// <summary>Every game with options that make it small, and the fields that only it has.</summary>
    public static TheoryData<string, string, string> Games => new()
    {
        { "congestion", "--players 6 --resources 5 --strategies 3 --optimum", "priceOfAnarchy optimumCost equilibria" },
        { "congestion", "--players 60 --resources 9 --optimum", "optimumAtMost optimumAtLeast priceOfAnarchyAtLeast" },
        { "singleton", "--players 300 --resources 7 --optimum", "priceOfAnarchy optimumCost" },
        { "singleton", "--players 300 --resources 9 --allowed 3 --optimum", "optimumAtLeast optimumAtMost" },
        { "singleton", "--players 200 --resources 6 --player-specific", "solver" },
        { "network", "--players 30 --columns 4 --rows 3 --pairs 1 --optimum", "priceOfAnarchy optimumCost links" },
        { "network", "--players 30 --columns 4 --rows 3 --optimum", "optimumAtMost priceOfAnarchyAtLeast" },
        { "single-channel", "--players 9 --optimum", "beneficialUsers totalOverhead priceOfAnarchy optimumCost" },
        { "multi-channel", "--players 9 --channels 2 --optimum", "beneficialUsers totalOverhead priceOfAnarchy" },
        { "user-allocation", "--players 60 --servers 20", "allocatedUsers serversUsed systemCost" },
        { "service-placement", "--players 8 --slots 5 --sites 4", "averageLatencySeconds averageMigrationCost backlog" },
        { "cross-edge", "--players 8 --slots 4 --sites 60", "averageCost droppedTasks batteryJoules" },
        { "power-control", "--players 5", "totalWatts leastSinr spectralRadius" },
        { "channel-choice", "--players 9 --channels 3 --optimum", "priceOfAnarchy optimumCost" },
    };

    [Theory]
    [MemberData(nameof(Games))]
    public async Task Every_game_ends_in_a_certified_equilibrium_with_its_fields_and_files(
        string game, string options, string fields)
    {
        var run = await Play(game, options);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        foreach (var field in CommonFields.Concat(fields.Split(' ')))
        {
            Assert.True(run.Json.TryGetProperty(field, out _), $"{game} has no {field}");
        }
        Assert.Equal(game, run.Json.GetProperty("game").GetString());
        Assert.True(run.Json.GetProperty("isEquilibrium").GetBoolean());
        Assert.False(run.Json.TryGetProperty("profile", out _));
        Assert.Contains("Certificate", File.ReadAllText(_console.PathOf("run/report.html")), StringComparison.Ordinal);
        Assert.True(File.Exists(_console.PathOf("run/manifest.json")));
    }

    [Theory]
    [MemberData(nameof(Games))]
    public async Task The_same_seed_gives_the_same_equilibrium_and_another_seed_another_instance(
        string game, string options, string fields)
    {
        var (first, again) = (await Play(game, options), await Play(game, options));
        var other = await Play(game, options + " --seed 2");

        Assert.NotEmpty(fields);
        Assert.Equal(WithoutTime(first), WithoutTime(again));
        Assert.NotEqual(
            first.Json.GetProperty("socialCost").GetDouble(), other.Json.GetProperty("socialCost").GetDouble());
    }

    [Theory]
    [InlineData("congestion", "--players 7", 7)]
    [InlineData("singleton", "--players 40 --resources 3", 40)]
    [InlineData("network", "--players 11", 11)]
    [InlineData("multi-channel", "--players 12", 12)]
    [InlineData("user-allocation", "--players 13 --servers 9", 13)]
    [InlineData("power-control", "--players 4", 4)]
    public async Task The_profile_names_a_strategy_for_every_player(string game, string options, int players)
    {
        var run = await Play(game, options + " --profile");

        Assert.Equal(players, run.Json.GetProperty("profile").GetArrayLength());
    }

    [Fact]
    public async Task Players_as_grains_end_where_players_in_memory_do()
    {
        const string Game = "--players 24 --channels 3 --received-power 1e-7 --input-bits 2.5e6";
        var memory = (await Play("multi-channel", Game)).Json;
        var faithful = (await Play("multi-channel", Game + " --mode faithful")).Json;

        foreach (var field in (string[])["traceHash", "steps", "slots", "messages", "potentialEnd", "totalOverhead"])
        {
            Assert.Equal(memory.GetProperty(field).GetRawText(), faithful.GetProperty(field).GetRawText());
        }
        Assert.True(faithful.GetProperty("networkBytes").GetInt64() > 0);
        Assert.Equal(24, faithful.GetProperty("grains").GetInt32());
    }

    [Fact]
    public async Task Groups_of_players_reach_a_certified_equilibrium()
    {
        var run = await Play("multi-channel", "--players 3000 --channels 10 --received-power 1e-7 --mode scaled");

        Assert.Equal(0, run.ExitCode);
        Assert.True(run.Json.GetProperty("isEquilibrium").GetBoolean());
        Assert.Equal(3, run.Json.GetProperty("grains").GetInt32());
        Assert.True(
            run.Json.GetProperty("potentialEnd").GetDouble() < run.Json.GetProperty("potentialStart").GetDouble());
    }

    [Theory]
    [InlineData("round-robin")]
    [InlineData("random")]
    [InlineData("largest-gain")]
    [InlineData("independent-sets")]
    [InlineData("one-winner")]
    public async Task Every_schedule_reaches_an_equilibrium_below_the_start(string schedule)
    {
        var run = await Play("congestion", $"--players 40 --schedule {schedule} --response better");

        Assert.Equal(0, run.ExitCode);
        Assert.True(run.Json.GetProperty("isEquilibrium").GetBoolean());
        Assert.True(
            run.Json.GetProperty("potentialEnd").GetDouble() < run.Json.GetProperty("potentialStart").GetDouble());
        Assert.True(run.Json.GetProperty("steps").GetDouble() <= run.Json.GetProperty("stepBound").GetDouble());
    }

    [Fact]
    public async Task Water_filling_and_best_response_find_the_same_potential()
    {
        var filled = await Play("singleton", "--players 500 --resources 8");
        var played = await Play("singleton", "--players 500 --resources 8 --schedule random");

        Assert.Equal("water-filling", filled.Json.GetProperty("solver").GetString());
        Assert.Equal(
            filled.Json.GetProperty("potentialEnd").GetDouble(), played.Json.GetProperty("potentialEnd").GetDouble());
    }

    [Fact]
    public async Task A_game_of_ones_own_is_read_from_a_file()
    {
        // The tight instance of games.md 3.3: the two-hop profile is an equilibrium of cost 10, the optimum costs 4.
        var file = _console.Write("tight.json", """
            {
              "costs": [[0, 1], [0, 1], [0, 1], [0, 1], [0], [0]],
              "players": [[[0], [1, 3]], [[1], [0, 2]], [[2], [4, 1]], [[3], [5, 0]]]
            }
            """);
        var run = await Play("congestion", $"--file {file} --optimum");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(4, run.Json.GetProperty("optimumCost").GetDouble());
        Assert.Equal(2.5, run.Json.GetProperty("priceOfAnarchy").GetDouble());
        Assert.Equal(16, run.Json.GetProperty("profiles").GetInt32());
    }

    [Theory]
    [InlineData("""{"costs": [[0, 1]], "players": [[[0], [1]]]}""", "resource 1; expected 0 to 0")]
    [InlineData("""{"costs": [[0, 1]], "players": []}""", "missing or empty")]
    [InlineData("""{"costs": [[0, 1], []], "players": [[[0]]]}""", "costs[1] is empty")]
    [InlineData("""{"costs": [[0, 1e999]], "players": [[[0]]]}""", "expected")]
    [InlineData("""{"costs": [["x"]], "players": [[[0]]]}""", "expected 'costs' as lists of numbers")]
    [InlineData("""{"costs": [[0, 1]], "players": [[[0, 0]]]}""", "resource 0 twice; expected once")]
    [InlineData("""{"costs": [[1""", "own.json:1")]
    public async Task A_wrong_game_file_gets_one_line_with_exit_code_65(string text, string expected)
    {
        var run = await Play("congestion", $"--file {_console.Write("own.json", text)}");

        Assert.Equal(65, run.ExitCode);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains("own.json", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("congestion", "--set-size 11", 64, "--set-size is 11")]
    [InlineData("congestion", "--schedule sometimes", 64, "expected one of round-robin")]
    [InlineData("congestion", "--epsilon 1 --relative-epsilon 0.1", 64,
        "--relative-epsilon is given with --epsilon; expected one")]
    [InlineData("congestion", "--file nowhere.json", 66, "nowhere.json")]
    [InlineData("singleton", "--resources 4 --allowed 5", 64, "--allowed is 5")]
    [InlineData("singleton", "--player-specific --optimum", 64, "--optimum is given with --player-specific")]
    [InlineData("multi-channel", "--players 0", 64, "--players is 0; expected an integer from 1")]
    [InlineData("multi-channel", "--bandwidth -1", 64, "--bandwidth is -1; expected a number above 0")]
    [InlineData("multi-channel", "--bandwidth NaN", 64, "--bandwidth is NaN")]
    [InlineData("multi-channel", "--mode elsewhere", 64, "--mode is elsewhere; expected one of memory")]
    [InlineData("multi-channel", "--mode scaled --epsilon 1", 64, "--epsilon is given with --mode scaled")]
    [InlineData("single-channel", "--channels 2", 64, "--channels is unknown")]
    [InlineData("user-allocation", "--data nowhere", 66, "--data is nowhere")]
    [InlineData("user-allocation", "--players 817 --data synthetic", 65, "817 places of users")]
    [InlineData("user-allocation", "--least-coverage 9 --most-coverage 8", 64, "MostCoverageMeters 8")]
    [InlineData("cross-edge", "--deadline 0.0001", 65, "DeadlineSeconds 0.0001; expected at least")]
    [InlineData("cross-edge", "--players 900 --data synthetic", 65, "900 or more")]
    public async Task Bad_input_gets_one_line_and_its_exit_code(string game, string options, int code, string expected)
    {
        var run = await Play(game, options);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_console.PathOf("run")));
    }

    [Theory]
    [InlineData("network", "--max-steps 3", "largest regret")]
    [InlineData("power-control", "--max-rounds 2", "largest regret")]
    public async Task A_game_that_is_not_finished_says_so_with_exit_code_75(string game, string options, string expected)
    {
        var run = await Play(game, options);

        Assert.Equal(75, run.ExitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.False(run.Json.GetProperty("isEquilibrium").GetBoolean());
        Assert.Equal("stepLimit", run.Json.GetProperty("exitReason").GetString());
    }

    [Fact]
    public async Task A_broken_line_of_the_users_file_is_named_with_exit_code_65()
    {
        Directory.CreateDirectory(_console.PathOf("area"));
        _console.Write("area/site-optus-melbCBD.csv", "SITE_ID,LATITUDE,LONGITUDE\n1,-37.81,144.96\n");
        _console.Write("area/users-melbcbd-generated.csv", "Latitude,Longitude\n-37.81,144.96\n-37.81\n");
        _console.Write(
            "area/melbcbd-boundary.csv", "LATITUDE,LONGITUDE\n-37.8,144.9\n-37.8,145\n-37.9,145\n-37.9,144.9\n");
        var run = await Play("user-allocation", $"--players 1 --servers 1 --data {_console.PathOf("area")}");

        Assert.Equal(65, run.ExitCode);
        Assert.Contains("users-melbcbd-generated.csv:3", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_output_shows_the_verdict_and_the_baselines()
    {
        var run = await _console.Run("play", "multi-channel", "--players", "10", "--output", _console.PathOf("run"));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("yes, certified", run.Output, StringComparison.Ordinal);
        Assert.Contains("central greedy", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _console.Dispose();

    private Task<ConsoleRun> Play(string game, string options) => _console.Run(
        ["play", game, "--format", "json", "--output", _console.PathOf("run"), "--force", .. options.Split(' ')]);

    private static string WithoutTime(ConsoleRun run) => string.Join('\n', run.Json.EnumerateObject()
        .Where(field => field.Name != "wallSeconds")
        .Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Name} {field.Value.GetRawText()}")));
}
