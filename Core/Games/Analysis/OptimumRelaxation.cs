using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Core.Games.Analysis;

/// <summary>
/// A lower bound on the social cost of a congestion game whose k c(k) is convex on every resource. With g_r a slope of
/// the convex S_r(x) = x c_r(x) at fractional loads x, every profile a costs at least sum over r of (S_r(x_r) - g_r
/// x_r) + sum over players of the least sum of g_r over a strategy. The loads are improved by Frank and Wolfe's steps
/// (1956); the bound is valid at each of them and the best is kept.
/// </summary>
public static class OptimumRelaxation
{
    /// <summary>
    /// The bound, lowered by what its own sums can be off, or null if k c(k) is not convex on some resource.
    /// </summary>
    /// <param name="stop">Ends the improvement; null where it comes before the first bound.</param>
    public static double? LowerBound(CongestionGame game, int iterations, CancellationToken stop = default)
    {
        var marginals = game.Costs.Select(MarginalCostGames.Marginal).ToArray();
        if (!Array.TrueForAll(marginals, cost => cost.IsNonDecreasing(game.PlayerCount)))
        {
            return null;
        }
        var loads = Array.ConvertAll(game.Loads.ToArray(), load => (double)load);
        var (slopes, target) = (new double[loads.Length], new double[loads.Length]);
        var best = double.NegativeInfinity;
        var roundings = (game.ResourceCount + ((double)game.PlayerCount * (game.LongestStrategy + 1)) + 8)
            * CostComparison.Ulp;
        for (var iteration = 0; iteration < iterations && !stop.IsCancellationRequested; iteration++)
        {
            var (fixedPart, size) = Linearize(game, marginals, loads, slopes);
            var (response, paid) = Respond(game, slopes, target);
            best = Math.Max(best, fixedPart + response - (roundings * (size + paid)));
            var step = 2.0 / (iteration + 2);
            for (var resource = 0; resource < loads.Length; resource++)
            {
                loads[resource] += step * (target[resource] - loads[resource]);
            }
        }
        return double.IsFinite(best) ? best : null;
    }

    /// <summary>
    /// Fills the slopes of S at the loads, S being linear between integers; returns the sum of S - slope x load, and of
    /// the sizes of its terms.
    /// </summary>
    private static (double Sum, double Size) Linearize(
        CongestionGame game, LoadCost[] marginals, double[] loads, double[] slopes)
    {
        var (sum, size) = (0.0, 0.0);
        for (var resource = 0; resource < loads.Length; resource++)
        {
            var whole = Math.Min((int)loads[resource], game.PlayerCount - 1);
            slopes[resource] = marginals[resource].At(whole + 1);
            var atWhole = whole == 0 ? 0 : whole * game.Costs[resource].At(whole);
            sum += atWhole - (slopes[resource] * whole);
            size += Math.Abs(atWhole) + Math.Abs(slopes[resource] * whole);
        }
        return (sum, size);
    }

    /// <summary>
    /// Fills the loads when every player takes its cheapest strategy at the slopes; returns what they pay, and the sum
    /// of the sizes of what they could pay.
    /// </summary>
    private static (double Sum, double Size) Respond(CongestionGame game, double[] slopes, double[] target)
    {
        Array.Clear(target);
        var (sum, size) = (0.0, 0.0);
        for (var player = 0; player < game.PlayerCount; player++)
        {
            var (best, least, most) = (0, double.PositiveInfinity, 0.0);
            for (var strategy = 0; strategy < game.StrategyCount(player); strategy++)
            {
                var (cost, parts) = (0.0, 0.0);
                foreach (var resource in game.Resources(player, strategy))
                {
                    cost += slopes[resource];
                    parts += Math.Abs(slopes[resource]);
                }
                (best, least, most) = cost < least ? (strategy, cost, parts) : (best, least, most);
            }
            sum += least;
            size += most;
            foreach (var resource in game.Resources(player, best))
            {
                target[resource]++;
            }
        }
        return (sum, size);
    }
}
