using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Tests.Games.Nonatomic;

/// <summary>Small networks whose equilibria are known.</summary>
internal static class Networks
{
    /// <summary>
    /// Braess (1968): costs 10 x, 50 + x and 10 + x; 6 vehicles; 92 each in equilibrium and 83 at the optimum.
    /// </summary>
    public static TrafficNetwork Braess() => new("braess", 2, 4, 1,
    [
        Linear(1, 3, 1e-8, 10), Linear(1, 4, 50, 1), Linear(3, 2, 50, 1), Linear(3, 4, 10, 1), Linear(4, 2, 1e-8, 10),
    ]);

    public static TravelDemand Trips(double flow) => new(2, [new Trips(1, 2, flow)]);

    /// <summary>Parallel links from node 1 to node 2.</summary>
    public static TrafficNetwork Parallel(params TrafficLink[] links) => new("parallel", 2, 2, 1, links);

    /// <summary>t = constant + slope x</summary>
    public static TrafficLink Linear(int from, int to, double constant, double slope) =>
        Bpr(from, to, constant, slope == 0 ? 0 : slope / constant, 1, 1);

    public static TrafficLink Bpr(int from, int to, double freeFlowTime, double b, double capacity, double power) => new()
    {
        From = from,
        To = to,
        FreeFlowTime = freeFlowTime,
        B = b,
        Capacity = capacity,
        Power = power,
    };
}
