using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Games.Play;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using Spectre.Console;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe train ALGORITHM</c>: one training run in the virtual-time cluster.</summary>
internal sealed class TrainCommand : IConsoleCommand
{
    public int Order => 20;

    public Command Create(CommandBinder binder)
    {
        var train = new Command("train", "Trains a model on a fleet of edge workers.");
        foreach (var algorithm in AlgorithmDefaults.All)
        {
            var options = new TrainingOptions(algorithm);
            var command = new Command(algorithm.Name, algorithm.Description);
            options.AddTo(command);
            train.Add(binder.Bind(command, invocation => Run(invocation, algorithm, options)));
        }
        return train;
    }

    private static async Task<ExitCode> Run(Invocation invocation, AlgorithmDefaults algorithm, TrainingOptions options)
    {
        var resume = options.ResumeFolder(invocation);
        var plan = Timed.Made(invocation, () => resume is null
            ? options.NewPlan(invocation, invocation.Environment.Data)
            : options.ResumedPlan(invocation, CheckpointFile.Read(resume), resume));
        var folder = invocation.OpenFolder(
            $"train-{algorithm.Name}", File.Exists(resume) ? Path.GetDirectoryName(Path.GetFullPath(resume)) : resume);
        var session = new TrainingSession(invocation);
        var run = await session.Run(plan, folder);
        if (invocation.Json)
        {
            invocation.WriteJson(run.Summary);
        }
        else
        {
            Show(invocation.Out, run);
        }
        var code = TrainingSummary.ExitCodeOf(run.Result);
        session.Write(run, folder);
        if (!invocation.Json)
        {
            invocation.Out.MarkupLineInterpolated($"[grey]written[/]    [bold]{folder.Path}[/]");
        }
        if (code != ExitCode.Success)
        {
            invocation.Environment.Error.WriteLine("oe: " + Shortfall(run, folder));
        }
        return code;
    }

    private static string Shortfall(FinishedRun run, RunFolder folder)
    {
        var (result, job) = (run.Result, run.Result.Job);
        if (result.Outcome.Status.HasDiverged())
        {
            return $"{result.ExitReason}; lower --rate (the model files hold update {result.Outcome.ParametersAt})";
        }
        var goal = job.TargetAccuracy > 0
            ? $"accuracy {Quantity.Percent(job.TargetAccuracy)}"
            : $"{job.Updates} updates";
        return $"{result.ExitReason}: {result.Updates} updates, accuracy {Quantity.Percent(result.FinalAccuracy)}; expected "
            + $"{goal}; {GoesOn(run, folder)}";
    }

    private static string GoesOn(FinishedRun run, RunFolder folder) => run.Result.ExitReason == ExitReasons.AllWorkersLost
        ? "nobody is left to go on"
        : run.Checkpoints.Last is { } boundary ? $"--resume {folder.Path} goes on from update {boundary.Updates}"
        : $"no boundary was passed (--boundary-every {run.Result.Plan.BoundaryEvery}), so there is no checkpoint";

    private static void Show(IAnsiConsole console, FinishedRun run)
    {
        var (result, paper) = (run.Result, PaperResults.For(run.Result.Plan));
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Plan.Name} on {result.Job.Data}, {result.Job.Model}, {result.Job.Workers:#,0} workers, seed {result.Job.Seed}");
        console.MarkupLine($"[bold]{Markup.Escape(title)}[/]");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        void Row(string label, string value) => grid.AddRow($"[grey]{label}[/]", Markup.Escape(value));
        Row("accuracy", $"{Quantity.Percent(result.FinalAccuracy)}, at best {Quantity.Percent(result.MaxAccuracy)}"
            + (paper is null ? "" : $" (the paper: {Quantity.Percent(paper.Accuracy)} after 250,000 updates)"));
        Row("updates", $"{Quantity.Count(result.Updates)}, {result.ExitReason}");
        Row("ingress", $"{Quantity.Bytes(result.IngressBytes)}"
            + (result.BytesToAccuracy(0.97) is { } bytes ? $", {Quantity.Bytes(bytes)} to 97 %" : ""));
        Row("staleness", $"{Quantity.Number(result.MeanStaleness)} in the mean, {Quantity.Count(result.MaxStaleness)} at most");
        if (result.Outcome.CrashedWorkers > 0)
        {
            Row("lost", $"{Quantity.Count(result.Outcome.CrashedWorkers)} workers");
        }
        Row("time", $"{Quantity.Duration(result.WallSeconds)} here, {Quantity.Duration(result.Outcome.VirtualSeconds)} in the "
            + $"cluster; {Quantity.Count(result.ImagesPerSecond)} images/s");
        Row("trace", result.Outcome.TraceHash);
        console.Write(grid);
    }
}
