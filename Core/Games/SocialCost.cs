namespace OrleansEdge.Core.Games;

/// <summary>What all players pay together, and ratios of it.</summary>
public static class SocialCost
{
    /// <summary>
    /// The sum of all costs of the current profile, to the last digits of a double even where costs cancel.
    /// </summary>
    public static double Of(IFiniteGame game)
    {
        var (sum, lost, size) = (0.0, 0.0, 0.0);
        for (var player = 0; player < game.PlayerCount; player++)
        {
            var cost = game.Cost(player);
            var next = sum + cost;
            lost += Math.Abs(sum) >= Math.Abs(cost) ? sum - next + cost : cost - next + sum;
            sum = next;
            size += Math.Abs(cost);
        }
        var total = sum + lost;
        if (double.IsFinite(total) && Math.Abs(total) >= 1e-3 * size)
        {
            return total + 0.0; // no negative zero
        }
        return game.HasExactCosts ? Exact(game) : total + 0.0;
    }

    /// <summary>
    /// A cost over the optimum; null where that says nothing: the optimum is 0 or below it, or the ratio no number.
    /// </summary>
    public static double? Ratio(double cost, double optimum) =>
        optimum > 0 && cost / optimum is var ratio && double.IsFinite(ratio) && ratio >= 0 ? ratio : null;

    private static double Exact(IFiniteGame game)
    {
        Dyadic sum = 0L;
        for (var player = 0; player < game.PlayerCount; player++)
        {
            sum += game.ExactCost(player, game.Strategy(player));
        }
        return sum.Nearest + 0.0;
    }
}
