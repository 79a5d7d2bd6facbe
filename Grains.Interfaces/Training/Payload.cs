namespace OrleansEdge.Grains.Interfaces.Training;

/// <summary>How numbers are laid out in a payload.</summary>
[GenerateSerializer, Alias("oe.payload-format")]
public enum PayloadFormat
{
    /// <summary>Little-endian single precision, every element in order.</summary>
    DenseFloat32 = 0,

    /// <summary>Selected elements in the sparse update coding (Core/Compression).</summary>
    Sparse = 1,

    /// <summary>The coding of a whole shard's state (Core/ParameterServer).</summary>
    ShardState = 2,
}

/// <summary>Numbers on the wire, where Wire/PayloadCodec writes them.</summary>
/// <param name="ElementCount">Elements of the range that the payload speaks of.</param>
[Immutable, Alias("oe.payload")]
public sealed record Payload(
    [property: Id(0)] PayloadFormat Format,
    [property: Id(1)] int ElementCount,
    [property: Id(2)] ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// An oversized Orleans frame tears down its connection and all that is queued on it: none is sent.
    /// </summary>
    public const int MaximumBytes = 8 << 20;

    /// <summary>No numbers.</summary>
    public static Payload Empty { get; } = new(PayloadFormat.DenseFloat32, 0, default);
}
