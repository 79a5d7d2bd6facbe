using OrleansEdge.Core;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;
using PushVerdict = OrleansEdge.Grains.Interfaces.Training.PushVerdict;

namespace OrleansEdge.Grains.Training;

/// <summary>
/// A <see cref="ParameterShard"/> behind messages: bounds, replica, persistence, and slices for the evaluator.
/// </summary>
public sealed partial class ParameterShardGrain(
    GrainKey key, IGrains grains, ITurns turns,
    [PersistentState("shard", "training")] IPersistentState<StoredShard> stored)
    : IParameterShard, IMovable
{
    private ShardConfiguration? _configuration;
    private ParameterShard? _shard;
    private bool _closed;
    private bool _isSendingLast;

    public async Task Configure(ShardConfiguration configuration)
    {
        await Recover(mayHaveReplica: configuration.Replicas > 0);
        if (_shard is null || _configuration is null || _configuration.Epoch < configuration.Epoch)
        {
            RequireSize(configuration);
            TakeUp(new ReplicaState(
                _term, configuration with { State = Payload.Empty }, Closed: false, configuration.State));
        }
        await HoldOnReplica();
        await StoreConfiguration();
    }

    public async Task<PullReply> Pull(int worker)
    {
        var shard = await RequireShard();
        var clock = shard.Pull(worker);
        _replica?.Pulled(worker);
        return new PullReply(clock, _closed, shard.LastSequence(worker), Payloads.Dense(shard.Values));
    }

    public async Task<PushReply> Push(PushRequest request)
    {
        await RequireShard();
        await HoldOnReplica(); // what an earlier push left
        var shard = _shard ?? throw new ShardFencedException();
        if (_closed)
        {
            var isKnown = request.Sequence <= shard.LastSequence(request.Worker);
            return new PushReply(isKnown ? PushVerdict.Duplicate : PushVerdict.Closed, shard.Clock);
        }
        if (request.PulledAt > shard.Clock)
        {
            return new PushReply(PushVerdict.UnknownPull, shard.Clock); // pulled before a restart that lost updates
        }
        var outcome = ShardStates.Push(shard, request);
        if (outcome.Verdict == Core.ParameterServer.PushVerdict.Applied)
        {
            _replica?.Applied(outcome.Clock - 1, request);
            AfterUpdate(shard);
            await HoldOnReplica();
            FinishWhenClosed();
        }
        return new PushReply(Answer(outcome.Verdict), outcome.Clock);
    }

    public async Task<ShardStatus> Status()
    {
        await Recover(mayHaveReplica: true);
        return _shard is not { } shard
            ? new ShardStatus(false, 0, false, 0, 0, 0, 0, [], [], Epoch: -1)
            : new ShardStatus(
                true, shard.Clock, _closed, shard.IngressBytes, shard.EgressBytes, shard.Staleness.Mean,
                shard.Staleness.Max, shard.Staleness.Histogram.ToArray(), shard.UpdatesByWorker.ToArray(),
                _configuration!.Epoch);
    }

    public async Task Close()
    {
        await RequireShard();
        if (!_closed)
        {
            _closed = true;
            _replica?.LoseTrack();
        }
        await HoldOnReplica();
        FinishWhenClosed();
    }

    public async Task<Payload> Export() => ShardStates.Export(await RequireShard());

    private static PushVerdict Answer(Core.ParameterServer.PushVerdict verdict) => verdict switch
    {
        Core.ParameterServer.PushVerdict.Applied => PushVerdict.Applied,
        Core.ParameterServer.PushVerdict.Duplicate => PushVerdict.Duplicate,
        Core.ParameterServer.PushVerdict.Overflow => PushVerdict.Diverged,
        _ => PushVerdict.UnknownPull,
    };

    private void AfterUpdate(ParameterShard shard)
    {
        var configuration = _configuration!;
        _closed = shard.Clock >= configuration.LastClock;
        if (_closed)
        {
            _replica?.LoseTrack(); // at the end it gets the whole state, with the bytes of what was refused
            return;
        }
        if (IsEvaluationDue(shard.Clock, configuration.EvaluateEvery))
        {
            // Given up, the curve lacks a point.
            Retry.Beside(turns, SendingOf(shard, final: false), Backoff.Patient, _ => { });
        }
        if (configuration.PersistEvery > 0 && shard.Clock % configuration.PersistEvery == 0)
        {
            Persist();
        }
    }

    private static bool IsEvaluationDue(long clock, long every) =>
        every > 0 && (clock % every == 0 || (clock < 10 * every && clock % Math.Max(every / 10, 1) == 0));

    /// <summary>
    /// The end is final once it is where the shard would come back from: only then are the values sent for the last
    /// evaluation.
    /// </summary>
    private void FinishWhenClosed()
    {
        if (!_closed)
        {
            return;
        }
        if (_configuration!.PersistEvery > 0)
        {
            Persist();
        }
        else
        {
            SendLastSlice();
        }
    }

    private void SendLastSlice()
    {
        if (_shard is not { } shard || _isSendingLast)
        {
            return;
        }
        _isSendingLast = true;
        var send = SendingOf(shard, final: true);
        Retry.Beside(
            turns,
            async () =>
            {
                await send();
                _isSendingLast = false;
            },
            Backoff.Patient,
            _ => _isSendingLast = false); // the coordinator, which misses the evaluation, closes the shard again
    }

    /// <summary>How the values are sent as they are now.</summary>
    private Func<Task> SendingOf(ParameterShard shard, bool final)
    {
        var configuration = _configuration!;
        var slice = new EvaluationSlice(
            configuration.Shard, shard.Clock, shard.IngressBytes, shard.EgressBytes, final,
            Payloads.Dense(shard.Values), configuration.Epoch);
        return () => grains.Get<IEvaluator>(configuration.Evaluator).Offer(slice);
    }

    private async ValueTask<ParameterShard> RequireShard()
    {
        await Recover(mayHaveReplica: true);
        return _shard ?? throw new InvalidOperationException("the shard has not been configured");
    }

    private static void RequireSize(ShardConfiguration configuration)
    {
        if (configuration.State.Bytes.Length > Payload.MaximumBytes)
        {
            throw OrleansEdgeException.Usage(
                $"shard {configuration.Shard} has {configuration.State.Bytes.Length} bytes; expected at most " +
                $"{Payload.MaximumBytes}: use more shards");
        }
    }
}
