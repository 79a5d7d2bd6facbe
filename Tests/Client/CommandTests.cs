using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Tests.Client;

public class CommandTests
{
    [Fact]
    public async Task Doctor_says_what_each_missing_part_costs()
    {
        using var console = new ConsoleHarness();
        var run = await console.Run("doctor", "--format", "json");
        Assert.Equal(0, run.ExitCode);
        var checks = run.Json.GetProperty("checks").EnumerateArray().ToList();
        Assert.Contains(checks, check => check.GetProperty("part").GetString() == "vectors");
        Assert.Contains(checks, check => check.GetProperty("part").GetString() == "Orleans");
        var mnist = checks.Single(check => check.GetProperty("part").GetString() == "data mnist");
        Assert.Equal("missing", mnist.GetProperty("state").GetString());
        Assert.Contains("data get mnist", mnist.GetProperty("cost").GetString());
        Assert.All(checks, check => Assert.Equal(
            check.GetProperty("state").GetString() == "ok", check.GetProperty("cost").ValueKind == System.Text.Json.JsonValueKind.Null));
        Assert.Contains("runtime", (await console.Run("doctor")).Output);
    }

    [Fact]
    public async Task Doctor_fails_for_a_cluster_that_was_named_and_is_not_there()
    {
        using var console = new ConsoleHarness();
        var run = await console.Run("doctor", "--gateway", "127.0.0.1:1", "--format", "json");
        Assert.Equal((int)ExitCode.Unavailable, run.ExitCode);
        var cluster = Assert.Single(
            run.Json.GetProperty("checks").EnumerateArray(),
            check => check.GetProperty("part").GetString() == "cluster 'edge'");
        Assert.Equal("missing", cluster.GetProperty("state").GetString());
        Assert.Matches("(no Orleans client|cannot be reached)", cluster.GetProperty("found").GetString());
    }

    [Fact]
    public async Task Data_list_shows_what_is_here_and_what_can_be_downloaded()
    {
        using var console = new ConsoleHarness();
        var sets =
            (await console.Run("data", "list", "--format", "json")).Json.GetProperty("sets").EnumerateArray().ToList();
        Assert.Equal(["mnist", "synthetic"], sets.Select(set => set.GetProperty("name").GetString()));
        Assert.Contains("data get mnist", (await console.Run("data", "list")).Output);
    }

    [Fact]
    public async Task Data_list_finds_folders_under_the_roots()
    {
        var folder = TestData.Folder("mnist");
        Assert.SkipWhen(folder is null, "shared/data/mnist is absent");
        using var console = new ConsoleHarness { Data = new DataCatalog([Path.GetDirectoryName(folder)!]) };
        var sets = (await console.Run("data", "list", "--format", "json")).Json.GetProperty("sets").EnumerateArray();
        Assert.Equal(folder, sets.First(set => set.GetProperty("name").GetString() == "mnist").GetProperty("folder").GetString());
    }

    [Fact]
    public async Task Bench_model_has_the_fields_of_the_contract()
    {
        using var console = new ConsoleHarness();
        var run = await console.Run("bench", "model", "--model", "logreg", "--seconds", "0.1", "--format", "json");
        foreach (var field in (string[])
            ["model", "batchSize", "threads", "imagesPerSecond", "millisecondsPerStep", "gigaflopsPerSecond"])
        {
            Assert.True(run.Json.TryGetProperty(field, out _), field);
        }
        Assert.True(run.Json.GetProperty("imagesPerSecond").GetDouble() > 0);
    }

    [Fact]
    public async Task Bench_messages_and_server_run()
    {
        using var console = new ConsoleHarness();
        var messages = await console.Run(
            "bench", "messages", "--calls", "1000", "--grains", "10", "--idle-grains", "10", "--format", "json");
        Assert.True(messages.Json.GetProperty("messagesPerSecond").GetDouble() > 0);
        var server = await console.Run("bench", "server", "--model", "logreg", "--workers", "5", "--seconds", "0.1");
        Assert.Contains("adaCompPushMicrosecondsP50", server.Output);
    }

