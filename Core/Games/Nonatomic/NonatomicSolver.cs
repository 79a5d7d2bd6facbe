namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>What a nonatomic game arrived at.</summary>
/// <param name="Distribution">[populations][strategies] masses.</param>
/// <param name="RelativeGap">
/// Excess cost, sum of mass times (cost - least cost of its population), as a share of all cost.
/// </param>
/// <param name="VariationalInequality">
/// Theorem 8's largest value at the distribution, under the costs that were equilibrated.
/// </param>
/// <param name="SocialCost">C(x) under the costs paid.</param>
/// <param name="Iterations">Sweeps over all populations.</param>
/// <param name="StopReason">Gap reached or not.</param>
public sealed record NonatomicEquilibrium(
    double[][] Distribution,
    double RelativeGap,
    double VariationalInequality,
    double SocialCost,
    int Iterations,
    StopReason StopReason);

/// <summary>
/// Equilibrium and optimum of nonatomic games with listed strategies: mass goes from every dearer strategy of a
/// population to its cheapest until the two cost the same, found by bisection and so valid for any non-decreasing
/// costs.
/// </summary>
public static class NonatomicSolver
{
    private const int Bisections = 100;

    /// <summary>Solves a game from an even split of every population.</summary>
    /// <exception cref="OrleansEdgeException">An option is out of range (64).</exception>
    public static NonatomicEquilibrium Solve(
        NonatomicGame game, AssignmentOptions options, CancellationToken stop = default,
        Action<SolverProgress>? progress = null)
    {
        options.Validate();
        var costs = options.Objective == AssignmentObjective.SystemOptimum ? game.Costs.Marginal() : game.Costs;
        var perceived = new NonatomicGame(costs, [.. game.Populations]);
        var distribution = game.Populations.Select(population =>
            Enumerable.Repeat(population.Mass / population.Strategies.Length, population.Strategies.Length).ToArray()).ToArray();
        var reason = StopReason.StepLimit;
        var sweeps = 0;
        var (gap, excess) = Gap(perceived, distribution);
        while (sweeps < options.MaxIterations)
        {
            if (gap <= options.RelativeGap)
            {
                reason = StopReason.GapReached;
                break;
            }
            if (stop.IsCancellationRequested)
            {
                reason = StopReason.Stopped;
                break;
            }
            progress?.Invoke(new SolverProgress(
                double.NaN, FormattableString.Invariant($"gap {gap:g3}, sweep {sweeps}")));
            sweeps++;
            Sweep(perceived, distribution);
            (gap, excess) = Gap(perceived, distribution);
        }
        return new NonatomicEquilibrium(distribution, gap, excess, game.SocialCost(distribution), sweeps, reason);
    }

    private static (double Relative, double Excess) Gap(NonatomicGame game, double[][] distribution)
    {
        var excess = game.VariationalInequality(distribution);
        var total = game.SocialCost(distribution);
        return (total == 0 ? 0 : excess / total, excess);
    }

    private static void Sweep(NonatomicGame game, double[][] distribution)
    {
        var use = game.Use(distribution);
        for (var population = 0; population < game.Populations.Count; population++)
        {
            var strategies = game.Populations[population].Strategies;
            var masses = distribution[population];
            for (var number = 0; number < strategies.Length; number++)
            {
                var best = Cheapest(game.Costs, use, strategies);
                if (number != best && masses[number] > 0)
                {
                    var shift = Shift(game.Costs, use, strategies[number], strategies[best], masses[number]);
                    masses[number] -= shift;
                    masses[best] += shift;
                }
            }
        }
    }

    private static int Cheapest(LinkCosts costs, double[] use, NonatomicStrategy[] strategies)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var number = 0; number < strategies.Length; number++)
        {
            var cost = NonatomicGame.Cost(costs, use, strategies[number]);
            (best, least) = cost < least ? (number, cost) : (best, least);
        }
        return best;
    }

    /// <summary>Moves as much mass as makes the two cost the same, or all; the use is left as after the move.</summary>
    private static double Shift(
        LinkCosts costs, double[] use, NonatomicStrategy from, NonatomicStrategy to, double mass)
    {
        var (low, high, at) = (0.0, mass, 0.0);
        Move(mass);
        if (Difference() >= 0)
        {
            return mass;
        }
        for (var i = 0; i < Bisections; i++)
        {
            var middle = low + (0.5 * (high - low));
            if (middle <= low || middle >= high)
            {
                break;
            }
            Move(middle);
            (low, high) = Difference() > 0 ? (middle, high) : (low, middle);
        }
        Move(low);
        return low;

        void Move(double shift)
        {
            Add(from, at - shift);
            Add(to, shift - at);
            at = shift;
        }

        void Add(NonatomicStrategy strategy, double change)
        {
            for (var i = 0; i < strategy.Resources.Length; i++)
            {
                var resource = strategy.Resources[i];
                use[resource] = Math.Max(0, use[resource] + (strategy.Rates[i] * change));
            }
        }

        double Difference() => NonatomicGame.Cost(costs, use, from) - NonatomicGame.Cost(costs, use, to);
    }
}
