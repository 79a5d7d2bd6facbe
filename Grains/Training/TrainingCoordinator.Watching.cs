using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>How a running job is looked after, and how it ends.</summary>
public sealed partial class TrainingCoordinator
{
    private const string UpdatesReached = "updates-reached";
    private const string TargetReached = "target-reached";
    private const string AllWorkersLost = "all-workers-lost";
    private const string WithoutState = "failed: a shard restarted without stored state";

    /// <summary>Time between two looks at the shards.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(5);

    /// <summary>Looks at the shards for one look at all workers.</summary>
    private const int WatchesPerHeartbeat = 12;

    /// <summary>
    /// Looks at closed shards before the job gives up waiting for the last evaluation, and then for the figures.
    /// </summary>
    private const int WatchesForFinalEvaluation = 60;

    /// <summary>Looks at closed shards before they are asked for their last slice again.</summary>
    private const int WatchesForLastSlice = 6;

    private WorkerRoll _roll = new([]);
    private ShardStatus[] _shards = [];
    private int _startedWorkers;
    private int _watches;
    private int _watchesSinceClosed;
    private int _wrapUps;
    private string? _workerFailure;
    private bool _isHeartbeatDue;
    private bool _isWatchPlanned;
    private bool _isLookPlanned;

    private bool AreClosed => _shards.Length > 0 && Array.TrueForAll(_shards, shard => shard.Closed);

    /// <summary>Starts the workers up to a number; one that does not answer now is started by a heartbeat.</summary>
    private async Task StartWorkers(int count)
    {
        await Task.WhenAll(
            Enumerable.Range(0, count).Skip(_startedWorkers).Where(i => !_roll.IsLost(i)).Select(StartWorker));
        _startedWorkers = Math.Max(_startedWorkers, count);
    }

    private async Task StartWorker(int worker)
    {
        try
        {
            await Worker(_job!, worker).Start(new WorkerAssignment(_job!, worker, _epoch));
            _roll.Started(worker);
        }
        catch (OrleansEdgeException e)
        {
            Fail(worker, e.Message);
        }
        catch (Exception)
        {
            _roll.Silent(worker); // the next look asks it, and starts it again
        }
    }

    private void Fail(int worker, string why)
    {
        _roll.Failed(worker);
        _workerFailure ??= $"worker {worker}: {why}";
    }

    private void WatchAfter(TimeSpan delay)
    {
        if (!_isWatchPlanned)
        {
            _isWatchPlanned = true;
            turns.After(delay, Watch);
        }
    }

    /// <summary>One look at the job; arranges the next, whatever becomes of this one.</summary>
    private async Task Watch()
    {
        _isWatchPlanned = false;
        try
        {
            await Look();
        }
        finally
        {
            if (_phase == JobPhase.Running)
            {
                WatchAfter(WatchInterval);
            }
        }
    }

    private async Task Look()
    {
        if (_phase != JobPhase.Running || _job is not { } job)
        {
            return;
        }
        if (!_isSetUp)
        {
            await End($"{JobStatus.NotStarted}its coordinator was lost meanwhile");
            return;
        }
        if (IsEvaluated)
        {
            await WrapUp(); // it came no further before
            return;
        }
        var before = _shards.Sum(shard => shard.Clock);
        var reached = await RefreshShards(job);
        if (!Array.TrueForAll(_shards, IsOfThisStart))
        {
            await End(WithoutState);
            return;
        }
        if (AreClosed && ++_watchesSinceClosed > WatchesForFinalEvaluation)
        {
            await End("failed: the last evaluation did not arrive");
            return;
        }
        await SeeToClosing(job);
        await SeeToWorkers(job, isStill: reached && _shards.Sum(shard => shard.Clock) == before);
    }

    /// <summary>A shard without state, or with that of a start that failed, is no shard of this job.</summary>
    private bool IsOfThisStart(ShardStatus shard) => shard.Configured && shard.Epoch == _epoch;

    /// <summary>Closes shards that did not answer before; asks closed ones for what the evaluator lacks.</summary>
    private async Task SeeToClosing(TrainingJob job)
    {
        if (AreClosed && _watchesSinceClosed % WatchesForLastSlice == 0)
        {
            await Try(() => CloseShards(job));
        }
        else if (!AreClosed && _stopReason is { } reason)
        {
            await Try(() => Close(reason));
        }
    }

