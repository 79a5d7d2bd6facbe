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
        var other = await Submit("once", "80", "--output", _console.PathOf("other"));
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

    private static string CurveOf(ConsoleRun run) =>
        JsonSerializer.Serialize(run.Json.GetProperty("status").GetProperty("curve"));

    private Task<ConsoleRun> Submit(string name, string updates, params string[] more) => Run(
    [
        .. more.Contains("--detach") || more.Contains("--output") ? [] : (string[])["--output", _console.PathOf(name)],
        "cluster", "submit", "train", "adacomp", "--name", name, "--updates", updates, "--model", "logreg",
        "--data", "synthetic:200x50", "--workers", "4", "--mean-wait-seconds", "0.01", "--evaluate-every", "0", .. more,
    ]);

    private Task<ConsoleRun> Run(params string[] arguments) =>
        _console.Run([.. arguments, "--gateway", cluster.Gateway]);
}
