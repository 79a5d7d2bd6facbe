using OrleansEdge.Core;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>Sets up the grains of one job, watches over them, and collects the learning curve.</summary>
public sealed partial class TrainingCoordinator(
    GrainKey key, IGrains grains, TimeProvider clock, ITurns turns, IComputePool compute, ModelPool models,
    [PersistentState("job", "jobs")] IPersistentState<StoredJob> stored,
    [PersistentState("curve", "jobs")] IPersistentState<StoredCurve> storedCurve)
    : ITrainingCoordinator
{
    private readonly List<EvaluationPoint> _curve = [];
    private TrainingJob? _job;
    private JobPhase _phase;
    private bool _isSetUp;
    private string? _exitReason;
    private string? _stopReason;
    private int _epoch;
    private long _startedAt;
    private TimeSpan _secondsBefore;

    public async Task Start(TrainingJob job, JobCheckpoint? from)
    {
        job.Validate();
        RequireFitting(job, from);
        Recover();
        var isStarted = _phase != JobPhase.Running || _isSetUp; // or its coordinator was lost meanwhile
        if (isStarted && Describe().HoldsName())
        {
            RequireSame(job);
            return;
        }
        Begin(job, from);
        try
        {
            await SetUp(job, from);
        }
        catch (Exception e)
        {
            await End(JobStatus.NotStarted + e.Message, isLastTry: true);
            throw;
        }
        var done = from?.Curve is [.., var last] ? last.Updates : 0;
        turns.After(TimeSpan.Zero, () => StartWorkers(done < job.WarmUpUpdates ? 1 : job.Workers));
        WatchAfter(WatchInterval);
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
        _isHeartbeatDue = true;
        if (_phase == JobPhase.Running && !_isLookPlanned)
        {
            _isLookPlanned = true;
            turns.After(TimeSpan.FromSeconds(1), () =>
            {
                _isLookPlanned = false;
                return Look();
            });
        }
        return Task.CompletedTask;
    }

    public async Task Evaluated(EvaluationPoint point)
    {
        Recover();
        if (_phase == JobPhase.Running && !_isSetUp)
        {
            return; // of an earlier start
        }
        if (_phase != JobPhase.Running || _job is not { } job)
        {
            if (_curveKeeper.IsUnsaved)
            {
                await SaveCurve(); // storage was away when the point came first, and the job has ended meanwhile
            }
            return;
        }
        var isNew = !IsEvaluated && !_curve.Exists(
            known => known.Updates == point.Updates && known.Final == point.Final);
        if (isNew)
        {
            _curve.Add(point with { Seconds = Elapsed.TotalSeconds });
            _watchesSinceClosed = 0; // the evaluator is behind, and not away
        }
        if (isNew || _curveKeeper.IsUnsaved)
        {
            await SaveCurve(); // when that fails, the evaluator sends the point again
        }
        if (IsEvaluated)
        {
            turns.After(TimeSpan.Zero, WrapUp);
        }
        else if (DivergenceOf(job) is { } diverged)
        {
            await Close(diverged);
        }
        else if (job.TargetAccuracy > 0 && point.Accuracy >= job.TargetAccuracy)
        {
            await Close(TargetReached);
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
        return new JobCheckpoint(_epoch, _curve.Count > 0 ? _curve[^1].Seconds : 0, states, _roll.Lost, [.. _curve]);
    }

    private JobStatus Describe() => new(_phase, _exitReason, UpdatesSoFar, [.. _curve], _shards, _roll.Lost);

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

    /// <exception cref="OrleansEdgeException">A checkpoint is of a job with other shards or workers (64).</exception>
    private static void RequireFitting(TrainingJob job, JobCheckpoint? from)
    {
        if (from is not null && from.Shards.Length != job.Shards)
        {
            throw OrleansEdgeException.Usage(
                $"{nameof(job.Shards)} is {job.Shards}; expected {from.Shards.Length}, as in the checkpoint");
        }
        if (from is not null && Array.Exists(from.LostWorkers, worker => worker < 0 || worker >= job.Workers))
        {
            throw OrleansEdgeException.Usage(
                $"{nameof(job.Workers)} is {job.Workers}; expected more than {from.LostWorkers.Max()}, a worker that the checkpoint lost");
        }
    }

    /// <summary>Takes up a job; one that failed to start is forgotten, and its shards' epoch exceeded.</summary>
    private void Begin(TrainingJob job, JobCheckpoint? from)
    {
        var epoch = Math.Max(from?.Epoch ?? -1, _job is null ? -1 : _epoch) + 1;
        (_job, _phase, _isSetUp, _epoch, _startedAt) = (job, JobPhase.Running, false, epoch, clock.GetTimestamp());
        (_exitReason, _stopReason, _workerFailure, _shards) = (null, null, null, []);
        (_startedWorkers, _watches, _watchesSinceClosed, _wrapUps) = (0, 0, 0, 0);
        _secondsBefore = TimeSpan.FromSeconds(from?.Seconds ?? 0);
        _curve.Clear();
        _curve.AddRange(from?.Curve.Select(point => point with { Final = false }) ?? []);
        _roll = new WorkerRoll(from?.LostWorkers ?? []);
    }

    private async Task SetUp(TrainingJob job, JobCheckpoint? from)
    {
        await Insist(() => grains.Get<IJobDirectory>(IJobDirectory.Key).Add(job.Name));
        await Insist(SaveCurve);
        await Insist(Save);
        await Insist(() => grains.Get<IEvaluator>(GrainKeys.Evaluator(job.Name)).Start(job, _epoch));
        await ConfigureShards(job, from?.Shards ?? await DrawInitialState(job));
        _isSetUp = true;
        await Insist(Save);
    }

    /// <summary>Tries for 20 s: whoever has started the job waits.</summary>
    private Task Insist(Func<Task> call) => Retry.Within(
        clock, call, Backoff.Patient with { Longest = TimeSpan.FromSeconds(2), Attempts = 12 });

    /// <summary>The last evaluation is in.</summary>
    private bool IsEvaluated => _curve is [.., { Final: true }];

    private long UpdatesSoFar => _shards.Length == 0 ? 0 : _shards.Min(shard => shard.Clock);

    private IEnumerable<IParameterShard> Shards(TrainingJob job) =>
        Enumerable.Range(0, job.Shards).Select(i => grains.Get<IParameterShard>(GrainKeys.Shard(job.Name, i)));

    private IWorker Worker(TrainingJob job, int worker) => grains.Get<IWorker>(GrainKeys.Worker(job, worker));

    private Task<Payload[]> DrawInitialState(TrainingJob job) => compute.Run(
        () => models.Use(job.Model, model =>
        {
            if (job.Shards > model.ParameterCount)
            {
                throw OrleansEdgeException.Usage(
                    $"{nameof(job.Shards)} is {job.Shards}; expected at most {model.ParameterCount}, the parameters of {job.Model}");
            }
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
            var configuration = new ShardConfiguration(
                _epoch, i, start, TrainingAlgorithms.RuleOf(job.Algorithm), job.LearningRate, job.Compression, job.Workers,
                job.Updates, job.EvaluateEvery, job.PersistEvery, GrainKeys.Evaluator(job.Name), states[i],
                job.Replicas, job.FinalRate);
            calls.Add(Insist(() => shard.Configure(configuration)));
            start += states[i].ElementCount;
        }
        await Task.WhenAll(calls);
    }
}
