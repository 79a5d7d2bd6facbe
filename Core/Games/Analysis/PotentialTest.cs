namespace OrleansEdge.Core.Games.Analysis;

/// <summary>Whether a game has a potential of one kind, with the proof either way.</summary>
/// <param name="Kind">What was asked.</param>
/// <param name="Potential">[profiles] a potential of that kind; null if there is none.</param>
/// <param name="Weights">
/// [players] cost change = weight times potential change; null unless the kind is weighted and holds.
/// </param>
/// <param name="Cycle">
/// Profiles around a cycle of single moves, the first not repeated, that no potential of that kind can go around; null
/// if there is a potential.
/// </param>
/// <param name="Reason">What is wrong with the cycle; null if there is a potential.</param>
public sealed record PotentialVerdict(
    PotentialKind Kind, double[]? Potential, double[]? Weights, int[]? Cycle, string? Reason)
{
    public bool Holds => Potential is not null;
}

/// <summary>
/// Decides whether a finite game is an exact, weighted, ordinal or generalised ordinal potential game.
/// </summary>
public static class PotentialTest
{
    /// <summary>Decides one kind.</summary>
    /// <param name="game">The game's tables.</param>
    /// <param name="kind">The kind of potential asked for.</param>
    /// <param name="relativeTolerance">
    /// Differences of costs up to this share of the costs that are compared count as none.
    /// </param>
    public static PotentialVerdict Decide(NormalFormGame game, PotentialKind kind, double relativeTolerance = 1e-10)
    {
        return kind switch
        {
            PotentialKind.Exact => ExactPotentialTest.Decide(game, relativeTolerance),
            PotentialKind.Weighted => WeightedPotentialTest.Decide(game, relativeTolerance),
            PotentialKind.Ordinal => OrdinalPotentialTest.Decide(game, relativeTolerance, isGeneralized: false),
            _ => OrdinalPotentialTest.Decide(game, relativeTolerance, isGeneralized: true),
        };
    }

    /// <summary>The strongest kind that holds, or the verdict against a generalised ordinal potential.</summary>
    public static PotentialVerdict Classify(NormalFormGame game, double relativeTolerance = 1e-10)
    {
        foreach (var kind in Enum.GetValues<PotentialKind>())
        {
            var verdict = Decide(game, kind, relativeTolerance);
            if (verdict.Holds || kind == PotentialKind.GeneralizedOrdinal)
            {
                return verdict;
            }
        }
        throw new InvalidOperationException("no kind of potential was tried");
    }
}

/// <summary>A cycle of four moves of two players: i from 0 to x, j from 0 to y, i back, j back.</summary>
/// <param name="First">Player i.</param>
/// <param name="Second">Player j.</param>
/// <param name="Profiles">The four profiles in order.</param>
/// <param name="FirstChange">Sum of i's cost changes in its two moves.</param>
/// <param name="SecondChange">Sum of j's cost changes in its two moves.</param>
/// <param name="FirstScale">Sum of the larger costs of i's two moves.</param>
/// <param name="SecondScale">Sum of the larger costs of j's two moves.</param>
internal readonly record struct FourCycle(
    int First, int Second, int[] Profiles, double FirstChange, double SecondChange, double FirstScale,
    double SecondScale)
{
    /// <summary>
    /// All such cycles from strategies 0. Sums around any four-cycle are sums of these, so that they decide for all
    /// (Monderer and Shapley 1996, theorem 2.8).
    /// </summary>
    public static IEnumerable<FourCycle> All(NormalFormGame game)
    {
        for (var i = 0; i < game.PlayerCount; i++)
        {
            for (var j = i + 1; j < game.PlayerCount; j++)
            {
                for (var profile = 0; profile < game.ProfileCount; profile++)
                {
                    if (game.StrategyIn(profile, i) != 0 && game.StrategyIn(profile, j) != 0)
                    {
                        yield return Through(game, i, j, profile);
                    }
                }
            }
        }
    }

    private static FourCycle Through(NormalFormGame game, int i, int j, int far)
    {
        var right = game.Deviate(far, j, 0);
        var up = game.Deviate(far, i, 0);
        var corner = game.Deviate(right, i, 0);
        var first = game.CostIn(right, i) - game.CostIn(corner, i) + game.CostIn(up, i) - game.CostIn(far, i);
        var second = game.CostIn(far, j) - game.CostIn(right, j) + game.CostIn(corner, j) - game.CostIn(up, j);
        return new FourCycle(
            i, j, [corner, right, far, up], first, second,
            game.Scale(i, right, corner) + game.Scale(i, up, far),
            game.Scale(j, far, right) + game.Scale(j, corner, up));
    }
}
