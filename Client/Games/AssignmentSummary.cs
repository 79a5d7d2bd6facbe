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

    /// <summary>Beckmann's objective at the equilibrium.</summary>
    public required double Objective { get; init; }

    public required double TotalTravelTime { get; init; }

    public required double RelativeGap { get; init; }

    public required double AverageExcessCost { get; init; }

    public required int Iterations { get; init; }

    public required int ActivePaths { get; init; }

    /// <summary>Of the equilibrium's solver alone.</summary>
    public required double WallSeconds { get; init; }

    public required StopReason ExitReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SystemOptimumTravelTime { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PriceOfAnarchy { get; init; }

    public required string Output { get; init; }

    public static AssignmentSummary Of(
        TrafficEquilibrium equilibrium, TrafficEquilibrium? optimum, double wallSeconds, string output) => new()
        {
            Network = equilibrium.Network.Name,
            Zones = equilibrium.Network.ZoneCount,
            Nodes = equilibrium.Network.Graph.NodeCount,
            Links = equilibrium.Network.Links.Count,
            Demand = equilibrium.Demand.Total,
            Objective = equilibrium.Wardrop.Objective,
            TotalTravelTime = equilibrium.TotalTravelTime,
            RelativeGap = equilibrium.Wardrop.RelativeGap,
            AverageExcessCost = equilibrium.Wardrop.AverageExcessCost,
            Iterations = equilibrium.Iterations,
            ActivePaths = equilibrium.ActivePaths,
            WallSeconds = wallSeconds,
            ExitReason = equilibrium.StopReason,
            SystemOptimumTravelTime = optimum?.TotalTravelTime,
            PriceOfAnarchy = optimum is null ? null
            : optimum.TotalTravelTime == 0 ? 1 : equilibrium.TotalTravelTime / optimum.TotalTravelTime,
            Output = output,
        };
}
