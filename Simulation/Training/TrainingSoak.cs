using System.Runtime.InteropServices;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Simulation.Training;

/// <summary>What became of a schedule.</summary>
/// <param name="Violations">What was not as it must be, one line each; none when all was.</param>
/// <param name="VirtualSeconds">Until the job had ended.</param>
public sealed record SoakOutcome(FaultSchedule Schedule, IReadOnlyList<string> Violations, double VirtualSeconds);

/// <summary>
/// Runs fault schedules and checks what no fault excuses: the job ends, with the right reason, with the shards' own
/// counts, with a last evaluation, and with exactly those workers lost that are gone.
/// </summary>
public sealed class TrainingSoak(WorkerData data)
{
    /// <summary>
    /// Virtual time after which a job counts as one that does not end; the faults are over after two minutes.
    /// </summary>
    private const double LongestSeconds = 20_000;

    /// <summary>Runs a schedule on one core.</summary>
    /// <param name="compareCores">Runs it on four, too: trace and model must be the same.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public SoakOutcome Run(FaultSchedule schedule, bool compareCores, CancellationToken stop)
    {
        var seconds = 0.0;
        try
        {
            var result = Run(schedule, cores: 1, now => seconds = now, stop);
            var onFour = compareCores ? Run(schedule, cores: 4, _ => { }, stop) : result;
            return new SoakOutcome(schedule, [.. Check(schedule, result), .. Compare(result, onFour)], seconds);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            return new SoakOutcome(schedule, [$"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}"], seconds);
        }
    }

    /// <summary>What is wrong with the end of a schedule, one line each.</summary>
    public static IEnumerable<string> Check(FaultSchedule schedule, SimulatedTrainingResult result)
    {
        var (job, status) = (schedule.Job, result.Status);
        if (status.ExitReason != "updates-reached")
        {
            yield return $"the job ended because of '{status.ExitReason}'";
        }
        var shards = ShardStates.Open(job, result.Checkpoint.Shards).ToArray();
        for (var i = 0; i < shards.Length; i++)
        {
            if (!Agree(status.Shards[i], shards[i]))
            {
                yield return $"shard {i} is at {shards[i].Clock}, its status says {status.Shards[i].Clock}";
            }
            if (shards[i].Clock != job.Updates || shards[i].UpdatesByWorker.ToArray().Sum() != job.Updates)
            {
                yield return $"shard {i} has counted {shards[i].Clock} of {job.Updates} updates";
            }
        }
        if (status.Curve is not [.., { Final: true } last] || last.Updates != job.Updates || !double.IsFinite(last.Loss))
        {
            yield return "the last evaluation is missing or not of the last model";
        }
        var end = status.Curve is [.., var point] ? point.Seconds : 0;
        foreach (var worker in status.LostWorkers.Where(worker => !schedule.Gone.ContainsKey(worker)))
        {
            yield return $"worker {worker} is called lost and is not gone";
        }
        foreach (var (worker, at) in schedule.Gone.Where(gone => gone.Value < end && !status.LostWorkers.Contains(gone.Key)))
        {
            yield return FormattableString.Invariant($"worker {worker} is gone since {at:0.#} s and not called lost");
        }
    }

    /// <summary>What differs between two runs of a schedule, one line each.</summary>
    public static IEnumerable<string> Compare(SimulatedTrainingResult onOne, SimulatedTrainingResult onFour)
    {
        if (onOne.TraceHash != onFour.TraceHash)
        {
            yield return "the trace differs between one core and four";
        }
        if (!MemoryMarshal.AsBytes<float>(onOne.Parameters).SequenceEqual(MemoryMarshal.AsBytes<float>(onFour.Parameters)))
        {
            yield return "the model differs between one core and four";
        }
    }

    private static bool Agree(ShardStatus status, Core.ParameterServer.ParameterShard shard) =>
        status.Clock == shard.Clock && status.IngressBytes == shard.IngressBytes
        && shard.UpdatesByWorker.SequenceEqual(status.UpdatesByWorker)
        && shard.Staleness.Histogram.SequenceEqual(status.StalenessHistogram);

    private SimulatedTrainingResult Run(
        FaultSchedule schedule, int cores, Action<double> onProgress, CancellationToken stop) =>
        new SimulatedTraining(data, cores).Run(
            schedule.Job, schedule.Fleet, from: null,
            (status, now) =>
            {
                stop.ThrowIfCancellationRequested();
                onProgress(now.TotalSeconds);
                if (now.TotalSeconds > LongestSeconds)
                {
                    throw new TimeoutException(
                        $"the job goes on after {LongestSeconds} s, {status.Updates} of {schedule.Job.Updates} updates");
                }
            },
            CancellationToken.None);
}
