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
    /// <summary>The bound, or null if k c(k) is not convex on some resource.</summary>
    public static double? LowerBound(CongestionGame game, int iterations)
    {
        var marginals = game.Costs.Select(MarginalCostGames.Marginal).ToArray();
        if (!Array.TrueForAll(marginals, cost => cost.IsNonDecreasing(game.PlayerCount)))
        {
            return null;
        }
        var loads = Array.ConvertAll(game.Loads.ToArray(), load => (double)load);
        var (slopes, target) = (new double[loads.Length], new double[loads.Length]);
        var best = double.NegativeInfinity;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var bound = Linearize(game, marginals, loads, slopes) + Respond(game, slopes, target);
            best = Math.Max(best, bound);
            var step = 2.0 / (iteration + 2);
            for (var resource = 0; resource < loads.Length; resource++)
            {
                loads[resource] += step * (target[resource] - loads[resource]);
            }
        }
        return best;
    }

    /// <summary>
    /// Fills the slopes of S at the loads, S being linear between integers; returns the sum of S - slope x load.
    /// </summary>
    private static double Linearize(CongestionGame game, LoadCost[] marginals, double[] loads, double[] slopes)
    {
        var sum = 0.0;
        for (var resource = 0; resource < loads.Length; resource++)
        {
            var whole = Math.Min((int)loads[resource], game.PlayerCount - 1);
            slopes[resource] = marginals[resource].At(whole + 1);
            var atWhole = whole == 0 ? 0 : whole * game.Costs[resource].At(whole);
            sum += atWhole - (slopes[resource] * whole);
        }
        return sum;
    }

    /// <summary>
    /// Fills the loads when every player takes its cheapest strategy at the slopes; returns what they pay.
    /// </summary>
    private static double Respond(CongestionGame game, double[] slopes, double[] target)
    {
        Array.Clear(target);
        var sum = 0.0;
        for (var player = 0; player < game.PlayerCount; player++)
        {
            var (best, least) = (0, double.PositiveInfinity);
            for (var strategy = 0; strategy < game.StrategyCount(player); strategy++)
            {
                var cost = 0.0;
                foreach (var resource in game.Resources(player, strategy))
                {
                    cost += slopes[resource];
                }
                (best, least) = cost < least ? (strategy, cost) : (best, least);
            }
            sum += least;
            foreach (var resource in game.Resources(player, best))
            {
                target[resource]++;
            }
        }
        return sum;
    }
}
