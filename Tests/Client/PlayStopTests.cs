namespace OrleansEdge.Tests.Client;

/// <summary>A wish to stop leaves what there is; what is bad and what is better stands beside the result.</summary>
public sealed class PlayStopTests : IDisposable
{
    private readonly ConsoleHarness _console = new();

    /// <summary>Every game in every mode, large enough not to be at an equilibrium at once.</summary>
    public static TheoryData<string> Games => new(
        "congestion --optimum",
        "congestion --schedule largest-gain",
        "congestion --schedule independent-sets",
        "congestion --schedule one-winner --response better",
        "singleton --schedule random",
        "singleton --allowed 3 --players 3000",
        "singleton --player-specific",
        "network --optimum",
        "single-channel --schedule random --players 90",
        "multi-channel --received-power 1e-7 --input-bits 2.5e6 --optimum",
        "multi-channel --received-power 1e-7 --input-bits 2.5e6 --mode faithful",
        "multi-channel --received-power 1e-7 --input-bits 2.5e6 --players 6000",
        "multi-channel --received-power 1e-7 --input-bits 2.5e6 --players 6000 --mode scaled",
        "user-allocation --optimum --data synthetic",
        "service-placement --data synthetic --players 20",
        "service-placement --data synthetic --players 20 --policy markov",
        "cross-edge --data synthetic --slots 9",
        "power-control",
        "channel-choice --optimum");

    [Theory]
    [MemberData(nameof(Games))]
    public async Task A_game_that_is_stopped_prints_what_it_has_and_exits_with_75(string command)
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        var run = await _console.Run(
            stopped.Token,
            ["play", .. command.Split(' '), "--quiet", "--format", "json", "--output", _console.PathOf("run"), "--force"]);

        Assert.Equal(75, run.ExitCode);
        Assert.Contains("stopped", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(("stopped", false), (
            run.Json.GetProperty("exitReason").GetString(), run.Json.GetProperty("isEquilibrium").GetBoolean()));
        Assert.True(run.Json.TryGetProperty("maxRegret", out _));
        Assert.True(File.Exists(_console.PathOf("run/manifest.json")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_a_warning_after_the_result()
    {
        var run = await _console.Run(
            "play", "congestion", "--format", "json", "--quiet", "--output", _console.Write("taken", "a file"));

        Assert.Equal(0, run.ExitCode);
        Assert.True(run.Json.GetProperty("isEquilibrium").GetBoolean());
        Assert.Contains("warning", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dropped_tasks_and_costs_over_the_budget_are_said()
    {
        var edge = await Play("cross-edge", "--players 60 --slots 8 --sites 4 --data synthetic");
        var placement = await Play("service-placement", "--players 40 --slots 6 --budget 0 --data synthetic");

        Assert.Contains("tasks were dropped", Warnings(edge), StringComparison.Ordinal);
        Assert.Contains("over the budget of 0", Warnings(placement), StringComparison.Ordinal);
        Assert.Contains("! ", (await Text("cross-edge", "--players 60 --slots 8 --sites 4 --data synthetic")).Output,
            StringComparison.Ordinal);
        Assert.Contains("tasks were dropped", File.ReadAllText(_console.PathOf("run/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_baseline_that_is_better_in_every_column_is_named()
    {
        // Both on the first resource pay 4 together, and neither gains by leaving; apart they would pay 3.
        var file = _console.Write("pigou.json", """{"costs": [[0, 1], [2]], "players": [[[0], [1]], [[0], [1]]]}""");
        var named = 0;
        for (var seed = 1; seed <= 8; seed++)
        {
            var run = await Play("congestion", $"--file {file} --seed {seed}");
            Assert.Equal(4, run.Json.GetProperty("socialCost").GetDouble());
            foreach (var baseline in run.Json.GetProperty("baselines").EnumerateArray())
            {
                var name = baseline.GetProperty("name").GetString()!;
                var isBetter = baseline.GetProperty("socialCost").GetDouble() < 4
                    && !name.Contains("optimum", StringComparison.Ordinal);
                Assert.Equal(isBetter, Warnings(run).Contains($"'{name}' is better", StringComparison.Ordinal));
                named += name == "random" && isBetter ? 1 : 0;
            }
        }
        Assert.InRange(named, 1, 7);
    }

    [Theory]
    [InlineData("congestion", "greedy random")]
    [InlineData("singleton", "even_split random optimum")]
    [InlineData("singleton --allowed 3", "greedy random")]
    [InlineData("singleton --player-specific", "greedy random")]
    [InlineData("network", "shortest_empty_paths greedy")]
    [InlineData("single-channel", "all_local all_offload random central_greedy")]
    [InlineData("multi-channel --players 6000", "all_local all_offload random")]
    [InlineData("user-allocation --data synthetic", "greedy random nobody_allocated")]
    [InlineData("service-placement --players 9 --slots 3 --data synthetic", "never-migrate greedy random")]
    [InlineData("cross-edge --players 9 --slots 3 --data synthetic", "fewest-sites random all_dropped")]
    [InlineData("power-control", "all_at_most_power")]
    [InlineData("channel-choice", "greedy random")]
    public async Task Next_to_the_certificate_stand_the_baselines(string game, string names)
    {
        var run = await _console.Run(
            ["play", .. game.Split(' '), "--quiet", "--format", "json", "--output", _console.PathOf("run"), "--force"]);

        var found = run.Json.GetProperty("baselines").EnumerateArray().Select(one => one.GetProperty("name").GetString());
        Assert.All(names.Split(' '), name => Assert.Contains(name.Replace('_', ' '), found));
        Assert.Equal(System.Text.Json.JsonValueKind.Array, run.Json.GetProperty("warnings").ValueKind);
    }

    [Theory]
    [InlineData("user-allocation", "--capacity 0", "--capacity is 0; expected a number above 0")]
    [InlineData("user-allocation", "--servers 0", "--servers is 0; expected an integer from 1")]
    [InlineData("congestion", "--players 1000000000000", "--players is 1000000000000; expected an integer from 1")]
    [InlineData("congestion", "--players 10000 --strategies 100 --set-size 100 --resources 100", "multiplied")]
    [InlineData("multi-channel", "--received-power 1e-7 --radius 9", "--radius is given with --received-power")]
    [InlineData("multi-channel", "--mode faithful --players 1000000", "--players is 1000000 with --mode faithful")]
    [InlineData("power-control", "--utility rate --target 3", "--target is given with --utility rate")]
    [InlineData("power-control", "--price 3", "--price is given with --utility target")]
    public async Task Options_that_would_have_no_effect_or_no_sense_are_refused(
        string game, string options, string expected)
    {
        var run = await Play(game, options);

        Assert.Equal((64, ""), (run.ExitCode, run.Output));
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service-placement")]
    [InlineData("cross-edge")]
    public async Task More_sites_than_the_data_has_are_refused(string game)
    {
        var run = await Play(game, "--sites 126 --data synthetic");

        Assert.Equal(65, run.ExitCode);
        Assert.Contains("--sites is 126", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    public void Dispose() => _console.Dispose();

    private static string Warnings(ConsoleRun run) => string.Join(
        '\n', run.Json.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()));

    private Task<ConsoleRun> Play(string game, string options) => _console.Run(
        ["play", game, "--format", "json", "--quiet", "--output", _console.PathOf("run"), "--force", .. options.Split(' ')]);

    private Task<ConsoleRun> Text(string game, string options) => _console.Run(
        ["play", game, "--quiet", "--output", _console.PathOf("run"), "--force", .. options.Split(' ')]);
}
