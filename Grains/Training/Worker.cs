using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>
/// The training loop of one device, a chain of turns: pull and compute; wait; push. A failed call is repeated in a
/// later turn with the same sequence number, so that an update counts once.
/// </summary>
public sealed class Worker(
    IGrains grains, ITurns turns, IComputePool compute, WorkerData data, GradientWorkspaces workspaces) : IWorker, IMovable
{
    /// <summary>The timers of .NET end at 49 days.</summary>
    private const double LongestWaitSeconds = 4e6;

    private WorkerAssignment? _assignment;
    private LocalReplica? _replica;
    private ShardLink[] _shards = [];
    private bool _running;
    private long _firstStep = -1;
    private long _steps;
    private double _loss;
    private long _clock;
    private string? _failure;

    public Task Start(WorkerAssignment assignment)
    {
        var isKnown = _assignment?.Epoch >= assignment.Epoch;
        if (!isKnown || (!_running && _failure is null))
        {
            Begin(assignment);
        }
        return Task.CompletedTask;
    }

    public Task<WorkerStatus> Status() =>
        Task.FromResult(new WorkerStatus(
            _assignment?.Epoch ?? -1, _running, _steps, _loss, _failure, Array.ConvertAll(_shards, shard => shard.Acknowledged)));

    public Task Stop()
    {
        _running = false;
        return Task.CompletedTask;
    }

    /// <summary>A worker that moves begins its next step anew at the other end.</summary>
    public object? Pack() => _running ? _assignment : null;

    public void Unpack(object state) => Begin((WorkerAssignment)state);

    private void Begin(WorkerAssignment assignment)
    {
        var job = assignment.Job;
        var examples = data.Open(job.Data, job.TrainExamples).Train;
        var rows = data.Rows(
            job.Data, job.TrainExamples, job.Partition, job.Workers, job.Seed, assignment.Worker);
        var replica = new LocalReplica(
            workspaces, examples, new BatchSampler(rows, job.Seed, assignment.Worker), SettingsOf(job));
        _shards = [.. Enumerable.Range(0, job.Shards).Select(i => new ShardLink(
            grains.Get<IParameterShard>(GrainKeys.Shard(job.Name, i)), assignment.Worker))];
        (_assignment, _replica, _running, _firstStep, _steps, _failure) = (assignment, replica, true, -1, 0, null);
        Plan(Wait(step: -1), PullAndCompute);
    }

    private static GradientSettings SettingsOf(TrainingJob job) => new()
    {
        Model = job.Model,
        BatchSize = job.BatchSize,
        Shards = job.Shards,
        Density = job.Compression,
        HalfPrecisionValues = job.HalfPrecisionValues,
        LocalLearningRate = ShardStates.RateOf(job.LearningRate, job.FinalRate),
        KeepsParameters = job.FetchEvery > 1,
        AccumulatesGradients = job.PushEvery > 1,
    };

    private async Task PullAndCompute()
    {
        var (job, replica) = (_assignment!.Job, _replica!);
        var fetch = _steps % job.FetchEvery == 0 || _shards.Any(shard => shard.MustPull);
        if (fetch)
        {
            await All(shard => shard.Pull());
        }
        if (_shards.All(shard => shard.Closed))
        {
            _running = false;
            return;
        }
        if (_firstStep < 0)
        {
            _firstStep = _shards[0].LastSequence * job.PushEvery; // a worker that begins anew goes on in its data
        }
        var step = _firstStep + _steps;
        var parameters = fetch ? Array.ConvertAll(_shards, shard => shard.TakeValues()) : [];
        _clock = fetch ? parameters.Min(shard => shard.Clock) : _clock;
        var push = (_steps + 1) % job.PushEvery == 0;
        StepResult result;
        try
        {
            result = await compute.Run(
                () => replica.Step(step, parameters, push), replica.FloatingPointOperationsPerStep);
        }
        catch (Exception e)
        {
            Fail(e.Message);
            return;
        }
        _steps++;
        _loss = result.Loss;
        if (!result.IsFinite)
        {
            Diverge();
            return;
        }
        if (!push)
        {
            Plan(TimeSpan.Zero, PullAndCompute);
            return;
        }
        var format = replica.Settings.IsSparse ? PayloadFormat.Sparse : PayloadFormat.DenseFloat32;
        for (var i = 0; i < _shards.Length; i++)
        {
            _shards[i].Stage(new Payload(format, replica.Ranges[i].Length, result.Updates[i]));
        }
        Plan(Wait(step), Push);
    }

    private async Task Push()
    {
        await All(shard => shard.Push());
        if (Array.Exists(_shards, shard => shard.Diverged))
        {
            Diverge();
            return;
        }
        Plan(TimeSpan.Zero, PullAndCompute);
    }

    /// <summary>Ends the loop and tells the coordinator that the job diverges, until it has heard it.</summary>
    private void Diverge()
    {
        var (job, clock, loss) = (_assignment!.Job, _clock, _loss);
        _running = false;
        // Given up: another worker finds the same.
        Retry.Beside(
            turns, () => grains.Get<ITrainingCoordinator>(job.Name).Diverged(clock, loss), Backoff.Patient, _ => { });
    }

    /// <summary>The random time between gradient and push, longer on slower devices.</summary>
    private TimeSpan Wait(long step)
    {
        var (job, worker) = (_assignment!.Job, _assignment.Worker);
        var random = new RandomStream(job.Seed, "wait", (ulong)worker, (ulong)step);
        return TimeSpan.FromSeconds(
            Math.Min(LongestWaitSeconds, random.NextExponential(job.MeanWaitSeconds) / job.SpeedOf(worker)));
    }

    private Task All(Func<ShardLink, Task> call) => Task.WhenAll(_shards.Select(call));

    /// <summary>The next turn of the loop, repeated while a shard does not answer.</summary>
    private void Plan(TimeSpan delay, Func<Task> turn)
    {
        var replica = _replica;
        Retry.InTurns(
            turns, delay, () => _running && ReferenceEquals(_replica, replica) ? turn() : Task.CompletedTask,
            Backoff.Patient,
            // A shard that refuses what it was sent would refuse it again.
            e => Fail(e is OrleansEdgeException ? e.Message : $"a shard does not answer: {e.Message}"));
    }

    private void Fail(string why) => (_failure, _running) = (why, false);
}
