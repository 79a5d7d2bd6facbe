using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>How a shard outlives its activation: by its replica, by storage, by moving in good order.</summary>
public sealed partial class ParameterShardGrain
{
    /// <summary>Time between two attempts to write to storage that is away.</summary>
    private static readonly TimeSpan PersistInterval = TimeSpan.FromSeconds(5);

    private ReplicaLink? _replica;
    private Task? _recovery;
    private long _term;
    private bool _persisting;
    private bool _persistDue;
    private bool _unsaved;

    private IShardReplica Replica => grains.Get<IShardReplica>(GrainKeys.ReplicaOf(key.Value));

    public object? Pack() => _shard is { } shard && _configuration is { } configuration
        ? new ReplicaState(_term, configuration, _closed, ShardStates.Export(shard))
        : null;

    public void Unpack(object state) => TakeUp((ReplicaState)state);

    /// <summary>
    /// On the first call of an activation: what the replica holds, or else what is stored. The replica is never behind
    /// storage.
    /// </summary>
    private ValueTask Recover(bool mayHaveReplica)
    {
        if (_shard is not null)
        {
            return ValueTask.CompletedTask;
        }
        if (_recovery is null or { IsFaulted: true })
        {
            _recovery = RecoverOnce(mayHaveReplica);
        }
        return new ValueTask(_recovery);
    }

    private async Task RecoverOnce(bool mayHaveReplica)
    {
        var saved = stored.RecordExists ? stored.State : null;
        if (mayHaveReplica && saved?.Configuration is not { Replicas: 0 })
        {
            var (term, held) = await Replica.TakeOver();
            _term = term;
            if (held is not null)
            {
                TakeUp(held with { Term = term });
            }
        }
        if (_shard is null && saved is { Configuration: { } configuration, State: { } state })
        {
            // Whatever wrote it, and may write still, is of an earlier term.
            TakeUp(new ReplicaState(Math.Max(_term, saved.Term + 1), configuration, Closed: false, state));
        }
        if (_shard is { } shard && _closed)
        {
            SendSlice(shard, final: true); // whether the evaluator has had it is not known
        }
        _recovery = null;
    }

    private void TakeUp(ReplicaState state)
    {
        (_term, _configuration) = (state.Term, state.Configuration);
        _shard = ShardStates.Open(state.Configuration, state.State);
        _closed = state.Closed || _shard.Clock >= state.Configuration.LastClock;
        _replica = state.Configuration.Replicas > 0 ? new ReplicaLink(Replica, _term) : null;
    }

    /// <summary>Returns when the replica holds all that was applied here; throws when it cannot be reached.</summary>
    private async ValueTask HoldOnReplica()
    {
        if (_replica is not { } replica)
        {
            return;
        }
        try
        {
            await replica.Flush();
            if (!replica.Follows)
            {
                // Forgetting the pulls makes this shard equal to what its replica will be; the workers pull again.
                var state = ShardStates.Export(_shard!);
                _shard = ShardStates.Open(_configuration!, state);
                await replica.Install(_configuration!, _closed, state);
            }
        }
        catch (ShardFencedException)
        {
            (_shard, _replica) = (null, null); // the next call takes over again, or finds another activation
            throw;
        }
    }

    /// <summary>
    /// Writes the state to storage. Pushes do not wait for it: the replica is what keeps them, and storage may be away.
    /// Due again while it writes, it writes once more; while storage is away, it tries every few seconds.
    /// </summary>
    private async Task Persist()
    {
        _persistDue = true;
        if (_persisting)
        {
            return;
        }
        _persisting = true;
        while (_persistDue)
        {
            _persistDue = false;
            if (!await TryWrite())
            {
                turns.After(PersistInterval, () =>
                {
                    _persisting = false;
                    _ = Persist();
                    return Task.CompletedTask;
                });
                return;
            }
        }
        _persisting = false;
    }

    private async Task<bool> TryWrite()
    {
        try
        {
            if (_unsaved)
            {
                await stored.ReadStateAsync(); // for the version: the write that failed may have been done
            }
            _unsaved = true;
            if (_shard is { } shard && stored.State.Term <= _term)
            {
                stored.State = new StoredShard
                {
                    Configuration = _configuration,
                    State = ShardStates.Export(shard),
                    Term = _term,
                };
                await stored.WriteStateAsync();
            }
            _unsaved = false;
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}

/// <summary>What a shard keeps in grain storage.</summary>
[GenerateSerializer, Alias("oe.stored-shard")]
public sealed class StoredShard
{
    [Id(0)] public ShardConfiguration? Configuration { get; set; }

    [Id(1)] public Payload? State { get; set; }

    /// <summary>Term of the shard that wrote it; an earlier one does not overwrite it.</summary>
    [Id(2)] public long Term { get; set; }
}
