using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>A shard's side of its replica: what the replica has not been told yet.</summary>
internal sealed class ReplicaLink(IShardReplica replica, long term)
{
    private readonly List<int> _pulls = [];
    private ReplicaEntry? _pending;

    /// <summary>Whether the replica follows this shard; otherwise it must be sent the whole state.</summary>
    public bool Follows { get; private set; }

    public long Term => term;

    /// <summary>A worker pulled; the replica learns of it with the next push.</summary>
    public void Pulled(int worker)
    {
        if (Follows)
        {
            _pulls.Add(worker);
        }
    }

    /// <summary>A push was applied at <paramref name="clock"/>, when nothing was pending.</summary>
    public void Applied(long clock, PushRequest push)
    {
        if (Follows)
        {
            _pending = new ReplicaEntry(term, clock, [.. _pulls], push);
            _pulls.Clear();
        }
    }

    /// <summary>The whole state must be sent before anything else.</summary>
    public void LoseTrack()
    {
        Follows = false;
        _pending = null;
        _pulls.Clear();
    }

    /// <summary>
    /// Sends what is pending. Afterwards the replica holds all of it, unless it does not follow any more.
    /// </summary>
    /// <exception cref="ShardFencedException">Another activation of the shard has taken over.</exception>
    public async Task Flush()
    {
        if (_pending is not { } entry)
        {
            return;
        }
        if (Passed(await replica.Append(entry)))
        {
            _pending = null;
        }
        else
        {
            LoseTrack();
        }
    }

    /// <summary>Sends the whole state; the shard must have forgotten its pulls, as the state has.</summary>
    /// <exception cref="ShardFencedException">Another activation of the shard has taken over.</exception>
    public async Task Install(ShardConfiguration configuration, bool closed, Payload state)
    {
        LoseTrack();
        Follows = Passed(await replica.Install(new ReplicaState(term, configuration, closed, state)));
    }

    private static bool Passed(ReplicaVerdict verdict) => verdict switch
    {
        ReplicaVerdict.Held => true,
        ReplicaVerdict.Fenced => throw new ShardFencedException(),
        _ => false,
    };
}

/// <summary>This activation of a shard has been succeeded by another.</summary>
public sealed class ShardFencedException() : Exception("another activation of the shard has taken over; ask again");
