using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>How a job outlives the activation of its coordinator.</summary>
public sealed partial class TrainingCoordinator
{
    private Task _lastSave = Task.CompletedTask;
    private bool _unsaved;
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
        _curve.AddRange(saved.Curve);
        _roll = new WorkerRoll(saved.LostWorkers);
        if (_phase == JobPhase.Running)
        {
            _heartbeatsDue = HeartbeatsAfterLoss;
            turns.After(TimeSpan.Zero, Watch);
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
        Curve = [.. _curve],
        LostWorkers = _roll.Lost,
    };

    /// <summary>Stores the job as it is when its turn has come; one write at a time.</summary>
    private Task Save() => _lastSave = SaveAfter(_lastSave);

    private async Task SaveAfter(Task before)
    {
        await Task.WhenAny(before); // whatever became of it
        try
        {
            if (_unsaved)
            {
                await stored.ReadStateAsync(); // for the version: the write that failed may have been done
            }
            stored.State = Description();
            await stored.WriteStateAsync();
            _unsaved = false;
        }
        catch (Exception)
        {
            _unsaved = true;
            throw;
        }
    }

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
            turns, () => grains.Get<IJobDirectory>(IJobDirectory.Key).Remove(key.Value), Backoff.Patient, _ => { });
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

    [Id(8)] public EvaluationPoint[] Curve { get; set; } = [];

    [Id(9)] public int[] LostWorkers { get; set; } = [];

    /// <summary>The shards are configured; without that a job does not go on.</summary>
    [Id(10)] public bool IsSetUp { get; set; }
}
