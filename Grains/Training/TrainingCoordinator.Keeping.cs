using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>How a job outlives the activation of its coordinator.</summary>
public sealed partial class TrainingCoordinator
{
    private readonly StateKeeper<StoredJob> _jobKeeper = new(stored);
    private readonly StateKeeper<StoredCurve> _curveKeeper = new(storedCurve);
    private string? _ending;
    private int _failedEnds;

    private TimeSpan Elapsed => _secondsBefore + clock.GetElapsedTime(_startedAt);

    /// <summary>
    /// On the first request of an activation: takes up the job that is stored, and looks after it soon.
    /// </summary>
    private void Recover()
    {
        if (_job is not null || !stored.RecordExists || stored.State is not { Job: { } job } saved)
        {
            return;
        }
        (_job, _phase, _isSetUp, _epoch) = (job, saved.Phase, saved.IsSetUp, saved.Epoch);
        (_exitReason, _stopReason, _workerFailure) = (saved.ExitReason, saved.StopReason, saved.WorkerFailure);
        (_startedWorkers, _startedAt, _secondsBefore) =
            (saved.StartedWorkers, clock.GetTimestamp(), TimeSpan.FromSeconds(saved.Seconds));
        _curve.AddRange(storedCurve.State.Points);
        if (_curve is [.., var last] && last.Seconds > saved.Seconds)
        {
            _secondsBefore = TimeSpan.FromSeconds(last.Seconds);
        }
        _shards = saved.Shards;
        _roll = new WorkerRoll(saved.LostWorkers);
        if (_phase == JobPhase.Running)
        {
            _isHeartbeatDue = true;
            WatchAfter(TimeSpan.Zero);
        }
    }

    private StoredJob Description() => new()
    {
        Job = _job,
        Phase = _ending is null ? _phase : JobPhase.Ended,
        IsSetUp = _isSetUp,
        Epoch = _epoch,
        ExitReason = _ending ?? _exitReason,
        StopReason = _stopReason,
        WorkerFailure = _workerFailure,
        StartedWorkers = _startedWorkers,
        Seconds = Elapsed.TotalSeconds,
        LostWorkers = _roll.Lost,
        Shards = _ending is null ? [] : _shards,
    };

    private Task Save() => _jobKeeper.Save(Description);

    private Task SaveCurve() => _curveKeeper.Save(() => new StoredCurve { Points = [.. _curve] });

    /// <summary>
    /// The job has ended once that is stored; until then the next look comes to the same end. Where storage does not
    /// come back it ends in memory alone.
    /// </summary>
    private async Task End(string reason, bool isLastTry = false)
    {
        _ending = reason;
        try
        {
            await Save();
        }
        catch (Exception) when (!isLastTry && ++_failedEnds < Backoff.Patient.Attempts)
        {
            _ending = null;
            return;
        }
        catch (Exception)
        {
            // An end that is not stored is better than none.
        }
        (_phase, _exitReason, _ending) = (JobPhase.Ended, reason, null);
        // Given up: who looks after running jobs finds that this one has ended, and removes it.
        Retry.Beside(
            turns,
            () => _phase == JobPhase.Running ? Task.CompletedTask : grains.Get<IJobDirectory>(IJobDirectory.Key).Remove(key.Value),
            Backoff.Patient, _ => { });
        if (!AreClosed && _job is { } job && Describe().HoldsName())
        {
            // Given up: nobody reads what the workers go on to push.
            Retry.Beside(turns, () => CloseShards(job), Backoff.Patient, _ => { });
        }
    }
}

/// <summary>What a coordinator keeps in grain storage.</summary>
[GenerateSerializer, Alias("oe.stored-job")]
public sealed class StoredJob
{
    [Id(0)] public TrainingJob? Job { get; set; }

    [Id(1)] public JobPhase Phase { get; set; }

    [Id(2)] public int Epoch { get; set; }

    [Id(3)] public string? ExitReason { get; set; }

    [Id(4)] public string? StopReason { get; set; }

    [Id(5)] public string? WorkerFailure { get; set; }

    [Id(6)] public int StartedWorkers { get; set; }

    [Id(7)] public double Seconds { get; set; }

    [Id(8)] public int[] LostWorkers { get; set; } = [];

    /// <summary>The shards are configured; without that a job does not go on.</summary>
    [Id(9)] public bool IsSetUp { get; set; }

    /// <summary>At the end of the job the shards' last figures; none before.</summary>
    [Id(10)] public ShardStatus[] Shards { get; set; } = [];
}

/// <summary>
/// The learning curve in grain storage; apart from the job, so that a point more changes nothing in the job.
/// </summary>
[GenerateSerializer, Alias("oe.stored-curve"), Observation]
public sealed class StoredCurve
{
    [Id(0)] public EvaluationPoint[] Points { get; set; } = [];
}
