using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Progress;
using OrleansEdge.Core;

namespace OrleansEdge.Tests.Client;

/// <summary>A wish to stop is one wish, and no long command overhears it.</summary>
public sealed class StopSignalsTests : IDisposable
{
    private readonly ConsoleHarness _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public void Signals_within_a_second_are_one_wish_and_a_later_one_is_not()
    {
        var clock = new HandClock();
        using var signals = new StopSignals(clock);
        Assert.True(signals.Absorb());
        clock.Milliseconds = 999;
        Assert.True(signals.Absorb());
        clock.Milliseconds = 1000;
        Assert.False(signals.Absorb());
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("30s", 30)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    public void Lengths_of_time_are_read_with_their_unit(string text, double seconds)
    {
        var option = Options.Duration("--time-limit", "");
        var command = new System.CommandLine.Command("x") { option };
        var parsed = command.Parse(["--time-limit", text]);
        Assert.Equal(seconds, parsed.GetValue(option)!.Value.TotalSeconds);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("5d")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("41h41")]
    [InlineData("99999999h")]
    public void Other_lengths_of_time_are_refused(string text) =>
        Assert.False(((ICheckedOption)Options.Duration("--time-limit", "")).Accepts(text));

    [Theory]
    [InlineData("bench model --model logreg --seconds 3600")]
    [InlineData("demo")]
    [InlineData("bench model --model cnn64 --batch 512 --seconds 3600")]
    [InlineData("bench server --model logreg --seconds 3600")]
    [InlineData("bench messages --calls 2000000000")]
    [InlineData("bench games --runs 10000")]
    [InlineData("reproduce chen-ton --runs 10000")]
    [InlineData("reproduce price-of-anarchy --runs 10000")]
    [InlineData("train adacomp --model logreg --data synthetic:200x50 --workers 4 --updates 100000000")]
    [InlineData("reproduce adacomp-fig4 --data synthetic:1000x50 --updates 100000000")]
    public async Task A_time_limit_ends_every_long_command_with_75(string command)
    {
        var run = await _console.Run(
            [.. command.Split(' '), "--time-limit", "0.2s", "--quiet", "--output", _console.PathOf("run"), "--force"]);
        Assert.Equal(75, run.ExitCode);
        Assert.Contains("stopped", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task What_a_bench_had_measured_until_it_was_stopped_is_printed()
    {
        var run = await _console.Run(
            "bench", "model", "--model", "logreg", "--seconds", "3600", "--time-limit", "0.1s", "--quiet", "--format", "json",
            "--output", _console.PathOf("run"));
        Assert.True(run.Json.GetProperty("imagesPerSecond").GetDouble() > 0);
        Assert.True(File.Exists(_console.PathOf("run/manifest.json")));
    }

    [Theory]
    [InlineData(double.NaN, 10, "gap 1, 10.0 s so far")]
    [InlineData(0, 10, "0 %, gap 1, 10.0 s so far")]
    [InlineData(0.25, 10, "25 %, gap 1, 10.0 s so far, 30.0 s left")]
    [InlineData(1, 10, "100 %, gap 1, 10.0 s so far")]
    [InlineData(7, 10, "100 %, gap 1, 10.0 s so far")]
    public void The_progress_line_has_share_figures_and_rest(double share, double seconds, string expected) =>
        Assert.Equal(expected, StepText.Of(new SolverProgress(share, "gap 1"), seconds));

    private sealed class HandClock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
