using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>A link of a road network, as in a TNTP network file; the time unit is the file's own.</summary>
public sealed record TrafficLink
{
    /// <summary>Tail node, counted from 1.</summary>
    public required int From { get; init; }

    /// <summary>Head node, counted from 1.</summary>
    public required int To { get; init; }

    /// <summary>
    /// Flow at which the BPR function adds <see cref="B"/> times the free-flow time, in vehicles per hour.
    /// </summary>
    public required double Capacity { get; init; }

    public double Length { get; init; }

    public required double FreeFlowTime { get; init; }

    public double B { get; init; } = 0.15;

    public double Power { get; init; } = 4;

    public double SpeedLimit { get; init; }

    public double Toll { get; init; }

    public int Type { get; init; }

    /// <summary>What is wrong with the numbers, or null: value first, then what was expected.</summary>
    public string? Fault()
    {
        var hasDelay = B != 0 && Power != 0 && FreeFlowTime != 0;
        return this switch
        {
            _ when !(FreeFlowTime >= 0) || !double.IsFinite(FreeFlowTime) =>
                Invariant($"free flow time {FreeFlowTime}; expected a number of at least 0"),
            _ when !(B >= 0) || !double.IsFinite(B) => Invariant($"B {B}; expected a number of at least 0"),
            _ when !(Power >= 0) || !double.IsFinite(Power) =>
                Invariant($"power {Power}; expected a number of at least 0"),
            _ when FreeFlowTime == 0 && Power == 0 =>
                "free flow time 0 with power 0; expected a free flow time or a power above 0",
            _ when !(Capacity >= 0) || !double.IsFinite(Capacity) || (Capacity == 0 && hasDelay) =>
                Invariant($"capacity {Capacity}; expected a number above 0"),
            _ when !(Length >= 0) || !double.IsFinite(Length) =>
                Invariant($"length {Length}; expected a number of at least 0"),
            _ when !(Toll >= 0) || !double.IsFinite(Toll) => Invariant($"toll {Toll}; expected a number of at least 0"),
            _ => null,
        };
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>
/// A road network. Nodes are numbered from 1 in the links and from 0 in the graph; nodes 1 to the number of zones are
/// zones.
/// </summary>
public sealed class TrafficNetwork
{
    /// <param name="name">Shown in reports and errors.</param>
    /// <param name="zoneCount">Zones are the first nodes.</param>
    /// <param name="nodeCount">At least the number of zones.</param>
    /// <param name="firstThroughNode">Nodes below this, counted from 1, must not be passed through.</param>
    /// <param name="links">The links.</param>
    /// <exception cref="OrleansEdgeException">A link names an unknown node or has impossible numbers (65).</exception>
    public TrafficNetwork(string name, int zoneCount, int nodeCount, int firstThroughNode, TrafficLink[] links)
    {
        foreach (var (index, link) in links.Index())
        {
            var fault = link.From < 1 || link.From > nodeCount ? $"node {link.From}; expected 1 to {nodeCount}"
                : link.To < 1 || link.To > nodeCount ? $"node {link.To}; expected 1 to {nodeCount}"
                : link.Fault();
            if (fault is not null)
            {
                throw OrleansEdgeException.WrongData($"{name}, link {index + 1} ({link.From} to {link.To}): {fault}");
            }
        }
        if (zoneCount < 1 || zoneCount > nodeCount)
        {
            throw OrleansEdgeException.WrongData($"{name}: {zoneCount} zones; expected 1 to {nodeCount}");
        }
        (Name, ZoneCount, FirstThroughNode, Links) = (name, zoneCount, firstThroughNode, links);
        Graph = new DirectedGraph(
            nodeCount, Array.ConvertAll(links, link => link.From - 1), Array.ConvertAll(links, link => link.To - 1));
    }

    public string Name { get; }

    public int ZoneCount { get; }

    /// <summary>Counted from 1, as in the file; 1 lets every node be passed through.</summary>
    public int FirstThroughNode { get; }

    public IReadOnlyList<TrafficLink> Links { get; }

    public DirectedGraph Graph { get; }

    /// <summary>Generalised costs: free-flow time, toll and length by their weights, and the BPR delay.</summary>
    /// <param name="tollWeight">Time units per unit of toll, at least 0.</param>
    /// <param name="distanceWeight">Time units per unit of length, at least 0.</param>
    public LinkCosts Costs(double tollWeight = 0, double distanceWeight = 0)
    {
        RequireWeight(nameof(tollWeight), tollWeight);
        RequireWeight(nameof(distanceWeight), distanceWeight);
        return new LinkCosts(
            [.. Links.Select(link => link.FreeFlowTime + (tollWeight * link.Toll) + (distanceWeight * link.Length))],
            [.. Links.Select(link => link.FreeFlowTime * link.B)],
            [.. Links.Select(link => link.Capacity)],
            [.. Links.Select(link => link.Power)]);
    }

    internal ShortestPathTree NewTree() => new(Graph, FirstThroughNode - 1);

    private static void RequireWeight(string name, double weight)
    {
        if (!(weight >= 0) || !double.IsFinite(weight))
        {
            throw OrleansEdgeException.Usage(FormattableString.Invariant(
                $"{name}: {weight}; expected a finite number of at least 0"));
        }
    }
}
