namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>How users share a channel: what weighs on it, and the rate that the others' weights leave.</summary>
public interface IUplink
{
    /// <summary>What the user adds to a channel, above 0.</summary>
    double Weight(int user);

    /// <summary>
    /// The others' weight up to which offloading is no dearer than computing locally, for a user of the given weight;
    /// negative for never.
    /// </summary>
    double Threshold(int user, double weight);

    /// <summary>The user's rate, bit/s, with its own weight and the others' on its channel.</summary>
    double BitsPerSecond(int user, double weight, double othersWeight);
}

/// <summary>
/// Users of one channel interfere: r = w log2(1 + Q / (noise + sum of the others' Q)) (ToN eq. 1). Weights are watts.
/// </summary>
public sealed class InterferenceUplink(OffloadingUser[] users, double bandwidthHertz, double noiseWatts) : IUplink
{
    public double Weight(int user) => users[user].ReceivedWatts;

    public double Threshold(int user, double weight) =>
        (users[user] with { ReceivedWatts = weight }).InterferenceThresholdWatts(bandwidthHertz, noiseWatts);

    public double BitsPerSecond(int user, double weight, double othersWeight) =>
        Radio.ShannonBitsPerSecond(bandwidthHertz, weight, noiseWatts + othersWeight);
}

/// <summary>
/// Users of one channel take turns by contention (CSMA): r = R W / (W + sum of the others' W) (ToN, section VII).
/// Weights are dimensionless.
/// </summary>
/// <param name="soloBitsPerSecond">R: [users], the rate alone on a channel.</param>
/// <param name="weights">W: [users], above 0.</param>
public sealed class ContentionUplink(OffloadingUser[] users, double[] soloBitsPerSecond, double[] weights) : IUplink
{
    public double Weight(int user) => weights[user];

    public double Threshold(int user, double weight)
    {
        var breakEven = users[user].BreakEvenBitsPerSecond;
        return double.IsPositiveInfinity(breakEven)
            ? double.NegativeInfinity
            : ((soloBitsPerSecond[user] / breakEven) - 1) * weight;
    }

    public double BitsPerSecond(int user, double weight, double othersWeight) =>
        soloBitsPerSecond[user] * weight / (weight + othersWeight);
}
