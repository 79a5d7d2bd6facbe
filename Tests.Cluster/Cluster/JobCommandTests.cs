using System.Text.Json;
using OrleansEdge.Core;
using OrleansEdge.Tests.Client;

namespace OrleansEdge.Tests.Cluster;

/// <summary><c>oe cluster</c> as a user types it, on two silos.</summary>
public sealed class JobCommandTests(TwoSilos cluster) : IDisposable
{
    private const string Endless = "1000000000";

    private readonly ConsoleHarness _console = new();

    public void Dispose() => _console.Dispose();

    [Theory]
    [InlineData("watch")]
    [InlineData("stop")]
    [InlineData("status")]
    [InlineData("fetch")]
    public async Task An_unknown_job_is_named_in_one_line(string verb)
    {
        var run = await Run("cluster", verb, "nobody's", "--quiet");
        Assert.Equal((int)ExitCode.MissingInput, run.ExitCode);
        Assert.StartsWith(
            "oe: job 'nobody's' is unknown to the cluster; ", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task A_running_job_that_is_submitted_again_is_attached_to_and_another_of_its_name_refused()
    {
        Assert.Equal(0, (await Submit("endless", Endless, "--detach")).ExitCode);
        var again = await Submit("endless", Endless, "--detach");
        Assert.Equal(0, again.ExitCode);
        Assert.Equal("job endless with these settings runs on the cluster already", again.ErrorLines[0]);
        var other = await Submit("endless", Endless, "--detach", "--rate", "0.2");
        Assert.Equal((int)ExitCode.Usage, other.ExitCode);
        Assert.Equal("oe: job 'endless' is running with other settings; submit this one under another name (--name)",
            Assert.Single(other.ErrorLines));
        Assert.Equal(0, (await Run("cluster", "stop", "endless")).ExitCode);
        var stopped = await Run("cluster", "watch", "endless");
        Assert.Equal((int)ExitCode.NotReached, stopped.ExitCode);
        Assert.StartsWith("endless stopped: ", stopped.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_has_ended_is_not_run_again()
    {
        var first = await Submit("once", "60", "--format", "json");
        Assert.Equal(0, first.ExitCode);
        var again = await Submit("once", "60", "--format", "json", "--output", _console.PathOf("again"));
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(
            "job once has ended already; this is its result (--name gives a new run another name)", again.ErrorLines[0]);
        Assert.Equal(CurveOf(first), CurveOf(again)); // times included
        var other = await Submit("once", "80");
        Assert.Equal((int)ExitCode.Usage, other.ExitCode);
        Assert.Equal("oe: job 'once' has ended (updates-reached); submit the new one under another name (--name)",
            Assert.Single(other.ErrorLines));
    }

    [Fact]
    public async Task Status_is_one_object_with_silos_and_jobs()
    {
        await Submit("listed", "20");
        var status = (await Run("cluster", "status", "listed", "--format", "json")).Json;
        Assert.Equal("ended", status.GetProperty("jobs")[0].GetProperty("status").GetProperty("phase").GetString());
        Assert.True(status.GetProperty("findings")[0].GetProperty("isGood").GetBoolean());
    }

    [Fact]
    public async Task What_a_job_has_learnt_is_fetched_after_its_client_has_gone_and_equals_what_the_client_writes()
    {
        await Submit("left", "60", "--detach");
        Assert.Equal(0, (await Run("cluster", "watch", "left", "--output", _console.PathOf("watched"))).ExitCode);
        var fetched = await Run("cluster", "fetch", "left", "--output", _console.PathOf("fetched"));
        Assert.Equal(0, fetched.ExitCode);
        Assert.StartsWith("left updates-reached: 60 of 60 updates", fetched.Output, StringComparison.Ordinal);
        foreach (var file in new[] { "model.safetensors", "model.onnx", "metrics.jsonl", "checkpoint.bin" })
        {
            Assert.Equal(
                File.ReadAllBytes(_console.PathOf("watched/" + file)), File.ReadAllBytes(_console.PathOf("fetched/" + file)));
        }
        var manifest = JsonDocument.Parse(File.ReadAllText(_console.PathOf("fetched/manifest.json"))).RootElement;
        Assert.Equal(4, manifest.GetProperty("configuration").GetProperty("job").GetProperty("workers").GetInt32());
        var result = manifest.GetProperty("result");
        Assert.Equal(200, result.GetProperty("trainExamples").GetInt32());
        Assert.Equal(50, result.GetProperty("testExamples").GetInt32());
        Assert.Equal(60, result.GetProperty("updates").GetInt64());
        Assert.True(File.Exists(_console.PathOf("fetched/report.html")));
    }

    [Fact]
    public async Task The_run_folder_of_a_job_is_gone_on_from_in_the_virtual_time_cluster()
    {
        var submitted = await Submit("resumed", "60", "--output", _console.PathOf("resumed"), "--format", "json");
        Assert.Equal(0, submitted.ExitCode);
        Assert.Equal(_console.PathOf("resumed"), submitted.Json.GetProperty("output").GetString());
        var run = await _console.Run(
            "train", "adacomp", "--resume", _console.PathOf("resumed"), "--updates", "100", "--format", "json", "--quiet");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(100, run.Json.GetProperty("updates").GetInt64());
    }

    [Fact]
    public async Task A_running_job_is_not_fetched_and_writes_nothing()
    {
        await Submit("busy", Endless, "--detach");
        var run = await Run("cluster", "fetch", "busy", "--output", _console.PathOf("busy"));
        Assert.Equal((int)ExitCode.NotReached, run.ExitCode);
        Assert.StartsWith("oe: job busy is running (", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_console.PathOf("busy")));
        await Run("cluster", "stop", "busy");
        var stopped = await Run("cluster", "watch", "busy", "--output", _console.PathOf("busy"));
        Assert.Equal((int)ExitCode.NotReached, stopped.ExitCode);
        Assert.True(File.Exists(_console.PathOf("busy/model.safetensors")));
    }

    [Fact]
    public async Task A_folder_where_none_is_written_is_refused_by_name()
    {
        foreach (var run in new[]
        {
            await Run("cluster", "stop", "any", "--output", "x"),
            await Run("cluster", "status", "--output", "x"),
            await Submit("any", "60", "--detach", "--output", "x"),
        })
        {
            Assert.Equal((int)ExitCode.Usage, run.ExitCode);
            Assert.Contains("'oe cluster fetch NAME --output DIR'", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_users_wish_to_stop_leaves_the_job_running_and_says_how_to_get_it_later()
    {
        using var stop = new CancellationTokenSource();
        await Submit("watched", Endless, "--detach");
        await stop.CancelAsync();
        var run = await _console.Run(stop.Token, "cluster", "watch", "watched", "--gateway", cluster.Gateway);
        Assert.Equal((int)ExitCode.NotReached, run.ExitCode);
        var status = (await Run("cluster", "status", "watched", "--format", "json")).Json;
        Assert.Equal("running", status.GetProperty("jobs")[0].GetProperty("status").GetProperty("phase").GetString());
        await Run("cluster", "stop", "watched");
    }

    private static string CurveOf(ConsoleRun run) =>
        JsonSerializer.Serialize(run.Json.GetProperty("status").GetProperty("curve"));

    private Task<ConsoleRun> Submit(string name, string updates, params string[] more) => Run(
    [
        .. more.Contains("--detach") || more.Contains("--output") ? [] : (string[])["--output", _console.PathOf(name)],
        "cluster", "submit", "train", "adacomp", "--name", name, "--updates", updates, "--model", "logreg",
        "--data", "synthetic:200x50", "--workers", "4", "--mean-wait-seconds", "0.01", "--evaluate-every", "0",
        .. more.Contains("--output") || more.Contains("--detach") ? [] : new[] { "--output", _console.PathOf(name + updates) },
        .. more,
    ]);

    private Task<ConsoleRun> Run(params string[] arguments) =>
        _console.Run([.. arguments, "--gateway", cluster.Gateway]);
}
