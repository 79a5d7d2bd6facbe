using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>
/// What a worker knows of one shard: the last pull and the update that has not been acknowledged. Pull and push may be
/// repeated after any failure; one that failed has changed nothing.
/// </summary>
internal sealed class ShardLink(IParameterShard shard, int worker)
{
    private long? _pulledAt;
    private FetchedShard? _fetched;
    private PushRequest? _staged;

    /// <summary>The shard takes no more updates.</summary>
    public bool Closed { get; private set; }

    /// <summary>
    /// There are no values to compute from, or the shard has forgotten that they were pulled; or new ones were fetched and
    /// not taken, because another shard did not answer.
    /// </summary>
    public bool MustPull => _pulledAt is null || _fetched is not null;

    /// <summary>The shard refused an update that would have made a parameter infinite.</summary>
    public bool Diverged { get; private set; }

    /// <summary>Number of the worker's last update to this shard.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Number of the worker's last update that the shard has acknowledged, 0 before the first.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Fetches the values, unless there are fetched ones that nobody has taken yet.</summary>
    public async Task Pull()
    {
        if (_fetched is not null)
        {
            return;
        }
        var reply = await shard.Pull(worker);
        _fetched = new FetchedShard(reply.Clock, reply.Values.Bytes);
        (Closed, LastSequence) = (reply.Closed, reply.LastSequence);
    }

    /// <summary>
    /// What the last pull brought, from which the next update is computed; the link keeps the clock and lets go of the
    /// memory.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing was fetched, or it was taken before.</exception>
    public FetchedShard TakeValues()
    {
        var taken = _fetched ?? throw new InvalidOperationException("values were taken that have not been fetched");
        (_pulledAt, _fetched) = (taken.Clock, null);
        return taken;
    }

    /// <summary>The update that <see cref="Push"/> sends.</summary>
    /// <exception cref="InvalidOperationException">Nothing was pulled that it could be computed from.</exception>
    public void Stage(Payload update)
    {
        var clock = _pulledAt ?? throw new InvalidOperationException("an update was staged without a pull");
        _staged = new PushRequest(worker, ++LastSequence, clock, update);
    }

    /// <summary>Sends the staged update until one sending of it is answered.</summary>
    public async Task Push()
    {
        if (_staged is not { } staged)
        {
            return;
        }
        var reply = await shard.Push(staged);
        _staged = null;
        Closed = reply.Verdict == PushVerdict.Closed;
        Diverged = reply.Verdict == PushVerdict.Diverged;
        if (reply.Verdict is PushVerdict.Applied or PushVerdict.Duplicate)
        {
            Acknowledged = staged.Sequence;
        }
        else if (reply.Verdict == PushVerdict.UnknownPull)
        {
            _pulledAt = null;
        }
    }
}
