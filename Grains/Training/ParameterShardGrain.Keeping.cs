using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>How a shard outlives its activation: by its replica, by storage, by moving in good order.</summary>
public sealed partial class ParameterShardGrain
{
    private ReplicaLink? _replica;
    private Task? _recovery;
    private Task _lastWrite = Task.CompletedTask;
    private long _term;
    private bool _isPersisting;
    private bool _persistDue;
    private bool _mustRead;

    private IShardReplica Replica => grains.Get<IShardReplica>(GrainKeys.ReplicaOf(key.Value));

    public object? Pack() => _shard is { } shard && _configuration is { } configuration
        ? new ReplicaState(_term, configuration, _closed, ShardStates.Export(shard))
        : null;

    public void Unpack(object state) => TakeUp((ReplicaState)state);

    /// <summary>
    /// On the first call of an activation: what the replica holds, or else what is stored. The replica is never behind
    /// storage.
    /// </summary>
    private Task Recover(bool mayHaveReplica)
    {
        if (_shard is not null)
        {
            return Task.CompletedTask;
        }
        if (_recovery is null or { IsCompleted: true })
        {
            _recovery = RecoverOnce(mayHaveReplica);
        }
        return _recovery;
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
            TakeUp(new ReplicaState(Math.Max(_term, saved.Term + 1), configuration, saved.Closed, state));
        }
    }

    private void TakeUp(ReplicaState state)
    {
        _shard = ShardStates.Open(state.Configuration, state.State);
        (_term, _configuration) = (state.Term, state.Configuration);
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
                // Forgetting the pulls makes this shard equal to what its replica is now; the workers pull again.
                var state = ShardStates.Export(_shard!);
                await replica.Install(_configuration!, _closed, state);
                _shard = ReferenceEquals(_replica, replica) ? ShardStates.Open(_configuration!, state) : _shard;
            }
        }
        catch (ShardFencedException)
        {
            Forget();
            throw;
        }
    }

    /// <summary>The next call takes over again, or finds another activation.</summary>
    private void Forget() => (_shard, _replica) = (null, null);

    /// <summary>A shard that is to be stored is so before the job begins.</summary>
    private Task StoreConfiguration()
    {
        var configuration = _configuration!;
        var isStored = !_mustRead && stored.State.Configuration?.Epoch == configuration.Epoch;
        return configuration.PersistEvery > 0 && !isStored ? Write() : Task.CompletedTask;
    }

    /// <summary>
    /// Writes the state to storage. Pushes do not wait for it: the replica is what keeps them, and storage may be away.
    /// Due again while it writes, it writes once more; while storage is away, it tries again and again.
    /// </summary>
    private void Persist()
    {
        _persistDue = true;
        if (!_isPersisting)
        {
            _isPersisting = true;
            Retry.Beside(turns, WriteWhileDue, Backoff.Endless, _ => _isPersisting = false);
        }
    }

    private async Task WriteWhileDue()
    {
        while (_persistDue)
        {
            _persistDue = false;
            try
            {
                await Write();
            }
            catch (Exception)
            {
                _persistDue = true;
                throw;
            }
            if (stored.State.Closed)
            {
                SendLastSlice();
            }
        }
        _isPersisting = false;
    }

    private Task Write() => _lastWrite = WriteAfter(_lastWrite);

    private async Task WriteAfter(Task before)
    {
        await Task.WhenAny(before); // whatever became of it
        if (_mustRead)
        {
            await stored.ReadStateAsync(); // for the version: the write that failed may have been done
        }
        if (_shard is not { } shard)
        {
            return;
        }
        if (stored.State.Term > _term)
        {
            Forget();
            throw new ShardFencedException();
        }
        _mustRead = true;
        stored.State = new StoredShard
        {
            Configuration = _configuration,
            State = ShardStates.Export(shard),
            Term = _term,
            Closed = _closed,
        };
        await stored.WriteStateAsync();
        _mustRead = false;
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

    /// <summary>The shard accepts no further update.</summary>
    [Id(3)] public bool Closed { get; set; }
}
