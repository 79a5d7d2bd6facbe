using System.Text.Json;
using OrleansEdge.Client.Runs;

namespace OrleansEdge.Tests.Client;

public class TrainCommandTests
{
    private static readonly string[] Fields =
    [
        "command", "algorithm", "model", "parameterCount", "data", "trainExamples", "testExamples", "workers", "shards",
        "batchSize", "learningRate", "finalRate", "compression", "seed", "traceHash", "updates", "finalAccuracy",
        "maxAccuracy", "finalLoss", "ingressBytes", "egressBytes", "bytesToAccuracy", "meanStaleness", "maxStaleness",
        "crashedWorkers", "virtualSeconds", "wallSeconds", "imagesPerSecond", "exitReason", "output",
    ];

    [Fact]
    public async Task The_json_is_one_object_with_the_fields_of_the_contract()
    {
        using var console = new ConsoleHarness();
        var run = await console.TrainTiny("run");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Fields, run.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal("train", run.Json.GetProperty("command").GetString());
        Assert.Equal(60, run.Json.GetProperty("updates").GetInt64());
        Assert.Equal("updates-reached", run.Json.GetProperty("exitReason").GetString());
        Assert.Equal(0.1, run.Json.GetProperty("learningRate").GetDouble());
        Assert.Equal(0.1, run.Json.GetProperty("finalRate").GetDouble());
        Assert.Equal(16, run.Json.GetProperty("traceHash").GetString()!.Length);
        Assert.Equal(console.PathOf("run"), run.Json.GetProperty("output").GetString());
        var levels =
            run.Json.GetProperty("bytesToAccuracy").EnumerateObject().Select(level => level.Value.GetInt64()).ToArray();
        Assert.Equal(levels.Order(), levels);
    }

