namespace OrleansEdge.Core.ParameterServer;

/// <summary>How the numbers of an update are laid out.</summary>
public enum UpdateFormat
{
    /// <summary>
    /// Little-endian single precision, every element in order (<see cref="Compression.DenseCodec"/>).
    /// </summary>
    DenseFloat32 = 0,

    /// <summary>Selected elements (<see cref="Compression.SparseUpdateCodec"/>).</summary>
    Sparse = 1,
}

/// <summary>What a shard did with a push.</summary>
public enum PushVerdict
{
    /// <summary>Applied; the clock went up by one.</summary>
    Applied = 0,

    /// <summary>It had been applied before; only the ingress counter went up.</summary>
    Duplicate = 1,

    /// <summary>
    /// The shard does not know the pull that the update was computed from: it was made before the shard was
    /// restored, given up by later pulls, or is too old for the rule. Only the ingress counter went up; the worker
    /// should pull again.
    /// </summary>
    UnknownPull = 2,

    /// <summary>It would make a parameter infinite: the training diverges. Nothing has changed.</summary>
    Overflow = 3,
}

/// <summary>The answer to a push.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="Clock">The shard's clock after the push: updates applied since the job began.</param>
/// <param name="Staleness">Updates applied between the pull and this push; 0 unless applied.</param>
public readonly record struct PushOutcome(PushVerdict Verdict, long Clock, long Staleness);
