using OrleansEdge.Core;

namespace OrleansEdge.Simulation.Network;

/// <summary>Shape of the random part of a latency.</summary>
public enum JitterDistribution
{
    /// <summary>Uniform between 0 and <see cref="LinkProfile.JitterSeconds"/>.</summary>
    Uniform = 0,

    /// <summary>Exponential with mean <see cref="LinkProfile.JitterSeconds"/>.</summary>
    Exponential = 1,

    /// <summary>Absolute value of a normal with standard deviation <see cref="LinkProfile.JitterSeconds"/>.</summary>
    HalfNormal = 2,
}

/// <summary>
/// The path between two nodes. <see cref="From"/> and <see cref="To"/> are a node's name, a class, or "*"; the first
/// profile that matches a pair is the pair's.
/// </summary>
public sealed record LinkProfile
{
    /// <summary>No delay, no limit, no loss.</summary>
    public static LinkProfile Ideal { get; } = new();

    /// <summary>Name or class of the sender, or "*" for all.</summary>
    public string From { get; init; } = "*";

    /// <summary>Name or class of the receiver, or "*" for all.</summary>
    public string To { get; init; } = "*";

    /// <summary>The profile holds for messages from <see cref="To"/> to <see cref="From"/> too.</summary>
    public bool BothWays { get; init; } = true;

    /// <summary>Least one-way latency in seconds, at least 0.</summary>
    public double LatencySeconds { get; init; }

    /// <summary>Scale of the random latency on top, in seconds, at least 0.</summary>
    public double JitterSeconds { get; init; }

    /// <summary>Shape of the random latency.</summary>
    public JitterDistribution Jitter { get; init; } = JitterDistribution.Uniform;

    /// <summary>
    /// Most bytes per second of this path, above 0. A message occupies the sender's uplink for its size divided by the
    /// lesser of this and the sender's rate, and the receiver's downlink likewise.
    /// </summary>
    public double BytesPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>Probability that a message is lost, 0 to 1.</summary>
    public double LossProbability { get; init; }

    /// <summary>Probability, per message, that the path stalls before it, 0 to 1.</summary>
    public double StallProbability { get; init; }

    /// <summary>Mean of a stall's exponential duration, in seconds, at least 0. Messages behind it wait too.</summary>
    public double StallMeanSeconds { get; init; }

    /// <summary>Messages of one path arrive in the order in which they were sent, as on one TCP connection.</summary>
    public bool KeepsOrder { get; init; } = true;

    /// <summary>
    /// Messages pass outside the network: at once, always, and without a share of anybody's rate or count. Nothing else
    /// of the profile matters then.
    /// </summary>
    public bool IsOutOfBand { get; init; }

    /// <exception cref="OrleansEdgeException">A value is out of its range.</exception>
    public void Validate()
    {
        var owner = $"link {From} - {To}";
        Check.AtLeast(0, LatencySeconds, owner, nameof(LatencySeconds));
        Check.AtLeast(0, JitterSeconds, owner, nameof(JitterSeconds));
        Check.Above(0, BytesPerSecond, owner, nameof(BytesPerSecond), orInfinite: true);
        Check.Probability(LossProbability, owner, nameof(LossProbability));
        Check.Probability(StallProbability, owner, nameof(StallProbability));
        Check.AtLeast(0, StallMeanSeconds, owner, nameof(StallMeanSeconds));
        if (!Enum.IsDefined(Jitter))
        {
            throw OrleansEdgeException.Usage($"{owner}: {nameof(Jitter)} is {Jitter}; it is one of " +
                $"{string.Join(", ", Enum.GetNames<JitterDistribution>())}.");
        }
    }

    internal bool Matches(NodeProfile from, NodeProfile to) =>
        (Names(From, from) && Names(To, to)) || (BothWays && Names(From, to) && Names(To, from));

    /// <summary>A pattern is a node's name, a class, or "*".</summary>
    internal static bool Names(string pattern, NodeProfile node) =>
        pattern == "*" || pattern == node.Name || pattern == node.Class;
}
