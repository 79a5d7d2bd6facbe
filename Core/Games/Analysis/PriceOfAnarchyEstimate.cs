using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Core.Games.Analysis;

/// <summary>How an estimate of the price of anarchy searches.</summary>
public sealed record PriceOfAnarchyOptions
{
    /// <summary>Random profiles that best response and local search start from; at least 1.</summary>
    public int Starts { get; init; } = 20;

    /// <summary>Steps that improve the lower bound on the optimum; at least 1.</summary>
    public int BoundIterations { get; init; } = 500;

    public ulong Seed { get; init; } = 1;

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        if (Starts < 1)
        {
            throw OrleansEdgeException.Usage($"{nameof(Starts)}: {Starts}; expected at least 1");
        }
        if (BoundIterations < 1)
        {
            throw OrleansEdgeException.Usage($"{nameof(BoundIterations)}: {BoundIterations}; expected at least 1");
        }
    }
}

/// <summary>
/// Prices of anarchy and stability of a congestion game too large to enumerate, between bounds: equilibria are sampled,
/// the optimum is searched from above by local search and bounded from below by the convex relaxation.
/// </summary>
public sealed record PriceOfAnarchyEstimate
{
    /// <summary>The largest social cost among the equilibria found; not a number if there is none.</summary>
    public required double WorstEquilibriumCost { get; init; }

    /// <summary>The smallest social cost among the equilibria found.</summary>
    public required double BestEquilibriumCost { get; init; }

    /// <summary>The smallest social cost found: the optimum costs at most this.</summary>
    public required double OptimumUpperBound { get; init; }

    /// <summary>The optimum costs at least this; null where the costs do not allow the relaxation.</summary>
    public required double? OptimumLowerBound { get; init; }

    /// <summary>All equilibria that were found are certified.</summary>
    public required bool AreEquilibriaCertified { get; init; }

    /// <summary>The price of anarchy is at least this; null where such a ratio says nothing.</summary>
    public double? PriceOfAnarchyAtLeast => SocialCost.Ratio(WorstEquilibriumCost, OptimumUpperBound);

    /// <summary>The worst equilibrium found costs at most this many times the optimum.</summary>
    public double? WorstFoundAtMost =>
        SocialCost.Ratio(WorstEquilibriumCost, OptimumLowerBound ?? double.NaN);

    /// <summary>The price of stability is at most this.</summary>
    public double? PriceOfStabilityAtMost =>
        SocialCost.Ratio(BestEquilibriumCost, OptimumLowerBound ?? double.NaN);

    /// <summary>Searches a congestion game, which is left in some equilibrium.</summary>
    /// <param name="progress">Called after every start.</param>
    /// <param name="stop">Leaves out what has not been searched yet.</param>
    /// <exception cref="OrleansEdgeException">An option is out of range (64).</exception>
    public static PriceOfAnarchyEstimate Of(
        CongestionGame game, PriceOfAnarchyOptions options, Action<SolverProgress>? progress = null,
        CancellationToken stop = default)
    {
        options.Validate();
        var social = game.WithCosts([.. game.Costs.Select(MarginalCostGames.Marginal)]);
        var (worst, best, optimum) = (double.NaN, double.NaN, double.PositiveInfinity);
        var areCertified = true;
        for (var start = 0; start < options.Starts && !stop.IsCancellationRequested; start++)
        {
            progress?.Invoke(new SolverProgress((double)start / options.Starts, $"start {start + 1}"));
            var random = new RandomStream(options.Seed, "price-of-anarchy.start", (ulong)start);
            Randomize(game, ref random);
            Copy(game, social);
            var result = ResponseDynamics.Run(
                game, new DynamicsOptions { Schedule = MoveSchedule.Random, Seed = options.Seed + (ulong)start },
                stop: stop);
            if (result.Certificate.StopReason == StopReason.Stopped)
            {
                break;
            }
            areCertified &= result.Certificate.IsEquilibrium;
            var cost = SocialCost.Of(game);
            (worst, best) = start == 0 ? (cost, cost) : (Math.Max(worst, cost), Math.Min(best, cost));
            optimum = Math.Min(optimum, LocalOptimum(social, stop));
            Copy(game, social);
            optimum = Math.Min(optimum, LocalOptimum(social, stop));
        }
        return new PriceOfAnarchyEstimate
        {
            WorstEquilibriumCost = worst,
            BestEquilibriumCost = best,
            OptimumUpperBound = optimum,
            OptimumLowerBound = OptimumRelaxation.LowerBound(game, options.BoundIterations, stop),
            AreEquilibriaCertified = areCertified,
        };
    }

    private static double LocalOptimum(CongestionGame social, CancellationToken stop)
    {
        ResponseDynamics.Run(social, new DynamicsOptions(), stop: stop, giveUp: stop);
        return social.Potential;
    }

    private static void Randomize(CongestionGame game, ref RandomStream random)
    {
        for (var player = 0; player < game.PlayerCount; player++)
        {
            game.Move(player, random.NextInt(game.StrategyCount(player)));
        }
    }

    private static void Copy(CongestionGame from, CongestionGame to)
    {
        for (var player = 0; player < from.PlayerCount; player++)
        {
            to.Move(player, from.Strategy(player));
        }
    }
}
