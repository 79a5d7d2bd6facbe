using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Core.Data.Tntp;

/// <summary>Trips as a TNTP file gives them.</summary>
public sealed record TntpTrips
{
    /// <summary>Trips between different nodes of the network.</summary>
    public required TravelDemand Demand { get; init; }

    /// <summary>Trips that stay in their zone; they take no link and are not in the demand.</summary>
    public required double IntrazonalTrips { get; init; }

    /// <summary>Time units per unit of toll; null where the file does not say. Goes before the network's.</summary>
    public double? TollFactor { get; init; }

    /// <summary>Time units per unit of length; null where the file does not say. Goes before the network's.</summary>
    public double? DistanceFactor { get; init; }

    /// <summary>What is odd in the file and was read all the same, each with file and line.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
