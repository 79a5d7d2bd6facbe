namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>A strategy of infinitesimal players: how much of each resource one unit of them uses.</summary>
/// <param name="Resources">Resource numbers, each once.</param>
/// <param name="Rates">The rates of consumption eta, each at least 0.</param>
public sealed record NonatomicStrategy(int[] Resources, double[] Rates);

/// <summary>A population: a continuum of players of one type.</summary>
/// <param name="Mass">n_i, at least 0.</param>
/// <param name="Strategies">At least one.</param>
public sealed record Population(double Mass, NonatomicStrategy[] Strategies);

/// <summary>
/// A nonatomic congestion game with separable costs as the slides define it: populations split their mass over
/// strategies, a strategy uses resources at rates eta, a resource costs c_r(x_r) per unit used. Costs are those of
/// <see cref="LinkCosts"/>, a resource for a link. Road networks, whose strategies are too many to list, are
/// <see cref="TrafficAssignment"/>'s.
/// </summary>
public sealed class NonatomicGame
{
    /// <exception cref="OrleansEdgeException">
    /// A mass or a rate is below 0 or not finite, a resource is unknown, or a population has no strategy (65).
    /// </exception>
    public NonatomicGame(LinkCosts costs, Population[] populations)
    {
        (Costs, Populations) = (costs, populations);
        foreach (var (index, population) in populations.Index())
        {
            Check.Data(population.Mass >= 0 && double.IsFinite(population.Mass),
                FormattableString.Invariant(
                    $"population {index}: mass {population.Mass}; expected a number of at least 0"));
            Check.Data(population.Strategies.Length > 0, $"population {index}: no strategy; expected at least 1");
            foreach (var (number, strategy) in population.Strategies.Index())
            {
                Check.Data(strategy.Resources.Length == strategy.Rates.Length && strategy.Resources.Length > 0,
                    $"population {index}, strategy {number}: {strategy.Resources.Length} resources and " +
                    $"{strategy.Rates.Length} rates; expected one rate each and at least 1");
                Check.Data(Array.TrueForAll(strategy.Resources, r => r >= 0 && r < costs.LinkCount),
                    $"population {index}, strategy {number}: unknown resource; expected 0 to {costs.LinkCount - 1}");
                Check.Data(Array.TrueForAll(strategy.Rates, rate => rate >= 0 && double.IsFinite(rate)),
                    $"population {index}, strategy {number}: a rate is below 0 or not finite; expected at least 0");
            }
        }
    }

    public LinkCosts Costs { get; }

    public IReadOnlyList<Population> Populations { get; }

    /// <summary>[resources] the use that a distribution makes of each.</summary>
    /// <param name="distribution">[populations][strategies] masses.</param>
    public double[] Use(double[][] distribution)
    {
        var use = new double[Costs.LinkCount];
        for (var population = 0; population < Populations.Count; population++)
        {
            foreach (var (number, strategy) in Populations[population].Strategies.Index())
            {
                for (var i = 0; i < strategy.Resources.Length; i++)
                {
                    use[strategy.Resources[i]] += strategy.Rates[i] * distribution[population][number];
                }
            }
        }
        return use;
    }

    /// <summary>C(x): sum over resources of x_r c_r(x_r).</summary>
    public double SocialCost(double[][] distribution)
    {
        var use = Use(distribution);
        var sum = 0.0;
        for (var resource = 0; resource < use.Length; resource++)
        {
            sum += Costs.Total(resource, use[resource]);
        }
        return sum;
    }

    /// <summary>
    /// The largest value of sum over resources of c_r(x) (x_r - y_r) over all distributions y: at most 0, up to
    /// rounding, if and only if the distribution is an equilibrium (the slides' Theorem 8).
    /// </summary>
    public double VariationalInequality(double[][] distribution)
    {
        var use = Use(distribution);
        var sum = default(PreciseSum);
        for (var population = 0; population < Populations.Count; population++)
        {
            var strategies = Populations[population].Strategies;
            var costs = Array.ConvertAll(strategies, strategy => Cost(Costs, use, strategy));
            for (var number = 0; number < strategies.Length; number++)
            {
                sum.Add(distribution[population][number] * (costs[number] - costs.Min()));
            }
        }
        return sum.Value;
    }

    internal static double Cost(LinkCosts costs, double[] use, NonatomicStrategy strategy)
    {
        var cost = 0.0;
        for (var i = 0; i < strategy.Resources.Length; i++)
        {
            cost += strategy.Rates[i] * costs.At(strategy.Resources[i], use[strategy.Resources[i]]);
        }
        return cost;
    }
}
