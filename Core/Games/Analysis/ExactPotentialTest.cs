namespace OrleansEdge.Core.Games.Analysis;

/// <summary>
/// Monderer and Shapley's test (1996): a game has an exact potential if and only if the movers' cost changes add up to
/// 0 around every cycle of four moves of two players.
/// </summary>
internal static class ExactPotentialTest
{
    public static PotentialVerdict Decide(NormalFormGame game, double relativeTolerance)
    {
        foreach (var cycle in FourCycle.All(game))
        {
            var sum = cycle.FirstChange + cycle.SecondChange;
            if (Math.Abs(sum) > relativeTolerance * (cycle.FirstScale + cycle.SecondScale))
            {
                return new PotentialVerdict(PotentialKind.Exact, null, null, cycle.Profiles, FormattableString.Invariant(
                    $"the movers' cost changes add up to {sum:G6} around the cycle; expected 0"));
            }
        }
        return new PotentialVerdict(PotentialKind.Exact, Integrate(game, null), null, null, null);
    }

    /// <summary>
    /// The potential that is 0 in profile 0, by moving players one after the other to their strategies, each change
    /// divided by the mover's weight.
    /// </summary>
    public static double[] Integrate(NormalFormGame game, double[]? weights)
    {
        var potential = new double[game.ProfileCount];
        for (var profile = 1; profile < potential.Length; profile++)
        {
            var player = 0;
            while (game.StrategyIn(profile, player) == 0)
            {
                player++;
            }
            var before = game.Deviate(profile, player, 0);
            var change = game.CostIn(profile, player) - game.CostIn(before, player);
            potential[profile] = potential[before] + (change / (weights?[player] ?? 1));
        }
        return potential;
    }
}
