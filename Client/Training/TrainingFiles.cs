using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Runs;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Training;

/// <summary>The files of a training run that has ended, wherever it ran.</summary>
internal static class TrainingFiles
{
    /// <summary>Writes curve, model and manifest, and a report, which is a warning where it fails.</summary>
    /// <exception cref="Core.OrleansEdgeException">Curve, model or manifest could not be written (74).</exception>
    public static void Write(
        Invocation invocation, RunFolder folder, TrainingResult result, TrainingInput input, Manifest manifest)
    {
        folder.WriteMetrics(result.Curve);
        folder.WriteModel(input.Model, result.Outcome.Parameters);
        folder.WriteManifest(manifest);
        invocation.AfterResult(() => folder.WriteReport(TrainingReport.Of(result, input, manifest.Command)));
    }
}

/// <summary>Everything that decides the outcome of a run, as the manifest has it.</summary>
internal sealed record TrainingConfiguration(
    TrainingJob Job, string DeviceClasses, double CrashProbability, long BoundaryEvery, bool MeasureOnNetwork,
    string CheckpointEvery, int Cores, bool Resumed)
{
    public static TrainingConfiguration Of(TrainingPlan plan) => new(
        plan.Job, plan.Classes.ToString(), plan.CrashProbability, plan.BoundaryEvery, plan.MeasureOnNetwork,
        plan.CheckpointEvery.ToString(), plan.Cores, plan.From is not null);
}
