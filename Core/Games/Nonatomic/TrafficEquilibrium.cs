namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>The flows that an assignment arrived at.</summary>
public sealed record TrafficEquilibrium
{
    public required TrafficNetwork Network { get; init; }

    public required TravelDemand Demand { get; init; }

    /// <summary>
    /// The costs that a vehicle pays; for a system optimum not the marginal costs that were equilibrated.
    /// </summary>
    public required LinkCosts Costs { get; init; }

    /// <summary>[links] in vehicles per hour.</summary>
    public required double[] LinkFlows { get; init; }

    /// <summary>
    /// Measured under the costs that were equilibrated: those paid, or for a system optimum the marginal ones.
    /// </summary>
    public required WardropCertificate Wardrop { get; init; }

    /// <summary>Rounds in which new paths were looked for and flow was shifted.</summary>
    public required int Iterations { get; init; }

    /// <summary>Paths of all pairs in use at the end; null, not counted, after a stop.</summary>
    public required int? ActivePaths { get; init; }

    public required StopReason StopReason { get; init; }

    /// <summary>The social cost: sum of x t(x) under the costs paid.</summary>
    public double TotalTravelTime => SumOver(Costs.Total);

    /// <summary>[links] the costs paid.</summary>
    public double[] LinkTimes() => [.. LinkFlows.Select((flow, link) => Costs.At(link, flow))];

    /// <summary>[links] x t'(x). At a system optimum these tolls make it an equilibrium (Pigou 1920).</summary>
    public double[] PigouTolls() => [.. LinkFlows.Select((flow, link) => Costs.Externality(link, flow))];

    private double SumOver(Func<int, double, double> term)
    {
        var sum = default(PreciseSum);
        for (var link = 0; link < LinkFlows.Length; link++)
        {
            sum.Add(term(link, LinkFlows[link]));
        }
        return sum.Value;
    }
}
