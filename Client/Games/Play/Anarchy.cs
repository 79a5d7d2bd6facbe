using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Analysis;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// What <c>--optimum</c> adds: the optimum and the price of anarchy, exactly where that is feasible, else between
/// bounds. A price is null where the optimum is 0 or below.
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
    public static IReadOnlyList<GameFigure> Enumerated(Invocation invocation, IFiniteGame game)
    {
        var all = Timed.Run(invocation, "all profiles", solving => EquilibriumEnumeration.Of(
            game, progress: solving.Progress, stop: solving.Stop)).Result;
        return all.IsComplete
            ?
            [
                new("optimumCost", "optimum", all.OptimumCost),
                new("priceOfAnarchy", "price of anarchy", all.PriceOfAnarchy),
                new("priceOfStability", "price of stability", all.PriceOfStability),
                new("equilibria", "pure equilibria", all.EquilibriumCount),
                new("profiles", "profiles", all.ProfileCount),
            ]
            :
            [
                AtMost(all.OptimumCost),
                new("profiles", "profiles looked at", all.ProfileCount),
            ];
    }

    /// <summary>Between bounds; for a game too large to enumerate, which is left in some equilibrium.</summary>
    public static IReadOnlyList<GameFigure> Estimated(Invocation invocation, CongestionGame game)
    {
        var options = new PriceOfAnarchyOptions { Seed = invocation.Seed };
        var estimate = Timed.Run(invocation, "price of anarchy", solving => PriceOfAnarchyEstimate.Of(
            game, options, solving.Progress, solving.Stop)).Result;
        return
        [
            new("optimumAtMost", "optimum, at most", estimate.OptimumUpperBound),
            new("optimumAtLeast", "optimum, at least", estimate.OptimumLowerBound),
            new("priceOfAnarchyAtLeast", "price of anarchy, at least", estimate.PriceOfAnarchyAtLeast),
            new("worstFoundOverOptimumAtMost", "worst equilibrium found over the optimum, at most",
                estimate.WorstFoundAtMost),
            new("priceOfStabilityAtMost", "price of stability, at most", estimate.PriceOfStabilityAtMost),
        ];
    }

    /// <summary>This equilibrium against an optimum that is known.</summary>
    public static IReadOnlyList<GameFigure> Against(double socialCost, double optimum) =>
    [
        new("optimumCost", "optimum", optimum),
        new("priceOfAnarchy", "this equilibrium over the optimum", SocialCost.Ratio(socialCost, optimum)),
    ];

    /// <summary>A search that was not finished.</summary>
    public static GameFigure AtMost(double cost) =>
        new("optimumAtMost", "optimum, at most (search not finished)", cost);
}
