using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>Price of anarchy bounds of the offloading game that need no equilibrium.</summary>
public static class OffloadingBounds
{
    /// <summary>
    /// A lower bound on beneficial users in the worst equilibrium over their maximum:
    /// floor(T_min / Q_max) / (floor(T_max / Q_min) + 1) (ToN, theorem 4); 0 where some user never offloads.
    /// </summary>
    public static double BeneficialUsers(OffloadingGame game)
    {
        var powers = game.Interference.Powers;
        var thresholds = game.Interference.Thresholds;
        var (leastPower, mostPower) = (long.MaxValue, 0L);
        var (leastThreshold, mostThreshold) = (long.MaxValue, InterferenceGame.Never);
        for (var user = 0; user < powers.Length; user++)
        {
            leastPower = Math.Min(leastPower, powers[user]);
            mostPower = Math.Max(mostPower, powers[user]);
            leastThreshold = Math.Min(leastThreshold, thresholds[user]);
            mostThreshold = Math.Max(mostThreshold, thresholds[user]);
        }
        return leastThreshold < 0 ? 0 : (double)(leastThreshold / mostPower) / ((mostThreshold / leastPower) + 1);
    }

    /// <summary>
    /// An upper bound on the total overhead of the worst equilibrium over the least one: every user pays at most the
    /// smaller of its local overhead and that of an evenly shared channel, and at least the smaller of the local one
    /// and that of a free channel (ToN, theorem 5).
    /// </summary>
    public static double Overhead(OffloadingGame game)
    {
        var worst = 0.0;
        for (var user = 0; user < game.PlayerCount; user++)
        {
            var others = game.Interference.TotalPower - game.Interference.Powers[user];
            var local = game.Overhead(user, InterferenceGame.Local, 0);
            worst += Math.Min(local, game.Overhead(user, 1, others / game.Channels));
        }
        return worst / LeastOverhead(game);
    }

    /// <summary>No profile has a smaller total overhead: every user has a channel of its own, or is local.</summary>
    public static double LeastOverhead(OffloadingGame game)
    {
        var least = 0.0;
        for (var user = 0; user < game.PlayerCount; user++)
        {
            least += Math.Min(game.Overhead(user, InterferenceGame.Local, 0), game.Overhead(user, 1, 0));
        }
        return least * (1 - (game.PlayerCount * CostComparison.Ulp) - 1e-13);
    }
}
