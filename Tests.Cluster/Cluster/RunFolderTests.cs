using System.Text.Json;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Grains.Training;
using OrleansEdge.Tests.Client;

namespace OrleansEdge.Tests.Cluster;

/// <summary>What <c>oe cluster submit</c> and <c>fetch</c> leave on the disk of the machine they run on.</summary>
public sealed class RunFolderTests(TwoSilos cluster) : IDisposable
{
    private static readonly string[] Files =
        ["checkpoint.bin", "manifest.json", "metrics.jsonl", "model.onnx", "model.safetensors", "report.html"];

    private readonly ConsoleHarness _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task A_job_leaves_the_same_files_as_a_local_run_and_fetch_writes_them_again()
    {
        var local = await _console.TrainTiny("local");
        Assert.Equal(0, local.ExitCode);
        Assert.Equal(Files, NamesIn("local"));
        var submitted = await Submit("kept", "60", "--classes", "0.25:1,0.5:0.5,0.25:2", "--output", _console.PathOf("kept"));
        Assert.Equal(0, submitted.ExitCode);
        Assert.Equal(Files, NamesIn("kept"));
        var fetched = await Run("cluster", "fetch", "kept", "--output", _console.PathOf("again"), "--format", "json");
        Assert.Equal(0, fetched.ExitCode);
        Assert.Equal(60, fetched.Json.GetProperty("status").GetProperty("updates").GetInt64());
        Assert.Equal(Files, NamesIn("again"));
        foreach (var name in (string[])["checkpoint.bin", "metrics.jsonl", "model.onnx", "model.safetensors"])
        {
            Assert.Equal(Read("kept", name), Read("again", name));
        }
        var manifest = JsonDocument.Parse(Read("again", "manifest.json")).RootElement;
        Assert.Equal("0.25:1,0.5:0.5,0.25:2",
            manifest.GetProperty("configuration").GetProperty("deviceClasses").GetString());
        var result = manifest.GetProperty("result");
        Assert.Equal(JsonValueKind.Null, result.GetProperty("traceHash").ValueKind);
        Assert.Equal(60, result.GetProperty("updates").GetInt64());
    }

    [Fact]
    public async Task A_checkpoint_of_a_job_holds_the_model_of_the_shards_and_a_local_run_goes_on_from_it()
    {
        await Submit("resumed", "60", "--shards", "3", "--output", _console.PathOf("resumed"));
        var saved = CheckpointFile.Read(_console.PathOf("resumed"));
        var parameters = new List<float>();
        for (var shard = 0; shard < 3; shard++)
        {
            var grain = cluster.Grains.GetGrain<Grains.Interfaces.Training.IParameterShard>(
                GrainKeys.Shard("resumed", shard));
            Assert.Equal(60, (await grain.Status()).Clock);
            parameters.AddRange(Values((await grain.Pull(0)).Values));
        }
        Assert.Equal(parameters, ShardStates.Parameters(saved.Plan.Job, saved.Checkpoint.Shards));
        var more = await _console.Run(
            "train", "adacomp", "--resume", _console.PathOf("resumed"), "--updates", "90", "--output",
            _console.PathOf("more"), "--format", "json");
        Assert.Equal(0, more.ExitCode);
        Assert.Equal(90, more.Json.GetProperty("updates").GetInt64());
    }

    [Fact]
    public async Task A_job_that_runs_is_not_fetched_and_a_detached_one_is_when_it_has_ended()
    {
        Assert.Equal(0, (await Submit("later", "1000000000", "--detach")).ExitCode);
        var early = await Run("cluster", "fetch", "later", "--output", _console.PathOf("later"));
        Assert.Equal((int)ExitCode.NotReached, early.ExitCode);
        Assert.Matches(
            "^oe: job 'later' is running: [0-9]+ of 1000000000 updates; 'oe cluster watch later' waits for its end, "
            + "'oe cluster stop later' ends it$", Assert.Single(early.ErrorLines));
        Assert.False(Directory.Exists(_console.PathOf("later")));
        Assert.Equal(0, (await Run("cluster", "stop", "later", "--quiet")).ExitCode);
        await Run("cluster", "watch", "later", "--quiet");
        Assert.Equal(0, (await Run("cluster", "fetch", "later", "--output", _console.PathOf("later"))).ExitCode);
        Assert.Equal(Files, NamesIn("later"));
    }

    [Fact]
    public async Task A_game_is_fetched_as_whoever_submitted_it_has_it()
    {
        var submitted = await Run(
            "cluster", "submit", "play", "multi-channel", "--players", "30", "--seed", "7", "--name", "fetched", "--profile",
            "--output", _console.PathOf("game"), "--format", "json");
        Assert.Equal(0, submitted.ExitCode);
        var fetched = await Run(
            "cluster", "fetch", "fetched", "--profile", "--output", _console.PathOf("game-again"), "--format", "json");
        Assert.Equal(0, fetched.ExitCode);
        Assert.Equal(["manifest.json", "report.html"], NamesIn("game-again"));
        Assert.Equal(WithoutFolder(submitted), WithoutFolder(fetched));
        Assert.Equal(7, fetched.Json.GetProperty("seed").GetInt64());
        var status = await Run("cluster", "status", "fetched", "--format", "json");
        var game = Assert.Single(status.Json.GetProperty("games").EnumerateArray());
        Assert.Equal("equilibrium", game.GetProperty("status").GetProperty("exitReason").GetString());
        Assert.StartsWith("fetched equilibrium: 30 users, ", (await Run("cluster", "watch", "fetched")).Output);

        static string WithoutFolder(ConsoleRun run) => string.Join(
            '\n', run.Json.EnumerateObject().Where(field => field.Name != "output").Select(field => field.ToString()));
    }

