namespace OrleansEdge.Core.Games.Analysis;

/// <summary>
/// A weighted potential needs weights w > 0 with A / w_i + B / w_j = 0 around every four-cycle of players i and j, A
/// and B being the sums of their cost changes. Each cycle with A, B != 0 fixes w_j / w_i = -B / A; the ratios are
/// carried through the graph of players that such cycles join, and then every cycle is checked.
/// </summary>
internal static class WeightedPotentialTest
{
    public static PotentialVerdict Decide(NormalFormGame game, double relativeTolerance)
    {
        var strongest = new Dictionary<(int, int), FourCycle>();
        foreach (var cycle in FourCycle.All(game))
        {
            var (a, b) = (cycle.FirstChange, cycle.SecondChange);
            var (hasA, hasB) = (
                Math.Abs(a) > relativeTolerance * cycle.FirstScale, Math.Abs(b) > relativeTolerance * cycle.SecondScale);
            if (hasA != hasB || (hasA && a * b > 0))
            {
                return Refuse(cycle, FormattableString.Invariant(
                    $"cost changes {a:G6} of player {cycle.First} and {b:G6} of player {cycle.Second} cannot cancel"));
            }
            var key = (cycle.First, cycle.Second);
            if (hasA && (!strongest.TryGetValue(key, out var known) || Math.Abs(a) > Math.Abs(known.FirstChange)))
            {
                strongest[key] = cycle;
            }
        }
        var weights = CarryRatios(game.PlayerCount, strongest);
        foreach (var cycle in FourCycle.All(game))
        {
            var (a, b) = (cycle.FirstChange / weights[cycle.First], cycle.SecondChange / weights[cycle.Second]);
            var slack = relativeTolerance
                * ((cycle.FirstScale / weights[cycle.First]) + (cycle.SecondScale / weights[cycle.Second]));
            if (Math.Abs(a + b) > slack + (1e-9 * Math.Abs(a)))
            {
                return Refuse(cycle, FormattableString.Invariant(
                    $"with the weights that other cycles force, the changes add up to {a + b:G6}; expected 0"));
            }
        }
        return new PotentialVerdict(
            PotentialKind.Weighted, ExactPotentialTest.Integrate(game, weights), weights, null, null);
    }

    /// <summary>Weights with 1 for the first player of each group of players whose ratios are known.</summary>
    private static double[] CarryRatios(int players, Dictionary<(int First, int Second), FourCycle> cycles)
    {
        var weights = new double[players];
        for (var root = 0; root < players; root++)
        {
            if (weights[root] != 0)
            {
                continue;
            }
            weights[root] = 1;
            var queue = new Queue<int>([root]);
            while (queue.TryDequeue(out var player))
            {
                foreach (var ((i, j), cycle) in cycles)
                {
                    var ratio = -cycle.SecondChange / cycle.FirstChange;
                    if (i == player && weights[j] == 0)
                    {
                        weights[j] = weights[i] * ratio;
                        queue.Enqueue(j);
                    }
                    else if (j == player && weights[i] == 0)
                    {
                        weights[i] = weights[j] / ratio;
                        queue.Enqueue(i);
                    }
                }
            }
        }
        return weights;
    }

    private static PotentialVerdict Refuse(FourCycle cycle, string reason) =>
        new(PotentialKind.Weighted, null, null, cycle.Profiles, reason);
}
