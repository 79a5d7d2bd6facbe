using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>
/// What a worker knows of one shard: the last pull and the update that has not been acknowledged. Pull and push may be
/// repeated after any failure.
/// </summary>
internal sealed class ShardLink(IParameterShard shard, int worker)
{
    private PullReply? _pulled;
    private PushRequest? _staged;
    private bool _pulling;

    /// <summary>The shard takes no more updates.</summary>
    public bool Closed { get; private set; }

    /// <summary>There are no values to compute from, or the shard has forgotten that they were pulled.</summary>
    public bool MustPull => _pulled is null;

    /// <summary>Number of the worker's last update to this shard.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Number of the worker's last update that the shard has acknowledged, 0 before the first.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>
    /// Fetches the values; when the fetch of another shard has failed, those fetched already are kept.
    /// </summary>
    public async Task Pull()
    {
        if (!_pulling || _pulled is null)
        {
            _pulling = true;
            _pulled = await shard.Pull(worker);
            (Closed, LastSequence) = (_pulled.Closed, _pulled.LastSequence);
        }
    }

    /// <summary>What the last pull brought; the link keeps the clock and lets go of the memory.</summary>
    public FetchedShard TakeValues()
    {
        var values = _pulled!.Values.Bytes;
        _pulled = _pulled with { Values = Payload.Empty };
        _pulling = false;
        return new FetchedShard(_pulled.Clock, values);
    }

    /// <summary>The update that <see cref="Push"/> sends.</summary>
    public void Stage(Payload update) =>
        _staged = new PushRequest(worker, ++LastSequence, _pulled!.Clock, update);

    /// <summary>Sends the staged update until one sending of it is answered.</summary>
    public async Task Push()
    {
        if (_staged is null)
        {
            return;
        }
        var reply = await shard.Push(_staged);
        if (reply.Verdict is PushVerdict.Applied or PushVerdict.Duplicate)
        {
            Acknowledged = _staged.Sequence;
        }
        _staged = null;
        Closed = reply.Verdict == PushVerdict.Closed;
        if (reply.Verdict == PushVerdict.UnknownPull)
        {
            _pulled = null;
        }
    }
}
