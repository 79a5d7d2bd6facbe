using OrleansEdge.Core;

namespace OrleansEdge.Simulation.Storage;

/// <summary>The stores that keep the grains' persistent states. They survive every crash.</summary>
public sealed record StorageOptions
{
    /// <summary>Virtual seconds that an operation takes, at least 0.</summary>
    public double LatencySeconds { get; init; }

    /// <summary>Bytes of encoded state that a store moves in a virtual second, above 0; added to the latency.</summary>
    public double BytesPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Probability that writing or clearing fails with a <see cref="StorageFaultException"/>, 0 to 1.
    /// </summary>
    public double WriteFailureProbability { get; init; }

    /// <summary>
    /// Probability that a write or a clearing is done, and reported to the grain as failed all the same, 0 to 1: the
    /// grain's entity tag is then the one before.
    /// </summary>
    public double LostAnswerProbability { get; init; }

    /// <summary>Probability that reading fails with a <see cref="StorageFaultException"/>, 0 to 1.</summary>
    public double ReadFailureProbability { get; init; }

    /// <exception cref="OrleansEdgeException">A value is out of its range.</exception>
    public void Validate()
    {
        Check.AtLeast(0, LatencySeconds, nameof(StorageOptions), nameof(LatencySeconds));
        Check.Above(0, BytesPerSecond, nameof(StorageOptions), nameof(BytesPerSecond), orInfinite: true);
        Check.Probability(WriteFailureProbability, nameof(StorageOptions), nameof(WriteFailureProbability));
        Check.Probability(LostAnswerProbability, nameof(StorageOptions), nameof(LostAnswerProbability));
        Check.Probability(ReadFailureProbability, nameof(StorageOptions), nameof(ReadFailureProbability));
    }
}
