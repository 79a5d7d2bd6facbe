using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;

namespace OrleansEdge.Tests.Client;

/// <summary>Whatever goes wrong is one line; a result that was reached is printed first.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly ConsoleHarness _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public void A_bug_is_one_line_that_says_where_its_trace_is()
    {
        var (code, line) = Report(new InvalidOperationException("a\nb\u001b[31m"));
        Assert.Equal(ExitCode.Software, code);
        Assert.StartsWith("oe: InvalidOperationException: a b?[31m (a bug; its trace is in " + _console.Folder, line);
        Assert.Contains("InvalidOperationException: a", File.ReadAllText(Assert.Single(Directory.GetFiles(_console.Folder))));
    }

    [Fact]
    public void A_trace_that_cannot_be_written_changes_nothing_else()
    {
        var (code, line) = Report(new InvalidOperationException("a"), _console.PathOf("nowhere"));
        Assert.Equal(ExitCode.Software, code);
        Assert.Equal("oe: InvalidOperationException: a (a bug; --verbose shows where)", line);
    }

    [Fact]
    public void What_lies_in_the_wrappings_of_parallel_calls_is_what_counts()
    {
        var inner = OrleansEdgeException.WrongData("f:1: wrong");
        Assert.Equal(
            (ExitCode.Data, "oe: f:1: wrong"), Report(new AggregateException(new AggregateException(inner, new IOException()))));
        Assert.Equal(
            (ExitCode.InputOutput, "oe: full"), Report(new System.Reflection.TargetInvocationException(new IOException("full"))));
    }

    [Fact]
    public void Too_little_memory_is_named() => Assert.Contains("oe: out of memory", Report(new InsufficientMemoryException()).Line);

    [Theory]
    [InlineData("bench model --model cnn --batch 65536", "--batch is 65536; expected 1 to 16384 with model cnn")]
    [InlineData("bench model --model cnn64 --batch 16385", "--batch is 16385; expected 1 to 16384 with model cnn64")]
    [InlineData("train asgd --batch 65536", "--batch is 65536; expected 1 to 16384 with model cnn")]
    public async Task A_batch_that_a_model_cannot_take_is_refused(string command, string expected)
    {
        var run = await _console.Run(command.Split(' '));
        Assert.Equal(64, run.ExitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines));
    }

    [Fact]
    public void The_largest_batch_of_every_model_fits_into_arrays() => Assert.All(ModelCatalog.Names, name =>
    {
        // Five floats a weight of the widest layer is more than any buffer of these models has an example.
        var widest = name.StartsWith("cnn", StringComparison.Ordinal) ? 18 * 18 * 32 : 784;
        Assert.True((long)ModelCatalog.MaxBatch(name) * widest * sizeof(float) < Array.MaxLength);
    });

    [Theory]
    [InlineData("train asgd --model logreg --data synthetic:50x10 --workers 2 --updates 10")]
    [InlineData("reproduce adacomp-fig4 --updates 10 --runs 1 --data synthetic:1000x50")]
    public async Task A_folder_that_vanishes_during_the_run_does_not_take_the_result_along(string command)
    {
        using var console = new ConsoleHarness { Training = new Vandal(_console.PathOf("run")) };
        var run = await console.Run(
            [.. command.Split(' '), "--quiet", "--format", "json", "--output", _console.PathOf("run")]);
        Assert.Equal("updates-reached", run.Json.GetProperty("exitReason").GetString());
        Assert.NotEmpty(run.ErrorLines);
        Assert.All(run.ErrorLines, line => Assert.Contains("cannot be written", line));
    }

    [Theory]
    [InlineData("bench model --model logreg --seconds 0.1")]
    [InlineData("bench messages --calls 1000 --idle-grains 10")]
    [InlineData("doctor")]
    [InlineData("data list")]
    public async Task An_output_that_is_a_file_is_a_warning_after_the_result(string command)
    {
        var file = _console.Write("file", "theirs");
        var run = await _console.Run([.. command.Split(' '), "--quiet", "--format", "json", "--output", file]);
        Assert.Equal(0, run.ExitCode);
        Assert.NotEmpty(run.Json.EnumerateObject());
        Assert.Contains($"oe: warning: {file} cannot be written", Assert.Single(run.ErrorLines));
        Assert.Equal("theirs", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("bench model --model logreg --seconds 0.1")]
    [InlineData("doctor")]
    [InlineData("data list")]
    public async Task With_output_they_write_a_manifest_with_the_result(string command)
    {
        var run = await _console.Run([.. command.Split(' '), "--quiet", "--output", _console.PathOf("run")]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("\"result\": ", File.ReadAllText(_console.PathOf("run/manifest.json")));
    }

    private (ExitCode Code, string Line) Report(Exception exception, string? folder = null)
    {
        var error = new StringWriter();
        var data = new DataCatalog([]);
        var environment = new ConsoleEnvironment
        {
            Output = TextWriter.Null,
            Error = error,
            Data = data,
            Training = new VirtualTimeHost(data),
            TraceFolder = folder ?? _console.Folder,
        };
        var code = Failures.Report(exception, environment, verbose: false);
        return (code, Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    /// <summary>Takes the run folder away before the run ends.</summary>
    private sealed class Vandal(string folder) : ITrainingHost
    {
        private readonly VirtualTimeHost _host = new(new DataCatalog([]));

        public async Task<TrainingOutcome> Run(
            TrainingRequest request, Action<TrainingProgress> progress, CancellationToken stop)
        {
            var job = request.Job with { Updates = 40, EvaluateEvery = 20, Model = "logreg", Workers = 4, WorkerSpeeds = [] };
            var outcome = await _host.Run(request with { Job = job }, progress, stop);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
            return outcome;
        }
    }
}
