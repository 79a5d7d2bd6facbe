using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Progress;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Training;

/// <summary>Runs plans for a command: opens the input, shows progress, writes the run folder.</summary>
internal sealed class TrainingSession(Invocation invocation)
{
    private static readonly TimeSpan BetweenMetrics = TimeSpan.FromSeconds(2);
    private readonly ProgressView _view = new(invocation);
    private readonly HashSet<string> _warnings = [];

    /// <summary>Runs one plan and writes everything into <paramref name="folder"/>.</summary>
    /// <returns>
    /// The run; and the error of the folder where it could not be written in the end, for a run is worth more than its
    /// files.
    /// </returns>
    public async Task<FinishedRun> Run(TrainingPlan plan, RunFolder folder)
    {
        plan.Job.Validate();
        var input = TrainingInput.Open(plan.Job, invocation.Environment.Data);
        var clock = invocation.Environment.Clock;
        var manifest = new Manifest
        {
            Command = invocation.CommandText,
            Started = clock.GetUtcNow(),
            Seed = plan.Job.Seed,
            Configuration = TrainingConfiguration.Of(plan),
        };
        folder.WriteManifest(manifest);
        var runner = new TrainingRunner(invocation.Environment.Training, clock);
        var keeper = new CheckpointKeeper(folder.WriteCheckpoint, plan.CheckpointEvery.Span, clock, Warn);
        var metricsAt = clock.GetTimestamp();
        var result = await _view.Show(plan.Name, plan.Job, show => runner.Run(
            plan,
            progress =>
            {
                show(progress);
                if (clock.GetElapsedTime(metricsAt) > BetweenMetrics)
                {
                    metricsAt = clock.GetTimestamp();
                    TryWriteMetrics(folder, progress.Status.Curve);
                }
            },
            keeper,
            invocation.Stop));
        var summary = TrainingSummary.Of(result, input, folder.Path);
        try
        {
            keeper.WriteLast();
            TrainingFiles.Write(folder, result, input, manifest with { Result = summary });
            return new FinishedRun(result, input, summary, keeper.Last, null);
        }
        catch (OrleansEdgeException exception) when (exception.ExitCode == ExitCode.InputOutput)
        {
            return new FinishedRun(result, input, summary with { Output = null }, keeper.Last, exception);
        }
    }

    private void TryWriteMetrics(RunFolder folder, IReadOnlyList<EvaluationPoint> curve)
    {
        try
        {
            folder.WriteMetrics(curve);
        }
        catch (OrleansEdgeException exception) when (exception.ExitCode == ExitCode.InputOutput)
        {
            Warn(exception.Message);
        }
    }

    /// <summary>What cannot be written while a run goes on is said once.</summary>
    private void Warn(string problem)
    {
        if (_warnings.Add(problem))
        {
            invocation.Environment.Error.WriteLine($"oe: warning: {problem}; the run goes on and tries again");
        }
    }
}

/// <summary>A run that has ended, with its input and its figures.</summary>
/// <param name="Boundary">The last boundary passed, which the checkpoint holds; null before the first.</param>
/// <param name="FolderError">Why the run folder is not complete, or null.</param>
internal sealed record FinishedRun(
    TrainingResult Result, TrainingInput Input, TrainingSummary Summary, SavedRun? Boundary,
    OrleansEdgeException? FolderError);
