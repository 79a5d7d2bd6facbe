using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Progress;
using OrleansEdge.Client.Runs;
using OrleansEdge.Client.Training;
using OrleansEdge.Core.Models;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Cluster;

/// <summary>
/// Writes the run folder of a job that a cluster has done, the same as that of a run on this machine.
/// </summary>
internal static class ClusterRunFolder
{
    /// <summary>Of a folder in <c>runs/</c>, without the time.</summary>
    public static string NameOf(TrainingJob job) => $"train-{job.Algorithm}";

    /// <param name="started">When the command began.</param>
    /// <exception cref="Core.OrleansEdgeException">The folder could not be written (74).</exception>
    public static void Write(Invocation invocation, TrainingResult result, DateTimeOffset started)
    {
        var input = new TrainingInput(ModelCatalog.Create(result.Job.Model), Data: null);
        var folder = invocation.OpenFolder(NameOf(result.Job));
        // 'oe train --resume' goes on in virtual time, where there are no sites, and nothing to store or copy.
        var resumable = result.Plan with
        {
            Job = result.Job with { WorkerSites = null, WorkerSpeeds = [], Replicas = 0, PersistEvery = 0 },
        };
        folder.WriteCheckpoint(new SavedRun(resumable, result.Outcome.Checkpoint, result.Outcome.TraceHash));
        TrainingFiles.Write(invocation, folder, result, input, new Manifest
        {
            Command = invocation.CommandText,
            Started = started,
            Seed = result.Job.Seed,
            Configuration = TrainingConfiguration.Of(result.Plan),
            Result = TrainingSummary.Of(result, input, folder.Path),
        });
        new ProgressView(invocation).Say($"written: {folder.Path}: report.html, model.onnx, model.safetensors, "
            + "checkpoint.bin, metrics.jsonl, manifest.json");
    }
}
