namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// Traffic equilibrium and system optimum over bushes, the links that each origin's trips use: rounds that give bushes
/// the links of shortest paths, and between them sweeps that shift flow within one bush at a time (after Dial 2006) and
/// Newton steps over all bushes at once. Memory grows with origins times nodes, not with pairs.
/// </summary>
public static class TrafficAssignment
{
    /// <summary>Assigns demand until the relative gap is reached; says so if it is not.</summary>
    /// <param name="network">The roads.</param>
    /// <param name="demand">The trips.</param>
    /// <param name="options">What to reach, and how long to try.</param>
    /// <param name="stop">Ends it with the best flows so far and <see cref="StopReason.Stopped"/>.</param>
    /// <param name="progress">Told of every round.</param>
    /// <exception cref="OrleansEdgeException">An option is out of range (64); a pair has no path (65).</exception>
    public static TrafficEquilibrium Solve(
        TrafficNetwork network, TravelDemand demand, AssignmentOptions options, CancellationToken stop = default,
        Action<SolverProgress>? progress = null) =>
        Solve(network, demand, network.Costs(options.TollWeight, options.DistanceWeight), options, stop, progress);

    /// <summary>
    /// The same with costs of the caller's, such as costs with Pigou's tolls; the options' weights are not looked at.
    /// </summary>
    public static TrafficEquilibrium Solve(
        TrafficNetwork network, TravelDemand demand, LinkCosts costs, AssignmentOptions options,
        CancellationToken stop = default, Action<SolverProgress>? progress = null)
    {
        options.Validate();
        if (demand.ZoneCount > network.ZoneCount)
        {
            throw OrleansEdgeException.WrongData(
                $"{network.Name}: {network.ZoneCount} zones, trips for {demand.ZoneCount}; expected as many");
        }
        var perceived = options.Objective == AssignmentObjective.SystemOptimum ? costs.Marginal() : costs;
        var run = new AssignmentRun(network, demand, perceived, options, stop, progress);
        var reason = run.Solve();
        return new TrafficEquilibrium
        {
            Network = network,
            Demand = demand,
            Costs = costs,
            LinkFlows = run.LinkFlows,
            Wardrop = run.Certificate,
            Iterations = run.Iterations,
            ActivePaths = reason == StopReason.Stopped ? null : run.CountPaths(),
            StopReason = reason,
        };
    }
}
