namespace OrleansEdge.Core.Games;

/// <summary>
/// Compares costs so that rounding decides nothing: by doubles where they are further apart than their errors, else
/// without rounding, where the game can, else not at all.
/// </summary>
public static class CostComparison
{
    /// <summary>2^-52: twice the largest relative error of one rounding.</summary>
    public const double Ulp = 1.0 / (1L << 52);

    /// <summary>Covers the roundings of an error bound itself.</summary>
    private const double Slack = 1 + 1e-6;

    /// <summary>Whether one strategy certainly costs the player less than another, the others standing still.</summary>
    public static bool IsCheaper(IFiniteGame game, int player, StrategyCost one, StrategyCost other) =>
        Gains(game, player, one, other, 0);

    /// <summary>Whether a strategy certainly saves the player more than <paramref name="least"/>.</summary>
    public static bool Gains(IFiniteGame game, int player, StrategyCost move, StrategyCost now, double least)
    {
        var gain = now.Cost - move.Cost;
        var error = Margin(
            game.CostError(player, move.Strategy) + game.CostError(player, now.Strategy)
            + (least == 0 ? 0 : Ulp * (Math.Abs(gain) + least)));
        if (error == 0 || !(Math.Abs(gain - least) <= error))
        {
            return gain > least;
        }
        return game.HasExactCosts && Exact(game, player, now.Strategy) - Exact(game, player, move.Strategy) > least;
    }

    /// <summary>The regret of a player whose game lists its strategies, or finds the best of them for certain.</summary>
    public static Regret RegretOf(IFiniteGame game, int player)
    {
        var now = new StrategyCost(game.Strategy(player), game.Cost(player));
        if (double.IsNaN(now.Cost))
        {
            throw OrleansEdgeException.WrongData($"player {player}: cost {now.Cost}; expected a number");
        }
        if (!game.HasExactCosts)
        {
            return Uncertain(game, player, now);
        }
        var best = game.BestResponse(player);
        return best.Strategy == now.Strategy ? default : Between(game, player, now, best);
    }

    /// <summary>A relative error with the room that its own rounding takes.</summary>
    internal static double Margin(double error) => error * Slack;

    /// <summary>What a known better strategy saves.</summary>
    internal static Regret Between(IFiniteGame game, int player, StrategyCost now, StrategyCost best)
    {
        var (error, bestError) = (game.CostError(player, now.Strategy), game.CostError(player, best.Strategy));
        var regret = Regret.Between(now.Cost, error, best.Cost, bestError);
        return regret.Least >= regret.Most * (1 - 1e-9) || !game.HasExactCosts ? regret
            : Regret.Of(Exact(game, player, now.Strategy) - Exact(game, player, best.Strategy));
    }

    /// <summary>Every strategy is looked at: the one with the lowest bound need not be the cheapest.</summary>
    private static Regret Uncertain(IFiniteGame game, int player, StrategyCost now)
    {
        var (error, worst) = (game.CostError(player, now.Strategy), default(Regret));
        var count = game.StrategyCount(player);
        for (var strategy = 0; strategy < count; strategy++)
        {
            if (strategy != now.Strategy && game.DeviationCost(player, strategy) is var cost && double.IsFinite(cost))
            {
                var regret = Regret.Between(now.Cost, error, cost, game.CostError(player, strategy));
                worst = new Regret(Math.Max(worst.Least, regret.Least), Math.Max(worst.Most, regret.Most));
            }
        }
        return worst;
    }

    private static Dyadic Exact(IFiniteGame game, int player, int strategy) => game.ExactCost(player, strategy);
}
