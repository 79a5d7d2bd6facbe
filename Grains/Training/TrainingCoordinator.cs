using OrleansEdge.Core;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>Sets up the grains of one job, watches over them, and collects the learning curve.</summary>
public sealed partial class TrainingCoordinator(
    GrainKey key, IGrains grains, TimeProvider clock, ITurns turns, IComputePool compute, ModelPool models,
    [PersistentState("job", "jobs")] IPersistentState<StoredJob> stored)
    : ITrainingCoordinator
{
    /// <summary>Time between two looks at the shards.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(5);

    /// <summary>Looks at the shards for one look at the workers.</summary>
    private const int WatchesPerHeartbeat = 12;

    /// <summary>Looks at closed shards before the job gives up waiting for the last evaluation.</summary>
    private const int WatchesForFinalEvaluation = 60;

    /// <summary>
    /// Looks at the workers, one after the other, when the host has lost a machine and some do not answer yet.
    /// </summary>
    private const int HeartbeatsAfterLoss = 12;

    private readonly List<EvaluationPoint> _curve = [];
    private readonly SortedSet<int> _lost = [];
    private TrainingJob? _job;
    private JobPhase _phase;
    private string? _exitReason;
    private string? _stopReason;
    private int _epoch;
    private long _startedAt;
    private TimeSpan _secondsBefore;
    private ShardStatus[] _shards = [];
    private int _startedWorkers;
    private int _watches;
    private int _watchesSinceClosed;
    private string? _workerFailure;
    private int _heartbeatsDue;

    public async Task Start(TrainingJob job, JobCheckpoint? from)
    {
        job.Validate();
        Recover();
        if (Describe().HoldsName())
        {
            RequireSame(job);
            return;
        }
        Begin(job, from);
        try
        {
            await grains.Get<IJobDirectory>(IJobDirectory.Key).Add(job.Name);
            Write();
            await stored.WriteStateAsync();
            await grains.Get<IEvaluator>(GrainKeys.Evaluator(job.Name)).Start(job);
            await ConfigureShards(job, from?.Shards ?? await DrawInitialState(job));
        }
        catch (Exception e)
        {
            await End(JobStatus.NotStarted + e.Message);
            throw;
        }
        turns.After(TimeSpan.Zero, () => StartWorkers(job.WarmUpUpdates > 0 && from is null ? 1 : job.Workers));
        turns.After(WatchInterval, Watch);
    }

    public Task<JobStatus> Status()
    {
        Recover();
        return Task.FromResult(Describe());
    }

    public Task<TrainingJob?> Job()
    {
        Recover();
        return Task.FromResult(_job);
    }

    public Task Stop()
    {
        Recover();
        return Close("stopped");
    }

    public Task LookAfter()
    {
        Recover();
        if (_phase == JobPhase.Running)
        {
            _heartbeatsDue = HeartbeatsAfterLoss;
            turns.After(TimeSpan.FromSeconds(1), Look);
        }
        return Task.CompletedTask;
    }

    public async Task Evaluated(EvaluationPoint point)
    {
        Recover();
        if (_phase != JobPhase.Running || _job is null || _curve is [.., { Final: true }]
            || _curve.Any(known => known.Updates == point.Updates && known.Final == point.Final))
        {
            return; // sent twice
        }
        _curve.Add(point with { Seconds = Elapsed.TotalSeconds });
        await Save();
        if (point.Final)
        {
            turns.After(TimeSpan.Zero, WrapUp);
        }
        else if (_job.TargetAccuracy > 0 && point.Accuracy >= _job.TargetAccuracy)
        {
            await Close("target-reached");
        }
    }

    public async Task<JobCheckpoint> Checkpoint()
    {
        Recover();
        if (_phase != JobPhase.Ended || _job is null)
        {
            throw new InvalidOperationException($"job '{key.Value}' has not ended; a checkpoint is taken at its end");
        }
        var states = await Task.WhenAll(Shards(_job).Select(shard => shard.Export()));
        return new JobCheckpoint(_epoch, _curve.Count > 0 ? _curve[^1].Seconds : 0, states, [.. _lost], [.. _curve]);
    }

    private JobStatus Describe() => new(_phase, _exitReason, UpdatesSoFar, [.. _curve], _shards, [.. _lost]);

    /// <summary>
    /// A running job may be submitted again, since an answer may have been lost; nothing else may have its name.
    /// </summary>
    private void RequireSame(TrainingJob job)
    {
        if (_phase == JobPhase.Ended)
        {
            throw OrleansEdgeException.Usage(
                $"job '{key.Value}' has ended ({_exitReason}); submit the new one under another name (--name)");
        }
        if (!job.IsSameAs(_job!))
        {
            throw OrleansEdgeException.Usage(
                $"job '{key.Value}' is running with other settings; submit this one under another name (--name)");
        }
    }

    /// <summary>Takes up a job; one that failed to start is forgotten, and its shards' epoch exceeded.</summary>
    private void Begin(TrainingJob job, JobCheckpoint? from)
    {
        var epoch = Math.Max(from?.Epoch ?? -1, _job is null ? -1 : _epoch) + 1;
        (_job, _phase, _epoch, _startedAt) = (job, JobPhase.Running, epoch, clock.GetTimestamp());
        (_exitReason, _stopReason, _workerFailure, _shards) = (null, null, null, []);
        (_startedWorkers, _watches, _watchesSinceClosed) = (0, 0, 0);
        _secondsBefore = TimeSpan.FromSeconds(from?.Seconds ?? 0);
        _curve.Clear();
        _lost.Clear();
        _curve.AddRange(from?.Curve.Select(point => point with { Final = false }) ?? []);
        _lost.UnionWith(from?.LostWorkers ?? []);
    }

    private long UpdatesSoFar => _shards.Length == 0 ? 0 : _shards.Min(shard => shard.Clock);

    private IEnumerable<IParameterShard> Shards(TrainingJob job) =>
        Enumerable.Range(0, job.Shards).Select(i => grains.Get<IParameterShard>(GrainKeys.Shard(job.Name, i)));

    private IWorker Worker(TrainingJob job, int worker) => grains.Get<IWorker>(GrainKeys.Worker(job, worker));

    private Task<Payload[]> DrawInitialState(TrainingJob job) => compute.Run(
        () => models.Use(job.Model, model =>
        {
            var parameters = new float[model.ParameterCount];
            var random = new RandomStream(job.Seed, "initial-parameters");
            model.Initialize(parameters, ref random);
            return KeyRange.Split(parameters.Length, job.Shards).Select(range => Payloads.Dense(
                parameters.AsSpan(range.Start, range.Length))).ToArray();
        }),
        floatingPointOperations: 0);

    private async Task ConfigureShards(TrainingJob job, Payload[] states)
    {
        var start = 0;
        var calls = new List<Task>();
        foreach (var (shard, i) in Shards(job).Select((shard, i) => (shard, i)))
        {
            calls.Add(shard.Configure(new ShardConfiguration(
                _epoch, i, start, TrainingAlgorithms.RuleOf(job.Algorithm), job.LearningRate, job.Compression, job.Workers,
                job.Updates, job.EvaluateEvery, job.PersistEvery, GrainKeys.Evaluator(job.Name), states[i],
                job.Replicas, job.FinalRate)));
            start += states[i].ElementCount;
        }
        await Task.WhenAll(calls);
    }

    private async Task StartWorkers(int count)
    {
        var first = _startedWorkers;
        _startedWorkers = count;
        await Task.WhenAll(Enumerable.Range(first, count - first).Where(i => !_lost.Contains(i)).Select(StartWorker));
    }

    private async Task StartWorker(int worker)
    {
        try
        {
            await Worker(_job!, worker).Start(new WorkerAssignment(_job!, worker, _epoch));
        }
        catch (Exception e) when (e is not OrleansEdgeException)
        {
            _lost.Add(worker); // the next heartbeat tries again
        }
    }

    /// <summary>One look at the job; ends by arranging the next.</summary>
    private async Task Watch()
    {
        if (_phase != JobPhase.Running || _job is null)
        {
            return;
        }
        await Look();
        if (_phase == JobPhase.Running)
        {
            turns.After(WatchInterval, Watch);
        }
    }

    private async Task Look()
    {
        if (_phase != JobPhase.Running || _job is null)
        {
            return;
        }
        if (_curve is [.., { Final: true }])
        {
            await WrapUp(); // a coordinator before this one came no further
            return;
        }
        var reached = await RefreshShards(_job);
        if (_shards.Any(shard => !shard.Configured))
        {
            await End("failed: a shard restarted without stored state");
            return;
        }
        if (_shards.Length > 0 && _shards.All(shard => shard.Closed)
            && ++_watchesSinceClosed > WatchesForFinalEvaluation)
        {
            await End("failed: the last evaluation did not arrive");
            return;
        }
        if (_stopReason is { } reason && !_shards.All(shard => shard.Closed))
        {
            await Close(reason); // a shard did not answer before
        }
        if (_startedWorkers < _job.Workers && UpdatesSoFar >= _job.WarmUpUpdates)
        {
            await StartWorkers(_job.Workers);
        }
        if (++_watches % WatchesPerHeartbeat == 0 || _heartbeatsDue > 0)
        {
            await Heartbeat(_job, restart: true);
            _heartbeatsDue = _lost.Count > 0 ? Math.Max(_heartbeatsDue - 1, 0) : 0;
            if (_lost.Count >= _startedWorkers && reached)
            {
                await Close(_workerFailure is null ? "all-workers-lost" : $"failed: {_workerFailure}");
            }
        }
        if (_unsaved)
        {
            await Save();
        }
    }

    /// <summary>Takes the last figures and ends the job.</summary>
    private async Task WrapUp()
    {
        await RefreshShards(_job!);
        await Heartbeat(_job!, restart: false);
        await End(_stopReason ?? "updates-reached");
    }

    /// <summary>
    /// Whether every shard has answered; who reaches none of them may itself be the one that is cut off.
    /// </summary>
    private async Task<bool> RefreshShards(TrainingJob job)
    {
        var calls = Shards(job).Select(shard => shard.Status()).ToArray();
        try
        {
            _shards = await Task.WhenAll(calls);
            return true;
        }
        catch (Exception)
        {
            return false; // an unreachable shard keeps its last status; its workers wait for it with bounded retries
        }
    }

    /// <summary>
    /// Finds workers that no longer answer, and starts again those that have forgotten their assignment.
    /// </summary>
    private async Task Heartbeat(TrainingJob job, bool restart)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, _startedWorkers).Select(worker => Ask(job, worker)));
        foreach (var (worker, status) in answers)
        {
            if (status is null || status.Failure is not null)
            {
                _lost.Add(worker);
                _workerFailure ??= status?.Failure is { } failure ? $"worker {worker}: {failure}" : null;
                continue;
            }
            _lost.Remove(worker);
            if (restart && status.Epoch != _epoch)
            {
                await StartWorker(worker);
            }
        }
    }

    /// <summary>A worker's status, or null when it does not answer three times.</summary>
    private async Task<(int Worker, WorkerStatus? Status)> Ask(TrainingJob job, int worker)
    {
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            try
            {
                return (worker, await Worker(job, worker).Status());
            }
            catch (Exception)
            {
                // The worker or a message is lost; asking again tells.
            }
        }
        return (worker, null);
    }

    private async Task Close(string reason)
    {
        if (_phase == JobPhase.Running && _job is not null)
        {
            _stopReason ??= reason;
            try
            {
                await Task.WhenAll(Shards(_job).Select(shard => shard.Close()));
            }
            catch (Exception e) when (e is not OrleansEdgeException)
            {
                // A shard that does not answer now is closed at the next look.
            }
        }
    }

    private async Task End(string reason)
    {
        (_phase, _exitReason) = (JobPhase.Ended, reason);
        await Save();
        await Deregister();
    }
}