    [Fact]
    public async Task A_game_that_runs_is_stopped_by_its_name()
    {
        var submitted = Run(
            "cluster", "submit", "play", "multi-channel", "--players", "1000", "--channels", "50", "--name", "long",
            "--output", _console.PathOf("long"));
        while ((await Run("cluster", "status", "long", "--quiet")).ExitCode != 0)
        {
            Assert.False(submitted.IsCompleted);
        }
        Assert.Equal(0, (await Run("cluster", "stop", "long")).ExitCode);
        Assert.Equal((int)ExitCode.NotReached, (await submitted).ExitCode);
        Assert.StartsWith("long stopped: 1,000 users, ", (await Run("cluster", "watch", "long")).Output);
        Assert.Equal((int)ExitCode.Usage, (await Submit("long", "20")).ExitCode);
        Assert.Equal(0, (await Run("cluster", "fetch", "long", "--output", _console.PathOf("long-again"))).ExitCode);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_costs_the_files_and_not_the_result()
    {
        var file = _console.Write("taken", "a file");
        var run = await Submit("homeless", "40", "--output", file, "--format", "json");
        Assert.Equal((int)ExitCode.InputOutput, run.ExitCode);
        Assert.Equal(40, run.Json.GetProperty("status").GetProperty("updates").GetInt64());
        Assert.StartsWith($"oe: {file} cannot be written: ", run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal(0, (await Run("cluster", "fetch", "homeless", "--output", _console.PathOf("home"))).ExitCode);
    }

    [Fact]
    public async Task A_folder_that_holds_another_run_is_refused_before_the_job_is_submitted()
    {
        Assert.Equal(0, (await _console.TrainTiny("full")).ExitCode);
        var run = await Submit("refused", "60", "--output", _console.PathOf("full"));
        Assert.Equal((int)ExitCode.Usage, run.ExitCode);
        Assert.Equal((int)ExitCode.MissingInput, (await Run("cluster", "status", "refused")).ExitCode);
    }

    [Fact]
    public async Task Who_stops_watching_is_told_that_the_job_goes_on_and_how_to_have_it()
    {
        await Submit("watched", "1000000000", "--detach");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var run = await _console.Run(stop.Token, "cluster", "watch", "watched", "--gateway", cluster.Gateway);
        Assert.Equal((int)ExitCode.NotReached, run.ExitCode);
        using var later = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        run = await _console.Run(later.Token, "cluster", "watch", "watched", "--gateway", cluster.Gateway);
        Assert.Equal((int)ExitCode.NotReached, run.ExitCode);
        Assert.Equal("oe: job watched goes on; 'oe cluster watch watched' shows it, 'oe cluster fetch watched' writes its run "
            + "folder once it has ended, 'oe cluster stop watched' ends it", run.ErrorLines[^1]);
        Assert.Equal(0, (await Run("cluster", "stop", "watched")).ExitCode);
    }

    [Theory]
    [InlineData("--output", "here", "watch", "status", "stop")]
    [InlineData("--seed", "7", "watch", "status", "stop", "fetch")]
    public async Task An_option_without_effect_is_refused_by_name(string option, string value, params string[] verbs)
    {
        foreach (var verb in verbs)
        {
            var run = await Run("cluster", verb, "any", option, value);
            Assert.Equal((int)ExitCode.Usage, run.ExitCode);
            Assert.StartsWith($"oe: {option} is given, but 'oe cluster {verb}' ", Assert.Single(run.ErrorLines));
        }
    }

    [Theory]
    [InlineData("--crash-probability", "0.1")]
    [InlineData("--checkpoint-every", "10")]
    [InlineData("--resume", "there")]
    [InlineData("--cores", "2")]
    public async Task What_only_virtual_time_has_is_neither_taken_nor_in_the_help(string option, string value)
    {
        Assert.Equal((int)ExitCode.Usage, (await Submit("virtual", "10", option, value)).ExitCode);
        var help = await _console.Run("cluster", "submit", "train", "adacomp", "--help");
        Assert.DoesNotContain(option, help.Output, StringComparison.Ordinal);
        Assert.Contains("--persist-every", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_detached_job_takes_no_folder()
    {
        var run = await Submit("nowhere", "10", "--detach", "--output", _console.PathOf("nowhere"));
        Assert.Equal((int)ExitCode.Usage, run.ExitCode);
        Assert.Contains("oe cluster fetch NAME --output DIR", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    private static float[] Values(Grains.Interfaces.Training.Payload payload)
    {
        var values = new float[payload.ElementCount];
        Core.Compression.DenseCodec.Decode(payload.Bytes.Span, values);
        return values;
    }

    private string[] NamesIn(string folder) =>
        [.. Directory.GetFiles(_console.PathOf(folder)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private byte[] Read(string folder, string name) => File.ReadAllBytes(Path.Combine(_console.PathOf(folder), name));

    private Task<ConsoleRun> Submit(string name, string updates, params string[] more) => Run(
    [
        "cluster", "submit", "train", "adacomp", "--name", name, "--updates", updates, "--model", "logreg",
        "--data", "synthetic:200x50", "--workers", "4", "--mean-wait-seconds", "0.01", "--evaluate-every", "0", .. more,
    ]);

    private Task<ConsoleRun> Run(params string[] arguments) =>
        _console.Run([.. arguments, "--gateway", cluster.Gateway]);
}
