using OrleansEdge.Core;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Simulation.Faults;

/// <summary>
/// How often faults happen to the nodes, each independently. A mean time between faults that is infinite: never.
/// </summary>
public sealed record FaultRates
{
    /// <summary>Name or class of the nodes that the faults befall, or "*".</summary>
    public string Nodes { get; init; } = "*";

    /// <summary>Mean up time of a node between crashes, in seconds, above 0; exponential.</summary>
    public double MeanSecondsBetweenCrashes { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Mean down time, in seconds, at least 0, exponential; infinite: crashed nodes do not come back.
    /// </summary>
    public double MeanDownSeconds { get; init; } = double.PositiveInfinity;

    /// <summary>Mean time between partitions of a node from all others, in seconds, above 0; exponential.</summary>
    public double MeanSecondsBetweenPartitions { get; init; } = double.PositiveInfinity;

    /// <summary>Mean duration of a partition, in seconds, at least 0; exponential.</summary>
    public double MeanPartitionSeconds { get; init; } = 1;

    /// <summary>Mean time between slow-downs of a node, in seconds, above 0; exponential.</summary>
    public double MeanSecondsBetweenSlowDowns { get; init; } = double.PositiveInfinity;

    /// <summary>Mean duration of a slow-down, in seconds, at least 0; exponential.</summary>
    public double MeanSlowDownSeconds { get; init; } = 1;

    /// <summary>Least speed during a slow-down, in (0, 1]; the factor is uniform between this and 1.</summary>
    public double LeastSlowDownFactor { get; init; } = 0.1;

    /// <exception cref="OrleansEdgeException">A value is out of its range.</exception>
    public void Validate()
    {
        const string owner = nameof(FaultRates);
        Check.Above(0, MeanSecondsBetweenCrashes, owner, nameof(MeanSecondsBetweenCrashes), orInfinite: true);
        Check.AtLeast(0, MeanDownSeconds, owner, nameof(MeanDownSeconds), orInfinite: true);
        Check.Above(0, MeanSecondsBetweenPartitions, owner, nameof(MeanSecondsBetweenPartitions), orInfinite: true);
        Check.AtLeast(0, MeanPartitionSeconds, owner, nameof(MeanPartitionSeconds));
        Check.Above(0, MeanSecondsBetweenSlowDowns, owner, nameof(MeanSecondsBetweenSlowDowns), orInfinite: true);
        Check.AtLeast(0, MeanSlowDownSeconds, owner, nameof(MeanSlowDownSeconds));
        Check.Factor(LeastSlowDownFactor, owner, nameof(LeastSlowDownFactor));
    }
}

/// <summary>Draws a plan: every node and kind of fault has a random stream of its own.</summary>
internal static class FaultDraw
{
    public static FaultPlan Draw(FaultRates rates, IReadOnlyList<NodeProfile> nodes, ulong seed, double horizonSeconds)
    {
        var crashes = new List<CrashFault>();
        var partitions = new List<PartitionFault>();
        var slowDowns = new List<SlowDownFault>();
        foreach (var node in nodes.Where(node => LinkProfile.Names(rates.Nodes, node)))
        {
            var entity = Tracing.StableHash.Of(node.Name);
            var random = new RandomStream(seed, "crashes", entity);
            var time = random.NextExponential(rates.MeanSecondsBetweenCrashes);
            while (time < horizonSeconds)
            {
                var down = double.IsInfinity(rates.MeanDownSeconds)
                    ? (double?)null
                    : random.NextExponential(rates.MeanDownSeconds);
                crashes.Add(new CrashFault(node.Name, time, down));
                time = down is null
                    ? horizonSeconds
                    : time + down.Value + random.NextExponential(rates.MeanSecondsBetweenCrashes);
            }
            random = new RandomStream(seed, "partitions", entity);
            foreach (var (start, duration) in
                Windows(random, rates.MeanSecondsBetweenPartitions, rates.MeanPartitionSeconds, horizonSeconds))
            {
                partitions.Add(new PartitionFault(node.Name, "*", start, duration));
            }
            random = new RandomStream(seed, "slow-downs", entity);
            var factors = new RandomStream(seed, "slow-down factors", entity);
            foreach (var (start, duration) in
                Windows(random, rates.MeanSecondsBetweenSlowDowns, rates.MeanSlowDownSeconds, horizonSeconds))
            {
                var factor = 1 - (factors.NextDouble() * (1 - rates.LeastSlowDownFactor));
                slowDowns.Add(new SlowDownFault(node.Name, new SlowDown(start, duration, factor)));
            }
        }
        return new FaultPlan { Crashes = crashes, Partitions = partitions, SlowDowns = slowDowns };
    }

    private static IEnumerable<(double Start, double Duration)> Windows(
        RandomStream random, double meanBetween, double meanDuration, double horizon)
    {
        var time = random.NextExponential(meanBetween);
        while (time < horizon)
        {
            var duration = random.NextExponential(meanDuration);
            yield return (time, duration);
            time += duration + random.NextExponential(meanBetween);
        }
    }
}
