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
    /// Flow at which the BPR function adds <see cref="B"/> times the free-flow time, in vehicles per hour; 0 closes the
    /// link.
    /// </summary>
    public required double Capacity { get; init; }

    public double Length { get; init; }

    public required double FreeFlowTime { get; init; }

    public double B { get; init; } = 0.15;

    public double Power { get; init; } = 4;

    public double SpeedLimit { get; init; }

    public double Toll { get; init; }

    public int Type { get; init; }

    /// <summary>Whether nothing may take the link: its capacity is 0.</summary>
    public bool IsClosed => Capacity == 0;

    /// <summary>What is wrong with the numbers, or null: value first, then what was expected.</summary>
    public string? Fault() => this switch
    {
        _ when !(FreeFlowTime >= 0) || !double.IsFinite(FreeFlowTime) =>
            Invariant($"free flow time {FreeFlowTime}; expected a number of at least 0"),
        _ when !(B >= 0) || !double.IsFinite(B) => Invariant($"B {B}; expected a number of at least 0"),
        _ when !(Power >= 0) || !double.IsFinite(Power) =>
            Invariant($"power {Power}; expected a number of at least 0"),
        _ when !(Capacity >= 0) || !double.IsFinite(Capacity) =>
            Invariant($"capacity {Capacity}; expected a number of at least 0"),
        _ when !double.IsFinite(Length) => Invariant($"length {Length}; expected a finite number"),
        _ when !double.IsFinite(Toll) => Invariant($"toll {Toll}; expected a finite number"),
        _ => null,
    };

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
            nodeCount,
            Array.ConvertAll(links, link => link.From - 1),
            Array.ConvertAll(links, link => link.To - 1),
            Array.ConvertAll(links, link => link.IsClosed));
    }

    public string Name { get; }

    public int ZoneCount { get; }

    /// <summary>Counted from 1, as in the file; 1 lets every node be passed through.</summary>
    public int FirstThroughNode { get; }

    public IReadOnlyList<TrafficLink> Links { get; }

    /// <summary>Closed links leave no node.</summary>
    public DirectedGraph Graph { get; }

    /// <summary>[nodes] what people call them; null where the numbers are 1 to the number of nodes.</summary>
    public IReadOnlyList<long>? NodeNumbers { get; init; }

    /// <summary>What people call a node that is counted from 1 here.</summary>
    public long NumberOf(int node) => NodeNumbers is null ? node : NodeNumbers[node - 1];

    /// <summary>Generalised costs: free-flow time, toll and length by their weights, and the BPR delay.</summary>
    /// <param name="tollWeight">Time units per unit of toll, at least 0.</param>
    /// <param name="distanceWeight">Time units per unit of length, at least 0.</param>
    /// <exception cref="OrleansEdgeException">
    /// A weight is out of range (64); a link would cost less than nothing, or more than a number holds (65).
    /// </exception>
    public LinkCosts Costs(double tollWeight = 0, double distanceWeight = 0)
    {
        RequireWeight(nameof(tollWeight), tollWeight);
        RequireWeight(nameof(distanceWeight), distanceWeight);
        return new LinkCosts(
            [.. Links.Select(link => FixedCost(link, tollWeight, distanceWeight))],
            [.. Links.Select(link => link.FreeFlowTime * link.B)],
            [.. Links.Select(link => link.Capacity)],
            [.. Links.Select(link => link.Power)]);
    }

    internal ShortestPathTree NewTree() => new(Graph, FirstThroughNode - 1);

    private double FixedCost(TrafficLink link, double tollWeight, double distanceWeight)
    {
        var cost = link.FreeFlowTime + (tollWeight * link.Toll) + (distanceWeight * link.Length);
        return cost >= 0 && double.IsFinite(cost) ? cost : throw OrleansEdgeException.WrongData(
            FormattableString.Invariant($"{Name}, link {NumberOf(link.From)} to {NumberOf(link.To)}: cost {cost} = ")
            + FormattableString.Invariant($"{link.FreeFlowTime} + {tollWeight} x toll {link.Toll} + ")
            + FormattableString.Invariant($"{distanceWeight} x length {link.Length}; ")
            + "expected a finite number of at least 0");
    }

    private static void RequireWeight(string name, double weight)
    {
        if (!(weight >= 0) || !double.IsFinite(weight))
        {
            throw OrleansEdgeException.Usage(FormattableString.Invariant(
                $"{name}: {weight}; expected a finite number of at least 0"));
        }
    }
}
