using System.Security.Cryptography;
using System.Text;

namespace OrleansEdge.Client.Training;

/// <summary>
/// Runs a plan segment by segment. A segment ends at a checkpoint: the shards close, the workers' gradients under way
/// are dropped, and the next segment goes on from the checkpoint, so that a run that was broken off and one that was
/// not take the same way.
/// </summary>
internal sealed class TrainingRunner(ITrainingHost host, TimeProvider clock)
{
    /// <summary>Runs the plan to its end or until <paramref name="stop"/>.</summary>
    /// <param name="progress">Called now and then, one call at a time.</param>
    /// <param name="checkpoint">Called with each checkpoint, the last one included.</param>
    public async Task<TrainingResult> Run(
        TrainingPlan plan, Action<TrainingProgress> progress, Action<SavedRun> checkpoint, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        var job = plan.Job with { WorkerSpeeds = plan.Classes.SpeedsOf(plan.Job.Workers, plan.Job.Seed) };
        var from = plan.From?.Checkpoint;
        var firstUpdate = from?.Curve.LastOrDefault()?.Updates ?? 0;
        var (hash, done) = (plan.From?.TraceHash, firstUpdate);
        while (true)
        {
            var end = EndOfSegment(plan, done);
            var outcome = await host.Run(
                new TrainingRequest
                {
                    Job = job with { Updates = end },
                    From = from,
                    CrashProbability = plan.CrashProbability,
                    Cores = plan.Cores,
                },
                progress,
                stop);
            (from, done) = (outcome.Checkpoint, outcome.Status.Updates);
            hash = hash is null ? outcome.TraceHash : Chain(hash, outcome.TraceHash);
            checkpoint(new SavedRun(plan with { From = null }, from, hash));
            if (outcome.Status.ExitReason != ExitReasons.UpdatesReached || done >= job.Updates)
            {
                var wall = clock.GetElapsedTime(started).TotalSeconds;
                return new TrainingResult(plan, outcome with { TraceHash = hash }, firstUpdate, wall);
            }
        }
    }

    private static long EndOfSegment(TrainingPlan plan, long done) => plan.CheckpointEvery == 0
        ? plan.Job.Updates
        : Math.Min(plan.Job.Updates, ((done / plan.CheckpointEvery) + 1) * plan.CheckpointEvery);

    private static string Chain(string first, string second) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(first + second)))[..second.Length];
}

/// <summary>Why a run ended.</summary>
internal static class ExitReasons
{
    public const string UpdatesReached = "updates-reached";
    public const string TargetReached = "target-reached";
    public const string Stopped = "stopped";
    public const string AllWorkersLost = "all-workers-lost";
}
