namespace OrleansEdge.Core.Games.Analysis;

/// <summary>All pure equilibria of a small game, exactly.</summary>
public sealed record EquilibriumEnumeration
{
    /// <summary>Profiles looked at: all.</summary>
    public required int ProfileCount { get; init; }

    public required int EquilibriumCount { get; init; }

    /// <summary>The smallest social cost of all profiles.</summary>
    public required double OptimumCost { get; init; }

    /// <summary>[players] strategies of a profile that has it.</summary>
    public required int[] Optimum { get; init; }

    /// <summary>The smallest social cost of an equilibrium; not a number if there is none.</summary>
    public required double BestEquilibriumCost { get; init; }

    /// <summary>[players] strategies of an equilibrium that has it; empty if there is none.</summary>
    public required int[] BestEquilibrium { get; init; }

    /// <summary>The largest social cost of an equilibrium; not a number if there is none.</summary>
    public required double WorstEquilibriumCost { get; init; }

    /// <summary>[players] strategies of an equilibrium that has it; empty if there is none.</summary>
    public required int[] WorstEquilibrium { get; init; }

    /// <summary>Worst equilibrium over optimum; not a number without an equilibrium.</summary>
    public double PriceOfAnarchy => WorstEquilibriumCost / OptimumCost;

    /// <summary>Best equilibrium over optimum; not a number without an equilibrium.</summary>
    public double PriceOfStability => BestEquilibriumCost / OptimumCost;

    /// <summary>Looks at every profile of a game, which ends up in the profile that it was in.</summary>
    /// <param name="game">The game.</param>
    /// <param name="socialCost">The social cost of the current profile; absent: the sum of the players' costs.</param>
    /// <param name="maxProfiles">More profiles than this are refused.</param>
    /// <exception cref="OrleansEdgeException">
    /// There are too many profiles, or the game does not list its strategies (65).
    /// </exception>
    public static EquilibriumEnumeration Of(
        IFiniteGame game, Func<double>? socialCost = null, int maxProfiles = 1 << 22)
    {
        socialCost ??= () => SumOfCosts(game);
        var counts = Profiles.Count(game, maxProfiles, out var profileCount);
        var (optimum, best, worst) = (new Extreme(), new Extreme(), new Extreme());
        var equilibria = 0;
        Profiles.Visit(game, counts, _ =>
        {
            var cost = socialCost();
            optimum.Offer(game, cost, cost < optimum.Cost || optimum.IsEmpty);
            if (IsEquilibrium(game))
            {
                equilibria++;
                best.Offer(game, cost, cost < best.Cost || best.IsEmpty);
                worst.Offer(game, cost, cost > worst.Cost || worst.IsEmpty);
            }
        });
        return new EquilibriumEnumeration
        {
            ProfileCount = profileCount,
            EquilibriumCount = equilibria,
            OptimumCost = optimum.Cost,
            Optimum = optimum.Profile,
            BestEquilibriumCost = best.Cost,
            BestEquilibrium = best.Profile,
            WorstEquilibriumCost = worst.Cost,
            WorstEquilibrium = worst.Profile,
        };
    }

    internal static double SumOfCosts(IFiniteGame game)
    {
        var sum = 0.0;
        for (var player = 0; player < game.PlayerCount; player++)
        {
            sum += game.Cost(player);
        }
        return sum;
    }

    private static bool IsEquilibrium(IFiniteGame game)
    {
        for (var player = 0; player < game.PlayerCount; player++)
        {
            if (game.Cost(player) - game.BestResponse(player).Cost > game.CostResolution)
            {
                return false;
            }
        }
        return true;
    }

    private sealed class Extreme
    {
        public bool IsEmpty { get; private set; } = true;

        public double Cost { get; private set; } = double.NaN;

        public int[] Profile { get; private set; } = [];

        public void Offer(IFiniteGame game, double cost, bool isBetter)
        {
            if (isBetter)
            {
                (IsEmpty, Cost) = (false, cost);
                Profile = [.. Enumerable.Range(0, game.PlayerCount).Select(game.Strategy)];
            }
        }
    }
}