    /// <param name="isStill">No update has come since the look before: else some worker is at work, silent or not.</param>
    private async Task SeeToWorkers(TrainingJob job, bool isStill)
    {
        var due = UpdatesSoFar >= job.WarmUpUpdates || IsEveryStartedLost ? job.Workers : 1;
        if (_startedWorkers < due)
        {
            await StartWorkers(due);
        }
        var all = ++_watches % WatchesPerHeartbeat == 0 || _isHeartbeatDue;
        if (all || _roll.IsInDoubt)
        {
            _isHeartbeatDue = false; // one that falls due meanwhile comes after
            await Heartbeat(job, worker => all || _roll.IsDoubtful(worker), restart: true);
            if (isStill && !AreClosed && _startedWorkers == job.Workers && IsEveryStartedLost)
            {
                await Try(() => Close(_workerFailure is null ? AllWorkersLost : $"failed: {_workerFailure}"));
            }
        }
    }

    private bool IsEveryStartedLost => _startedWorkers > 0 && Enumerable.Range(0, _startedWorkers).All(_roll.IsLost);

    /// <summary>
    /// Takes the last figures and ends the job; when they cannot be had now, the next look tries again.
    /// </summary>
    private async Task WrapUp()
    {
        if (_phase != JobPhase.Running || _job is not { } job)
        {
            return;
        }
        var reached = await RefreshShards(job);
        if (!Array.TrueForAll(_shards, IsOfThisStart))
        {
            await End(WithoutState);
            return;
        }
        if (_stopReason != AllWorkersLost)
        {
            var isFirst = _wrapUps == 0;
            await Heartbeat(job, worker => isFirst || _roll.IsDoubtful(worker), restart: false);
        }
        if (reached && AreClosed && !_roll.IsInDoubt)
        {
            await End(ReasonOfEnd(job));
        }
        else if (++_wrapUps > WatchesForFinalEvaluation)
        {
            await End("failed: the figures after the last evaluation could not be had");
        }
    }

    private string ReasonOfEnd(TrainingJob job)
    {
        var reason = _stopReason ?? DivergenceOf(job) ?? UpdatesReached;
        var isOfCurve = reason == TargetReached || reason.StartsWith(JobStatus.DivergedReason, StringComparison.Ordinal);
        var isComplete = Array.TrueForAll(_shards, shard => shard.Clock >= job.Updates);
        return isComplete && !isOfCurve ? UpdatesReached : reason;
    }

    /// <summary>
    /// Whether every shard has answered; who reaches none of them may itself be the one that is cut off. A shard that
    /// does not answer keeps its last status; its workers wait for it with bounded retries.
    /// </summary>
    private async Task<bool> RefreshShards(TrainingJob job)
    {
        var answers = await Task.WhenAll(Shards(job).Select(StatusOf));
        var reached = !answers.Contains(null);
        if (reached || _shards.Length > 0)
        {
            _shards = [.. answers.Select((answer, i) => answer ?? _shards[i])];
        }
        return reached;
    }

    private static async Task<ShardStatus?> StatusOf(IParameterShard shard)
    {
        try
        {
            return await shard.Status();
        }
        catch (Exception)
        {
            return null; // it is asked again at the next look
        }
    }

    /// <summary>
    /// Finds workers that do not answer, and starts again those that have forgotten their assignment or have stopped
    /// at a shard that has gone back since to what was stored.
    /// </summary>
    private async Task Heartbeat(TrainingJob job, Func<int, bool> isAsked, bool restart)
    {
        var asked = Enumerable.Range(0, _startedWorkers).Where(isAsked).ToArray();
        var answers = await Task.WhenAll(asked.Select(worker => StatusOf(Worker(job, worker))));
        var idle = new List<int>();
        foreach (var (worker, status) in asked.Zip(answers))
        {
            if (status is null)
            {
                _roll.Silent(worker);
                continue;
            }
            if (status.Failure is { } failure)
            {
                Fail(worker, failure);
                continue;
            }
            _roll.Answered(worker);
            if (restart && (status.Epoch != _epoch || (!status.Running && !AreClosed)))
            {
                idle.Add(worker);
            }
        }
        await Task.WhenAll(idle.Select(StartWorker));
    }

    private static async Task<WorkerStatus?> StatusOf(IWorker worker)
    {
        try
        {
            return await worker.Status();
        }
        catch (Exception)
        {
            return null; // the worker or a message is lost; the roll keeps count
        }
    }

    /// <summary>Closes the shards, once the reason is stored.</summary>
    private async Task Close(string reason)
    {
        if (_phase == JobPhase.Running && _job is { } job)
        {
            _stopReason ??= reason;
            await Save();
            if (_isSetUp) // else the next look closes them
            {
                await Try(() => CloseShards(job));
            }
        }
    }

    private Task CloseShards(TrainingJob job) => Task.WhenAll(Shards(job).Select(shard => shard.Close()));

    /// <summary>Does what the next look does again, should it fail.</summary>
    private static async Task Try(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not OrleansEdgeException)
        {
            // The watch goes on.
        }
    }
}
