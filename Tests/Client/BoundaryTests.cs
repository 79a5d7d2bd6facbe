using System.Text.Json;
using OrleansEdge.Client.Runs;
using OrleansEdge.Client.Training;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Tests.Client;

/// <summary>Boundaries belong to the run; checkpoints are written when it suits.</summary>
public sealed class BoundaryTests
{
    private static readonly string[] Figures =
        ["traceHash", "ingressBytes", "egressBytes", "finalLoss", "meanStaleness", "maxStaleness", "virtualSeconds", "updates"];

    [Fact]
    public async Task The_model_does_not_depend_on_when_checkpoints_are_written()
    {
        using var console = new ConsoleHarness();
        var always = await console.TrainTiny("always", "--boundary-every", "20", "--checkpoint-every", "0");
        var never = await console.TrainTiny("never", "--boundary-every", "20", "--checkpoint-every", "10h");
        RequireSame(console, "always", always, "never", never);
    }

    [Theory]
    [InlineData("--shards", "1")]
    [InlineData("--shards", "3")]
    [InlineData("--crash-probability", "0.01")]
    [InlineData("--measure-on-network", "")]
    public async Task Going_on_from_each_boundary_ends_like_the_run_that_was_not_broken_off(string option, string value)
    {
        string[] more = [option, .. value.Length > 0 ? [value] : (string[])[], "--updates", "100", "--boundary-every", "20"];
        var recorder = new Recorder();
        using var console = new ConsoleHarness { Training = recorder };
        recorder.Folder = console.PathOf("whole");
        var whole = await console.TrainTiny("whole", [.. more, "--checkpoint-every", "0"]);
        Assert.Equal(4, recorder.Checkpoints.Count);
        foreach (var (checkpoint, i) in recorder.Checkpoints.ToArray().Select((bytes, i) => (bytes, i)))
        {
            var folder = console.PathOf($"from-{i}");
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, CheckpointFile.Name), checkpoint);
            var resumed = await console.Run(
                "train", "adacomp", "--resume", folder, "--cores", "1", "--checkpoint-every", "5m", "--format", "json");
            Assert.Equal(0, resumed.ExitCode);
            RequireSame(console, "whole", whole, $"from-{i}", resumed);
        }
    }

    [Fact]
    public async Task A_stopped_run_keeps_its_model_and_its_last_boundary_and_goes_on_like_one_that_was_not()
    {
        using var console = new ConsoleHarness();
        string[] more = ["--updates", "400", "--boundary-every", "50"];
        var whole = await console.TrainTiny("whole", more);
        using var stop = new CancellationTokenSource();
        using var stopping = new ConsoleHarness { Training = new Stopper(stop, after: 170) };
        var part = await stopping.Run(
            stop.Token,
        [
            "train", "adacomp", "--model", "logreg", "--data", "synthetic:200x50", "--workers", "4", "--rate", "0.1",
            "--evaluate-every", "20", "--compression", "0.1", "--format", "json", "--output", console.PathOf("part"),
            "--quiet", .. more,
        ]);
        Assert.Equal(75, part.ExitCode);
        Assert.Equal("stopped", part.Json.GetProperty("exitReason").GetString());
        var saved = CheckpointFile.Read(console.PathOf("part"));
        Assert.Equal(0, saved.Updates % 50);
        Assert.InRange(part.Json.GetProperty("updates").GetInt64(), Math.Max(170, saved.Updates), saved.Updates + 50);
        Assert.Contains($"--resume {console.PathOf("part")} goes on from update {saved.Updates}", Assert.Single(part.ErrorLines));
        Assert.Equal(2, SafeTensors.Read(console.PathOf("part/model.safetensors")).Count);
        var resumed = await console.Run("train", "adacomp", "--resume", console.PathOf("part"), "--format", "json");
        RequireSame(console, "whole", whole, "part", resumed);
    }

    [Fact]
    public async Task A_run_stopped_before_its_first_boundary_says_that_there_is_no_checkpoint()
    {
        using var console = new ConsoleHarness();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var run = await console.Run(
            stop.Token, "train", "asgd", "--model", "logreg", "--data", "synthetic:200x50", "--workers", "4",
            "--updates", "1000000", "--quiet", "--format", "json", "--output", console.PathOf("run"));
        Assert.Equal(75, run.ExitCode);
        Assert.Contains("no boundary was passed (--boundary-every 5000)", Assert.Single(run.ErrorLines));
        Assert.False(File.Exists(console.PathOf("run/checkpoint.bin")));
        Assert.Equal(2, SafeTensors.Read(console.PathOf("run/model.safetensors")).Count);
        var resume = await console.Run("train", "asgd", "--resume", console.PathOf("run"));
        Assert.Equal(66, resume.ExitCode);
    }

    [Fact]
    public async Task The_end_of_a_run_is_a_checkpoint_though_it_is_no_boundary()
    {
        using var console = new ConsoleHarness();
        await console.TrainTiny("run", "--updates", "70", "--boundary-every", "50");
        Assert.Equal(70, CheckpointFile.Read(console.PathOf("run")).Updates);
        var on = await console.Run(
            "train", "adacomp", "--resume", console.PathOf("run"), "--updates", "120", "--format", "json");
        Assert.Equal(120, on.Json.GetProperty("updates").GetInt64());
        Assert.Equal(120, CheckpointFile.Read(console.PathOf("run")).Updates);
    }

    [Fact]
    public async Task Boundary_and_measuring_are_recorded_and_checked_on_resume()
    {
        using var console = new ConsoleHarness();
        await console.TrainTiny("run", "--boundary-every", "30", "--checkpoint-every", "90s");
        var configuration = JsonDocument.Parse(File.ReadAllText(console.PathOf("run/manifest.json"))).RootElement
            .GetProperty("configuration");
        Assert.Equal(30, configuration.GetProperty("boundaryEvery").GetInt64());
        Assert.False(configuration.GetProperty("measureOnNetwork").GetBoolean());
        Assert.Equal("90s", configuration.GetProperty("checkpointEvery").GetString());
        foreach (var (option, expected) in new[]
        {
            ("--boundary-every 20", "--boundary-every is 20, but RUN has 30; expected the same or none"),
            ("--measure-on-network", "--measure-on-network is , but RUN has False"),
        })
        {
            var run = await console.Run(
                ["train", "adacomp", "--updates", "90", "--resume", console.PathOf("run"), .. option.Split(' ')]);
            Assert.Equal(65, run.ExitCode);
            Assert.Contains(expected.Replace("RUN", console.PathOf("run")), Assert.Single(run.ErrorLines));
        }
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_written_on_the_way_is_a_warning()
    {
        var broken = new Recorder();
        using var console = new ConsoleHarness { Training = broken };
        broken.Before = segment =>
        {
            var path = console.PathOf("run/checkpoint.bin");
            if (segment == 1)
            {
                Directory.CreateDirectory(path); // what cannot be replaced by a file
            }
            else if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }
        };
        var run = await console.TrainTiny("run", "--boundary-every", "20", "--checkpoint-every", "0", "--quiet");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("checkpoint.bin cannot be written", Assert.Single(run.ErrorLines));
        Assert.StartsWith("oe: warning: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(60, CheckpointFile.Read(console.PathOf("run")).Updates);
    }

    [Fact]
    public async Task A_diverged_run_names_it_and_keeps_a_finite_model()
    {
        using var console = new ConsoleHarness();
        var run = await console.Run(
            "train", "asgd", "--model", "mlp", "--data", "synthetic:2000x500", "--workers", "20", "--updates", "600",
            "--batch", "10", "--rate", "50", "--quiet", "--format", "json", "--output", console.PathOf("run"));
        Assert.Equal(75, run.ExitCode);
        Assert.Matches("^oe: diverged at update [0-9]+, loss .*; lower --rate", Assert.Single(run.ErrorLines));
        Assert.DoesNotContain("resume", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("diverged at update ", run.Json.GetProperty("exitReason").GetString());
        var manifest = JsonDocument.Parse(File.ReadAllText(console.PathOf("run/manifest.json"))).RootElement;
        Assert.StartsWith("diverged", manifest.GetProperty("result").GetProperty("exitReason").GetString());
        Assert.NotEmpty(SafeTensors.Read(console.PathOf("run/model.safetensors"))); // refuses what is not finite
        Assert.All(File.ReadAllLines(console.PathOf("run/metrics.jsonl")), line => Assert.DoesNotContain("null", line));
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("1.5h", 5400)]
    [InlineData("0", 0)]
    public void Spans_of_wall_time_have_a_unit(string text, double seconds)
    {
        Assert.True(OrleansEdge.Client.CommandLine.WallTime.TryParse(text, out var time));
        Assert.Equal(seconds, time.Span.TotalSeconds);
        Assert.True(OrleansEdge.Client.CommandLine.WallTime.TryParse(time.ToString(), out var again));
        Assert.Equal(time, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-5s")]
    [InlineData("NaNs")]
    [InlineData("5 m")]
    [InlineData("m")]
    [InlineData("1e9h")]
    [InlineData("1001h")]
    public void What_is_no_span_of_wall_time_is_refused(string text) =>
        Assert.False(OrleansEdge.Client.CommandLine.WallTime.TryParse(text, out _));

    private static void RequireSame(ConsoleHarness console, string one, ConsoleRun first, string other, ConsoleRun second)
    {
        foreach (var field in Figures)
        {
            Assert.Equal(first.Json.GetProperty(field).GetRawText(), second.Json.GetProperty(field).GetRawText());
        }
        foreach (var file in (string[])["model.safetensors", "metrics.jsonl", "checkpoint.bin"])
        {
            Assert.Equal(
                File.ReadAllBytes(console.PathOf($"{one}/{file}")), File.ReadAllBytes(console.PathOf($"{other}/{file}")));
        }
    }

    /// <summary>Takes each checkpoint that is there before a segment begins.</summary>
    private sealed class Recorder : ITrainingHost
    {
        private readonly VirtualTimeHost _host = new(new DataCatalog([]));
        private int _segments;

        public string? Folder { get; set; }

        public Action<int>? Before { get; set; }

        public List<byte[]> Checkpoints { get; } = [];

        public Task<TrainingOutcome> Run(
            TrainingRequest request, Action<TrainingProgress> progress, CancellationToken stop)
        {
            Before?.Invoke(++_segments);
            if (Folder is not null && request.From is not null && Checkpoints.Count < 4)
            {
                Checkpoints.Add(File.ReadAllBytes(Path.Combine(Folder, CheckpointFile.Name)));
            }
            return _host.Run(request, progress, stop);
        }
    }

    /// <summary>Asks to stop once a number of updates is done.</summary>
    private sealed class Stopper(CancellationTokenSource source, long after) : ITrainingHost
    {
        private readonly VirtualTimeHost _host = new(new DataCatalog([]));

        public Task<TrainingOutcome> Run(
            TrainingRequest request, Action<TrainingProgress> progress, CancellationToken stop) => _host.Run(
            request,
            report =>
            {
                progress(report);
                if (report.Status.Updates >= after)
                {
                    source.Cancel();
                }
            },
            stop);
    }
}
