namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// Traffic equilibrium and system optimum by path equilibration: rounds that add each pair's shortest path, and between
/// them sweeps that shift flow among the known paths, one pair at a time (after Dafermos and Sparrow 1969; Xie, Nie and
/// Liu 2018) and near the solution all pairs at once by Newton steps.
/// </summary>
public static class TrafficAssignment
{
    /// <summary>Assigns demand to paths until the relative gap is reached; says so if it is not.</summary>
    /// <param name="network">The roads.</param>
    /// <param name="demand">The trips.</param>
    /// <param name="options">What to reach, and how long to try.</param>
    /// <param name="stop">Ends it with the best flows so far and <see cref="StopReason.Stopped"/>.</param>
    /// <param name="progress">Told of every round.</param>
    /// <exception cref="OrleansEdgeException">An option is out of range (64); a pair has no path (65).</exception>
    public static TrafficEquilibrium Solve(
        TrafficNetwork network, TravelDemand demand, AssignmentOptions options, CancellationToken stop = default,
        Action<SolverProgress>? progress = null)
    {
        options.Validate();
        var costs = network.Costs(options.TollWeight, options.DistanceWeight);
        return Solve(network, demand, costs, options, stop, progress);
    }

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
            LinkFlows = run.LinkFlows(),
            Wardrop = WardropCertificate.Issue(network, demand, perceived, run.LinkFlows(), options.RelativeGap),
            Iterations = run.Iterations,
            ActivePaths = run.ActivePaths,
            StopReason = reason,
        };
    }
}
