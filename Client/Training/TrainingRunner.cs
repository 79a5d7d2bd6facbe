using System.Security.Cryptography;
using System.Text;

namespace OrleansEdge.Client.Training;

/// <summary>
/// Runs a plan segment by segment. A segment ends at a boundary of the run: the shards close, the workers' gradients
/// under way are dropped, and the next segment goes on from there, written or not, so that a run that was broken off and
/// one that was not take the same way.
/// </summary>
internal sealed class TrainingRunner(ITrainingHost host, TimeProvider clock)
{
    /// <summary>Runs the plan to its end or until <paramref name="stop"/>.</summary>
    /// <param name="progress">Called now and then, one call at a time.</param>
    /// <param name="keeper">Is given each boundary that is passed, and the end of a run that came to one.</param>
    public async Task<TrainingResult> Run(
        TrainingPlan plan, Action<TrainingProgress> progress, CheckpointKeeper keeper, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        var job = plan.Job with { WorkerSpeeds = plan.Classes.SpeedsOf(plan.Job.Workers, plan.Job.Seed) };
        var from = plan.From?.Checkpoint;
        var firstUpdate = from?.Curve.LastOrDefault()?.Updates ?? 0;
        var (hash, done) = (plan.From?.TraceHash, firstUpdate);
        if (plan.From is { } taken)
        {
            keeper.Passed(taken with { Plan = plan with { From = null } });
        }
        while (true)
        {
            var outcome = await host.Run(
                new TrainingRequest
                {
                    Job = job with { Updates = EndOfSegment(plan, done) },
                    From = from,
                    CrashProbability = plan.CrashProbability,
                    MeasureOnNetwork = plan.MeasureOnNetwork,
                    Cores = plan.Cores,
                },
                report =>
                {
                    progress(report);
                    keeper.WriteWhenDue();
                },
                stop);
            (from, done) = (outcome.Checkpoint, outcome.Status.Updates);
            hash = hash is null ? outcome.TraceHash : Chain(hash, outcome.TraceHash);
            if (outcome.Status.ExitReason
                is ExitReasons.UpdatesReached or ExitReasons.TargetReached or ExitReasons.AllWorkersLost)
            {
                keeper.Passed(new SavedRun(plan with { From = null }, from, hash));
            }
            if (outcome.Status.ExitReason != ExitReasons.UpdatesReached || done >= job.Updates)
            {
                var wall = clock.GetElapsedTime(started).TotalSeconds;
                return new TrainingResult(plan, outcome with { TraceHash = hash }, firstUpdate, wall);
            }
        }
    }

    private static long EndOfSegment(TrainingPlan plan, long done) =>
        Math.Min(plan.Job.Updates, ((done / plan.BoundaryEvery) + 1) * plan.BoundaryEvery);

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
