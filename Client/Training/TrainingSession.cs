using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Games.Play;
using OrleansEdge.Client.Progress;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Training;

/// <summary>Runs plans for a command: opens the input, shows progress, writes the run folder.</summary>
/// <remarks>Running and writing are two steps, so that a command can print what came out in between.</remarks>
internal sealed class TrainingSession(Invocation invocation)
{
    private static readonly TimeSpan BetweenMetrics = TimeSpan.FromSeconds(2);
    private readonly ProgressView _view = new(invocation);
    private readonly HashSet<string> _warnings = [];

    /// <summary>Runs one plan; <paramref name="folder"/> gets the manifest, the curve so far and checkpoints.</summary>
    public async Task<FinishedRun> Run(TrainingPlan plan, RunFolder folder)
    {
        plan.Job.Validate();
        var input = Timed.Made(invocation, () => TrainingInput.Open(plan.Job, invocation.Environment.Data));
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
        return new FinishedRun(result, input, summary, manifest with { Result = summary }, keeper);
    }

    /// <summary>
    /// Writes what the run was for into its folder, and a report, which is a warning where it fails. The checkpoint comes
    /// last: whoever is killed before it goes on from a boundary before the end, and writes all of it then.
    /// </summary>
    /// <exception cref="OrleansEdgeException">Checkpoint, curve, model or manifest could not be written (74).</exception>
    public void Write(FinishedRun run, RunFolder folder)
    {
        try
        {
            TrainingFiles.Write(invocation, folder, run.Result, run.Input, run.Manifest);
        }
        finally
        {
            run.Checkpoints.WriteLast();
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
/// <param name="Checkpoints">Has the last boundary passed, which the checkpoint holds; none before the first.</param>
internal sealed record FinishedRun(
    TrainingResult Result, TrainingInput Input, TrainingSummary Summary, Manifest Manifest, CheckpointKeeper Checkpoints);