    [Fact]
    public async Task The_demo_compares_two_runs_and_writes_a_report()
    {
        using var console = new ConsoleHarness { Training = new ShortTraining() };
        var run = await console.Run("demo", "--format", "json", "--quiet", "--output", console.PathOf("demo"));
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        var training = run.Json.GetProperty("parts").GetProperty("training");
        Assert.Equal("asgd", training.GetProperty("dense").GetProperty("algorithm").GetString());
        Assert.Equal("adacomp", training.GetProperty("compressed").GetProperty("algorithm").GetString());
        var offloading = run.Json.GetProperty("parts").GetProperty("offloading");
        Assert.True(offloading.GetProperty("isEquilibrium").GetBoolean());
        Assert.True(offloading.GetProperty("beneficialUsers").GetInt32() > 0);
        var report = File.ReadAllText(console.PathOf("demo/report.html"));
        Assert.Contains("Accuracy against ingress", report);
        Assert.Contains("Potential over moves", report);
        Assert.True(File.Exists(console.PathOf("demo/parts/adacomp/model.onnx")));
    }

    [Theory]
    [InlineData("adacomp-fig3", 5)]
    [InlineData("adacomp-table2", 5)]
    [InlineData("adacomp-fig4", 4)]
    public async Task A_figure_sets_ours_beside_the_papers_numbers(string figure, int settings)
    {
        using var console = new ConsoleHarness { Training = new ShortTraining() };
        var run = await console.Run(
            "reproduce", figure, "--updates", "40", "--runs", "1", "--data", "synthetic:1000x50", "--format", "json",
            "--quiet", "--output", console.PathOf("run"));
        Assert.Equal("", run.Error);
        var rows = run.Json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(settings, rows.Count);
        Assert.All(rows, row => Assert.InRange(row.GetProperty("paperAccuracy").GetDouble(), 0.94, 0.99));
        var table = File.ReadAllText(console.PathOf("run/table.md"));
        Assert.Contains("| Setting | Accuracy | Paper |", table);
        Assert.Contains(figure == "adacomp-fig3" ? "98.59 %" : "images", table);
        Assert.Contains("Beside the paper", File.ReadAllText(console.PathOf("run/report.html")));
        Assert.Contains("Made with `oe reproduce", table);
    }

    [Fact]
    public async Task A_figure_that_is_stopped_says_so_and_exits_75()
    {
        using var console = new ConsoleHarness { Training = new ShortTraining() };
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var run = await console.Run(
            stop.Token, "reproduce", "adacomp-fig4", "--data", "synthetic:1000x50", "--format", "json", "--quiet",
            "--output", console.PathOf("run"));
        Assert.Equal(75, run.ExitCode);
        Assert.Equal("stopped", run.Json.GetProperty("exitReason").GetString());
        Assert.Contains("0 of 4 settings", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task A_figure_that_is_stopped_in_its_first_setting_shows_no_table_and_names_no_file_that_is_not_there()
    {
        using var console = new ConsoleHarness { Training = new ShortTraining() };
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var run = await console.Run(
            stop.Token, "reproduce", "adacomp-fig3", "--data", "synthetic:1000x50", "--quiet", "--output",
            console.PathOf("run"));
        Assert.Equal((75, ""), (run.ExitCode, run.Output));
        Assert.False(File.Exists(console.PathOf("run/table.md")));
    }

    /// <summary>The virtual-time cluster, with a small model and few updates whatever is asked for.</summary>
    private sealed class ShortTraining : ITrainingHost
    {
        private readonly VirtualTimeHost _host = new(new DataCatalog([]));

        public async Task<TrainingOutcome> Run(
            TrainingRequest request, Action<TrainingProgress> progress, CancellationToken stop)
        {
            var updates = (request.From?.Curve[^1].Updates ?? 0) + 40;
            var job = request.Job with
            {
                Updates = updates,
                EvaluateEvery = 20,
                Data = "synthetic:1000x50",
                TrainExamples = 0,
            };
            var outcome = await _host.Run(request with { Job = job }, progress, stop);
            return outcome with { Status = outcome.Status with { Updates = request.Job.Updates } };
        }
    }
}
