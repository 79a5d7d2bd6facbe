using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Analysis;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// What <c>--optimum</c> adds: the optimum and the price of anarchy, exactly where that is feasible, else between
/// bounds.
/// </summary>
internal static class Anarchy
{
    private const double MostProfiles = 1 << 20;

    /// <summary>Whether all profiles of the game can be looked at.</summary>
    public static bool CanEnumerate(IFiniteGame game)
    {
        var product = 1.0;
        for (var player = 0; player < game.PlayerCount && product <= MostProfiles; player++)
        {
            product *= game.StrategyCount(player);
        }
        return product <= MostProfiles;
    }

    /// <summary>All profiles of a small game.</summary>
    public static IReadOnlyList<GameFigure> Enumerated(IFiniteGame game)
    {
        var all = EquilibriumEnumeration.Of(game);
        return
        [
            new("optimumCost", "optimum", all.OptimumCost),
            new("priceOfAnarchy", "price of anarchy", all.PriceOfAnarchy),
            new("priceOfStability", "price of stability", all.PriceOfStability),
            new("equilibria", "pure equilibria", all.EquilibriumCount),
            new("profiles", "profiles", all.ProfileCount),
        ];
    }

    /// <summary>Between bounds; for a game too large to enumerate, which is left in some equilibrium.</summary>
    public static IReadOnlyList<GameFigure> Estimated(CongestionGame game, ulong seed)
    {
        var estimate = PriceOfAnarchyEstimate.Of(game, new PriceOfAnarchyOptions { Seed = seed });
        return
        [
            new("optimumAtMost", "optimum, at most", estimate.OptimumUpperBound),
            new("optimumAtLeast", "optimum, at least", estimate.OptimumLowerBound),
            new("priceOfAnarchyAtLeast", "price of anarchy, at least", estimate.PriceOfAnarchyAtLeast),
            new("worstFoundOverOptimumAtMost", "worst equilibrium found over the optimum, at most", estimate.WorstFoundAtMost),
            new("priceOfStabilityAtMost", "price of stability, at most", estimate.PriceOfStabilityAtMost),
        ];
    }

    /// <summary>This equilibrium against an optimum that is known.</summary>
    public static IReadOnlyList<GameFigure> Against(double socialCost, double optimum) =>
    [
        new("optimumCost", "optimum", optimum),
        new("priceOfAnarchy", "this equilibrium over the optimum", optimum == 0 ? 1 : socialCost / optimum),
    ];

    /// <summary>The sum of the costs of a profile.</summary>
    public static double SumOfCosts(IFiniteGame game)
    {
        var sum = 0.0;
        for (var player = 0; player < game.PlayerCount; player++)
        {
            sum += game.Cost(player);
        }
        return sum;
    }
}

/// <summary>Times a solver.</summary>
internal static class Timed
{
    public static (T Result, double Seconds) Run<T>(Invocation invocation, Func<T> solve)
    {
        var clock = invocation.Environment.Clock;
        var started = clock.GetTimestamp();
        var result = solve();
        return (result, clock.GetElapsedTime(started).TotalSeconds);
    }
}
