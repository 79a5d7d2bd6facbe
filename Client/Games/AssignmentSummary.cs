using System.Text.Json.Serialization;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Client.Games;

/// <summary>The JSON of <c>oe assign</c>.</summary>
internal sealed record AssignmentSummary
{
    public string Command => "assign";

    public required string Network { get; init; }

    public required int Zones { get; init; }

    public required int Nodes { get; init; }

    public required int Links { get; init; }

    public required double Demand { get; init; }

    /// <summary>Trips that stay in their zone, not in <see cref="Demand"/>.</summary>
    public required double IntrazonalDemand { get; init; }

    /// <summary>Beckmann's objective at the equilibrium.</summary>
    public required double Objective { get; init; }

    public required double TotalTravelTime { get; init; }

    public required double RelativeGap { get; init; }

    public required double AverageExcessCost { get; init; }

    /// <summary>Links with more flow than capacity.</summary>
    public required int LinksOverCapacity { get; init; }

    /// <summary>The largest flow over capacity.</summary>
    public required double HighestSaturation { get; init; }

    public required int Iterations { get; init; }

    /// <summary>Null after a stop.</summary>
    public required int? ActivePaths { get; init; }

    /// <summary>Of the equilibrium's solver alone.</summary>
    public required double WallSeconds { get; init; }

    public required StopReason ExitReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SystemOptimumTravelTime { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PriceOfAnarchy { get; init; }

    public required string Output { get; init; }

    /// <param name="zones">As in the network's file.</param>
    /// <param name="intrazonal">Trips that stay in their zone.</param>
    public static AssignmentSummary Of(
        TrafficEquilibrium equilibrium, TrafficEquilibrium? optimum, int zones, double intrazonal, double wallSeconds,
        string output) => new()
        {
            Network = equilibrium.Network.Name,
            Zones = zones,
            Nodes = equilibrium.Network.Graph.NodeCount,
            Links = equilibrium.Network.Links.Count,
            Demand = equilibrium.Demand.Total,
            IntrazonalDemand = intrazonal,
            Objective = equilibrium.Wardrop.Objective,
            TotalTravelTime = equilibrium.TotalTravelTime,
            RelativeGap = equilibrium.Wardrop.RelativeGap,
            AverageExcessCost = equilibrium.Wardrop.AverageExcessCost,
            LinksOverCapacity = Saturations(equilibrium).Count(saturation => saturation > 1),
            HighestSaturation = Saturations(equilibrium).DefaultIfEmpty().Max(),
            Iterations = equilibrium.Iterations,
            ActivePaths = equilibrium.ActivePaths,
            WallSeconds = wallSeconds,
            ExitReason = equilibrium.StopReason,
            SystemOptimumTravelTime = optimum?.TotalTravelTime,
            PriceOfAnarchy = optimum is null ? null
            : optimum.TotalTravelTime == 0 ? 1 : equilibrium.TotalTravelTime / optimum.TotalTravelTime,
            Output = output,
        };

    /// <summary>Flow over capacity; 0 for a closed link.</summary>
    public static double Saturation(TrafficEquilibrium equilibrium, int link)
    {
        var capacity = equilibrium.Network.Links[link].Capacity;
        return capacity > 0 ? equilibrium.LinkFlows[link] / capacity : 0;
    }

    /// <summary>What is bad about the flows, an equilibrium or not; empty if nothing is.</summary>
    public IEnumerable<string> Concerns()
    {
        if (LinksOverCapacity > 0)
        {
            yield return FormattableString.Invariant(
                $"{LinksOverCapacity} of {Links} links carry more than their capacity, ")
                + FormattableString.Invariant($"up to {HighestSaturation:0.##} times");
        }
        if (IntrazonalDemand > 0)
        {
            yield return FormattableString.Invariant(
                $"{IntrazonalDemand / (Demand + IntrazonalDemand):P1} of all trips stay in their zone, off all links");
        }
    }

    private static IEnumerable<double> Saturations(TrafficEquilibrium equilibrium) =>
        equilibrium.LinkFlows.Select((_, link) => Saturation(equilibrium, link));
}
