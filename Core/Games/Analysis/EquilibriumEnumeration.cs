namespace OrleansEdge.Core.Games.Analysis;

/// <summary>All pure equilibria of a small game, exactly.</summary>
public sealed record EquilibriumEnumeration
{
    private const int ProfilesBetweenReports = 1 << 12;

    /// <summary>Profiles looked at.</summary>
    public required int ProfileCount { get; init; }

    /// <summary>All profiles were looked at; else what is said holds for those that were.</summary>
    public bool IsComplete { get; init; } = true;

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

    /// <summary>
    /// Worst equilibrium over optimum; null without an equilibrium, with an optimum of 0 or below, and where profiles
    /// were left out.
    /// </summary>
    public double? PriceOfAnarchy => IsComplete ? SocialCost.Ratio(WorstEquilibriumCost, OptimumCost) : null;

    /// <summary>Best equilibrium over optimum; null in the same cases.</summary>
    public double? PriceOfStability => IsComplete ? SocialCost.Ratio(BestEquilibriumCost, OptimumCost) : null;

    /// <summary>Looks at every profile of a game, which ends up in the profile that it was in.</summary>
    /// <param name="game">The game.</param>
    /// <param name="socialCost">The social cost of the current profile; absent: the sum of the players' costs.</param>
    /// <param name="maxProfiles">More profiles than this are refused.</param>
    /// <param name="progress">Called now and then.</param>
    /// <param name="stop">Leaves the other profiles out.</param>
    /// <exception cref="OrleansEdgeException">
    /// There are too many profiles, or the game does not list its strategies (65).
    /// </exception>
    public static EquilibriumEnumeration Of(
        IFiniteGame game, Func<double>? socialCost = null, int maxProfiles = 1 << 22,
        Action<SolverProgress>? progress = null, CancellationToken stop = default)
    {
        socialCost ??= () => SocialCost.Of(game);
        var counts = Profiles.Count(game, maxProfiles, out var profileCount);
        var (optimum, best, worst) = (new Extreme(), new Extreme(), new Extreme());
        var equilibria = 0;
        var looked = Profiles.Visit(game, counts, profile =>
        {
            if (profile % ProfilesBetweenReports == 0)
            {
                progress?.Invoke(new SolverProgress(
                    (double)profile / profileCount, FormattableString.Invariant($"profile {profile:#,0}")));
            }
            var cost = socialCost();
            optimum.Offer(game, cost, cost < optimum.Cost || optimum.IsEmpty);
            if (IsEquilibrium(game))
            {
                equilibria++;
                best.Offer(game, cost, cost < best.Cost || best.IsEmpty);
                worst.Offer(game, cost, cost > worst.Cost || worst.IsEmpty);
            }
        }, stop);
        return new EquilibriumEnumeration
        {
            ProfileCount = looked,
            IsComplete = looked == profileCount,
            EquilibriumCount = equilibria,
            OptimumCost = optimum.Cost,
            Optimum = optimum.Profile,
            BestEquilibriumCost = best.Cost,
            BestEquilibrium = best.Profile,
            WorstEquilibriumCost = worst.Cost,
            WorstEquilibrium = worst.Profile,
        };
    }

    private static bool IsEquilibrium(IFiniteGame game)
    {
        for (var player = 0; player < game.PlayerCount; player++)
        {
            if (game.RegretOf(player).Least > 0)
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