    [Theory]
    [InlineData("asgd")]
    [InlineData("downpour")]
    [InlineData("downpour", "--compression", "1")]
    [InlineData("adacomp", "--compression", "1")]
    public async Task Half_values_are_refused_where_every_entry_is_pushed(string algorithm, params string[] options)
    {
        using var console = new ConsoleHarness();
        var run = await console.Run(["train", algorithm, "--half-values", .. options]);

        Assert.Equal((64, ""), (run.ExitCode, run.Output));
        Assert.Contains($"--half-values is given for {algorithm} at --compression 1", Assert.Single(run.ErrorLines),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("asgd")]
    [InlineData("comp-asgd")]
    [InlineData("downpour", "--fetch-every", "2", "--push-every", "3", "--warm-up-updates", "5")]
    [InlineData("adacomp", "--shards", "3", "--half-values", "--partition", "dirichlet:1")]
    public async Task Every_algorithm_runs(string algorithm, params string[] more)
    {
        using var console = new ConsoleHarness();
        var run = await console.Run(
        [
            "train", algorithm, "--model", "logreg", "--data", "synthetic:200x50", "--workers", "4", "--updates", "40",
            "--format", "json", "--output", console.PathOf("run"), .. more,
        ]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(algorithm, run.Json.GetProperty("algorithm").GetString());
        Assert.True(run.Json.GetProperty("ingressBytes").GetInt64() > 0);
    }

    [Fact]
    public async Task The_run_folder_holds_everything_and_nothing_half_written()
    {
        using var console = new ConsoleHarness();
        await console.TrainTiny("run", "--seed", "5");
        string[] expected =
            ["checkpoint.bin", "manifest.json", "metrics.jsonl", "model.onnx", "model.safetensors", "report.html"];
        Assert.Equal(
            expected, Directory.GetFiles(console.PathOf("run")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var manifest = JsonDocument.Parse(File.ReadAllText(console.PathOf("run/manifest.json"))).RootElement;
        Assert.Equal(5u, manifest.GetProperty("seed").GetUInt64());
        Assert.StartsWith("oe train adacomp", manifest.GetProperty("command").GetString());
        Assert.Equal(
            "logreg", manifest.GetProperty("configuration").GetProperty("job").GetProperty("model").GetString());
        Assert.Equal(60, manifest.GetProperty("result").GetProperty("updates").GetInt64());
        var lines = File.ReadAllLines(console.PathOf("run/metrics.jsonl")).Select(
            line => JsonDocument.Parse(line).RootElement);
        Assert.Equal(60, lines.Last().GetProperty("updates").GetInt64());
        Assert.Equal(2, SafeTensors.Read(console.PathOf("run/model.safetensors")).Count);
    }

    [Fact]
    public async Task The_outcome_is_the_same_on_one_core_and_on_two()
    {
        using var console = new ConsoleHarness();
        var one = await console.TrainTiny("one", "--cores", "1", "--crash-probability", "0.01");
        var two = await console.TrainTiny("two", "--cores", "2", "--crash-probability", "0.01");
        Assert.Equal(one.Json.GetProperty("traceHash").GetString(), two.Json.GetProperty("traceHash").GetString());
        Assert.Equal(
            File.ReadAllBytes(console.PathOf("one/model.safetensors")), File.ReadAllBytes(console.PathOf("two/model.safetensors")));
    }

    [Fact]
    public async Task A_resumed_run_ends_bit_for_bit_like_one_that_was_not_broken_off()
    {
        using var console = new ConsoleHarness();
        var whole = await console.TrainTiny("whole", "--boundary-every", "20");
        await console.TrainTiny("part", "--boundary-every", "20", "--updates", "40");
        var resumed = await console.Run(
            "train", "adacomp", "--resume", console.PathOf("part"), "--updates", "60", "--format", "json");
        Assert.Equal(0, resumed.ExitCode);
        foreach (var field in (string[])["traceHash", "ingressBytes", "finalLoss", "meanStaleness", "virtualSeconds", "updates"])
        {
            Assert.Equal(whole.Json.GetProperty(field).GetRawText(), resumed.Json.GetProperty(field).GetRawText());
        }
        Assert.Equal(console.PathOf("part"), resumed.Json.GetProperty("output").GetString());
        foreach (var file in (string[])["model.safetensors", "metrics.jsonl", "checkpoint.bin"])
        {
            Assert.Equal(
                File.ReadAllBytes(console.PathOf("whole/" + file)), File.ReadAllBytes(console.PathOf("part/" + file)));
        }
    }

    [Theory]
    [InlineData("adacomp --model mlp", 65, "--model is mlp, but RUN has logreg; expected the same or none")]
    [InlineData("adacomp --workers 5", 65, "--workers is 5, but RUN has 4")]
    [InlineData("adacomp --shards 2", 65, "--shards is 2, but RUN has 1")]
    [InlineData("adacomp --seed 2", 65, "--seed is 2, but RUN has 1")]
    [InlineData("adacomp --rate 0.2", 65, "--rate is 0.2, but RUN has 0.1")]
    [InlineData("adacomp --final-rate 0.05", 65, "--final-rate is 0.05, but RUN has 0.1; expected the same or none")]
    [InlineData("adacomp --classes 0.5:1,0.5:2", 65, "--classes is 0.5:1,0.5:2, but RUN has 1:1")]
    [InlineData("asgd", 65, "RUN is of algorithm adacomp; expected asgd")]
    [InlineData("adacomp", 64, "--updates is 60, and RUN is at 60; expected more")]
    public async Task What_contradicts_the_checkpoint_gets_one_line(string arguments, int code, string expected)
    {
        using var console = new ConsoleHarness();
        var folder = console.PathOf("run");
        await console.TrainTiny("run");
        var before = File.ReadAllBytes(Path.Combine(folder, "checkpoint.bin"));
        var run = await console.Run(["train", .. arguments.Split(' '), "--resume", folder]);
        Assert.Equal(code, run.ExitCode);
        Assert.Contains(expected.Replace("RUN", folder), Assert.Single(run.ErrorLines));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(folder, "checkpoint.bin")));
    }

    [Fact]
    public async Task A_target_accuracy_ends_the_run_or_its_lack_exits_75()
    {
        using var console = new ConsoleHarness();
        var reached = await console.TrainTiny("a", "--updates", "3000", "--target-accuracy", "0.2");
        Assert.Equal(0, reached.ExitCode);
        Assert.Equal("target-reached", reached.Json.GetProperty("exitReason").GetString());
        Assert.InRange(reached.Json.GetProperty("updates").GetInt64(), 1, 2999);
        var missed = await console.TrainTiny("b", "--target-accuracy", "1");
        Assert.Equal(75, missed.ExitCode);
        Assert.Contains("expected accuracy 100.00 %", Assert.Single(missed.ErrorLines));
    }

    [Fact]
    public async Task Losing_all_workers_ends_the_run_with_75()
    {
        using var console = new ConsoleHarness();
        var run = await console.TrainTiny("run", "--crash-probability", "1", "--updates", "1000");
        Assert.Equal(75, run.ExitCode);
        Assert.Equal("all-workers-lost", run.Json.GetProperty("exitReason").GetString());
        Assert.Equal(4, run.Json.GetProperty("crashedWorkers").GetInt32());
    }

    [Fact]
    public async Task Text_shows_the_figures_and_quiet_silences_progress()
    {
        using var console = new ConsoleHarness();
        var run = await console.Run(
            "train", "adacomp", "--model", "logreg", "--data", "synthetic:200x50", "--workers", "4", "--updates", "60",
            "--quiet", "--output", console.PathOf("run"), "--force");
        Assert.Equal("", run.Error);
        Assert.Contains("accuracy", run.Output);
        Assert.Contains("staleness", run.Output);
        Assert.DoesNotContain("\u001b", run.Output);
    }

    [Fact]
    public async Task Epochs_stand_for_updates()
    {
        using var console = new ConsoleHarness();
        var run = await console.Run(
            "train", "asgd", "--model", "logreg", "--data", "synthetic:205x50", "--workers", "4", "--epochs", "1.5",
            "--format", "json", "--output", console.PathOf("run"), "--force");
        Assert.Equal(31, run.Json.GetProperty("updates").GetInt64());
    }
}
