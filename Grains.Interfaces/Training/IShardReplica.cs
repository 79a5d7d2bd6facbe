namespace OrleansEdge.Grains.Interfaces.Training;

/// <summary>
/// Holds a copy of a parameter shard on another silo. The shard acknowledges a push only when its replica holds it, so
/// that the loss of one of the two loses nothing. Key: "job/replica/index".
/// </summary>
/// <remarks>
/// The replica runs the shard's own operations in the shard's order. Terms keep a shard that was thought dead from
/// going on beside its successor: each takes over in a term of its own, and the replica refuses all earlier ones.
/// </remarks>
[Alias("oe.shard-replica")]
public interface IShardReplica : IGrainWithStringKey
{
    /// <summary>Begins a new term and answers what is held.</summary>
    [Alias("take-over")]
    Task<ReplicaTakeOver> TakeOver();

    /// <summary>Replaces what is held.</summary>
    [Alias("install")]
    Task<ReplicaVerdict> Install(ReplicaState state);

    /// <summary>Adds a push to what is held. Repeating it changes nothing.</summary>
    [Alias("append")]
    Task<ReplicaVerdict> Append(ReplicaEntry entry);

    /// <summary>Clock of what is held; -1 when nothing is.</summary>
    [Alias("clock")]
    Task<long> Clock();
}

/// <param name="Term">The new term.</param>
/// <param name="State">Null when the replica holds nothing.</param>
[GenerateSerializer, Immutable, Alias("oe.replica-take-over")]
public sealed record ReplicaTakeOver([property: Id(0)] long Term, [property: Id(1)] ReplicaState? State);

/// <summary>A whole shard. In it nobody has pulled yet.</summary>
/// <param name="Term">Term of the shard that sends it.</param>
/// <param name="Configuration">The shard's configuration without its state.</param>
/// <param name="Closed">The shard accepts no further update.</param>
/// <param name="State">The shard's state.</param>
[GenerateSerializer, Immutable, Alias("oe.replica-state")]
public sealed record ReplicaState(
    [property: Id(0)] long Term,
    [property: Id(1)] ShardConfiguration Configuration,
    [property: Id(2)] bool Closed,
    [property: Id(3)] Payload State);

/// <summary>One applied push with the pulls since the one before it.</summary>
/// <param name="Term">Term of the shard that sends it.</param>
/// <param name="Clock">The shard's clock before the push.</param>
/// <param name="Pulls">Workers that pulled at this clock, in order.</param>
[GenerateSerializer, Immutable, Alias("oe.replica-entry")]
public sealed record ReplicaEntry(
    [property: Id(0)] long Term,
    [property: Id(1)] long Clock,
    [property: Id(2)] int[] Pulls,
    [property: Id(3)] PushRequest Push);

/// <summary>What became of a message to a replica.</summary>
[GenerateSerializer, Alias("oe.replica-verdict")]
public enum ReplicaVerdict
{
    Held = 0,

    /// <summary>The replica holds another clock, or nothing: install the whole state.</summary>
    Behind = 1,

    /// <summary>Another activation of the shard has taken over.</summary>
    Fenced = 2,
}
