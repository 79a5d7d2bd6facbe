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

    public async Task Configure(ShardConfiguration configuration)
    {
        await Recover(mayHaveReplica: configuration.Replicas > 0);
        if (_configuration?.Epoch >= configuration.Epoch)
        {
            return;
        }
        if (configuration.State.Bytes.Length > Payload.MaximumBytes)
        {
            throw OrleansEdgeException.Usage(
                $"shard {configuration.Shard} has {configuration.State.Bytes.Length} bytes; expected at most " +
                $"{Payload.MaximumBytes}: use more shards");
        }
        _shard = ShardStates.Open(configuration, configuration.State);
        _configuration = configuration with { State = Payload.Empty };
        _closed = _shard.Clock >= configuration.LastClock;
        _replica = configuration.Replicas > 0 ? new ReplicaLink(Replica, _term) : null;
        await HoldOnReplica();
        if (configuration.PersistEvery > 0)
        {
            await Persist();
        }
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
        var shard = _shard!;
        if (_closed)
        {
            return new PushReply(PushVerdict.Closed, shard.Clock);
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
        }
        return new PushReply(Answer(outcome.Verdict), outcome.Clock);
    }

    public async Task<ShardStatus> Status()
    {
        await Recover(mayHaveReplica: true);
        return _shard is not { } shard
            ? new ShardStatus(false, 0, false, 0, 0, 0, 0, [], [])
            : new ShardStatus(
                true, shard.Clock, _closed, shard.IngressBytes, shard.EgressBytes, shard.Staleness.Mean,
                shard.Staleness.Max, shard.Staleness.Histogram.ToArray(), shard.UpdatesByWorker.ToArray());
    }

    public async Task Close()
    {
        var shard = await RequireShard();
        if (!_closed)
        {
            _closed = true;
            SendSlice(shard, final: true);
            _replica?.LoseTrack();
        }
        await HoldOnReplica();
    }

    public async Task<Payload> Export() => ShardStates.Export(await RequireShard());

    private static PushVerdict Answer(Core.ParameterServer.PushVerdict verdict) => verdict switch
    {
        Core.ParameterServer.PushVerdict.Applied => PushVerdict.Applied,
        Core.ParameterServer.PushVerdict.Duplicate => PushVerdict.Duplicate,
        _ => PushVerdict.UnknownPull,
    };

    private void AfterUpdate(ParameterShard shard)
    {
        var configuration = _configuration!;
        _closed = shard.Clock >= configuration.LastClock;
        if (_closed || IsEvaluationDue(shard.Clock, configuration.EvaluateEvery))
        {
            SendSlice(shard, _closed);
        }
        if (configuration.PersistEvery > 0 && (_closed || shard.Clock % configuration.PersistEvery == 0))
        {
            _ = Persist();
        }
    }

    private static bool IsEvaluationDue(long clock, long every) =>
        every > 0 && (clock % every == 0 || (clock < 10 * every && clock % Math.Max(every / 10, 1) == 0));

    private void SendSlice(ParameterShard shard, bool final)
    {
        var configuration = _configuration!;
        Send(configuration.Evaluator, new EvaluationSlice(
            configuration.Shard, shard.Clock, shard.IngressBytes, shard.EgressBytes, final,
            Payloads.Dense(shard.Values)));
    }

    /// <summary>Sends a slice without holding up the pushes; repeats it while the evaluator does not answer.</summary>
    private async void Send(string evaluator, EvaluationSlice slice, int attempt = 1)
    {
        try
        {
            await grains.Get<IEvaluator>(evaluator).Offer(slice);
        }
        catch (Exception) when (attempt < Backoff.MaximumAttempts)
        {
            turns.After(Backoff.After(attempt), () =>
            {
                Send(evaluator, slice, attempt + 1);
                return Task.CompletedTask;
            });
        }
        catch (Exception)
        {
            // Given up: the curve lacks a point. A lost final slice shows as a job that does not end, which its watch reports.
        }
    }

    private async ValueTask<ParameterShard> RequireShard()
    {
        await Recover(mayHaveReplica: true);
        return _shard ?? throw new InvalidOperationException("the shard has not been configured");
    }
}
