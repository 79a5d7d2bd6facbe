using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>A second <see cref="ParameterShard"/> that follows a shard push by push.</summary>
public sealed class ShardReplicaGrain : IShardReplica, IMovable
{
    private long _term;
    private ShardConfiguration? _configuration;
    private ParameterShard? _shard;
    private bool _closed;

    public Task<ReplicaTakeOver> TakeOver()
    {
        _term++;
        return Task.FromResult(new ReplicaTakeOver(_term, Held()));
    }

    public Task<ReplicaVerdict> Install(ReplicaState state)
    {
        if (state.Term < _term)
        {
            return Task.FromResult(ReplicaVerdict.Fenced);
        }
        Hold(state);
        return Task.FromResult(ReplicaVerdict.Held);
    }

    public Task<ReplicaVerdict> Append(ReplicaEntry entry)
    {
        if (entry.Term < _term)
        {
            return Task.FromResult(ReplicaVerdict.Fenced);
        }
        if (_shard is not { } shard || entry.Term > _term)
        {
            return Task.FromResult(ReplicaVerdict.Behind);
        }
        var push = entry.Push;
        if (shard.Clock == entry.Clock + 1 && shard.LastSequence(push.Worker) == push.Sequence)
        {
            return Task.FromResult(ReplicaVerdict.Held); // sent twice
        }
        if (shard.Clock != entry.Clock)
        {
            return Task.FromResult(ReplicaVerdict.Behind);
        }
        foreach (var worker in entry.Pulls)
        {
            shard.Pull(worker);
        }
        var outcome = ShardStates.Push(shard, push);
        return Task.FromResult(
            outcome.Verdict == Core.ParameterServer.PushVerdict.Applied ? ReplicaVerdict.Held : ReplicaVerdict.Behind);
    }

    public Task<long> Clock() => Task.FromResult(_shard?.Clock ?? -1);

    public object? Pack() => Held();

    public void Unpack(object state) => Hold((ReplicaState)state);

    private ReplicaState? Held() => _shard is { } shard && _configuration is { } configuration
        ? new ReplicaState(_term, configuration, _closed, ShardStates.Export(shard))
        : null;

    private void Hold(ReplicaState state)
    {
        _shard = ShardStates.Open(state.Configuration, state.State);
        (_term, _configuration, _closed) = (state.Term, state.Configuration, state.Closed);
    }
}
