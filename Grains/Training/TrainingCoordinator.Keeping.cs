using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>How a job outlives the activation of its coordinator.</summary>
public sealed partial class TrainingCoordinator
{
    private bool _unsaved;

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
        (_job, _phase, _epoch) = (job, saved.Phase, saved.Epoch);
        (_exitReason, _stopReason, _workerFailure) = (saved.ExitReason, saved.StopReason, saved.WorkerFailure);
        (_startedWorkers, _startedAt, _secondsBefore) =
            (saved.StartedWorkers, clock.GetTimestamp(), TimeSpan.FromSeconds(saved.Seconds));
        _curve.AddRange(saved.Curve);
        _lost.UnionWith(saved.LostWorkers);
        if (_phase == JobPhase.Running)
        {
            _heartbeatsDue = HeartbeatsAfterLoss;
            turns.After(TimeSpan.Zero, Watch);
        }
    }

    private void Write() => stored.State = new StoredJob
    {
        Job = _job,
        Phase = _phase,
        Epoch = _epoch,
        ExitReason = _exitReason,
        StopReason = _stopReason,
        WorkerFailure = _workerFailure,
        StartedWorkers = _startedWorkers,
        Seconds = Elapsed.TotalSeconds,
        Curve = [.. _curve],
        LostWorkers = [.. _lost],
    };

    /// <summary>Stores the job; when storage is away, the next look tries again.</summary>
    private async Task Save()
    {
        try
        {
            if (_unsaved)
            {
                await stored.ReadStateAsync(); // for the version: the write that failed may have been done
            }
            Write();
            await stored.WriteStateAsync();
            _unsaved = false;
        }
        catch (Exception)
        {
            _unsaved = true;
        }
    }

    private async Task Deregister()
    {
        try
        {
            await grains.Get<IJobDirectory>(IJobDirectory.Key).Remove(key.Value);
        }
        catch (Exception)
        {
            // Who looks after running jobs finds that this one has ended, and removes it.
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

    [Id(8)] public EvaluationPoint[] Curve { get; set; } = [];

    [Id(9)] public int[] LostWorkers { get; set; } = [];
}
