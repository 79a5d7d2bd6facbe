namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// A congestion game of players of different weights: a resource costs each player on it its weight times a function of
/// the total weight there. With functions that are neither affine nor exponential it need not have a pure equilibrium,
/// and dynamics can end in <see cref="StopReason.Cycle"/>; for affine ones see <see cref="AffineWeightedGame"/>.
/// </summary>
public sealed class WeightedCongestionGame : IResourceGame
{
    private readonly LoadCost[] _costs;
    private readonly WeightedLoads _loads;
    private readonly double _unit;

    /// <param name="weights">[players] integers of at least 1, in units of <paramref name="unit"/>.</param>
    /// <param name="costs">[resources] cost per unit weight at a load, in units.</param>
    /// <param name="strategies">[players][strategies] sets of resource numbers.</param>
    /// <param name="unit">What a weight of 1 is worth to the player that has it; above 0.</param>
    /// <param name="start">The strategy of each player; all 0 if absent.</param>
    /// <exception cref="OrleansEdgeException">
    /// A weight, set or cost is wrong, or weights add up to more than 2^31 - 1 (65).
    /// </exception>
    public WeightedCongestionGame(
        long[] weights, LoadCost[] costs, int[][][] strategies, double unit = 1, int[]? start = null)
    {
        (_costs, _unit) = (costs, unit);
        _loads = new WeightedLoads(weights, costs.Length, strategies, start);
        foreach (var (resource, load) in _loads.LargestLoads().Index())
        {
            Check.Data(load <= int.MaxValue - 1,
                $"resource {resource}: weights of {load} in all; expected at most {int.MaxValue - 1}");
            var cost = load == 0 ? 0 : costs[resource].At((int)load);
            Check.Data(double.IsFinite(cost), FormattableString.Invariant(
                $"resource {resource}: cost {cost} at load {load}; expected a finite number"));
        }
    }

    /// <summary>The same with functions of the load in the unit of the weights.</summary>
    public WeightedCongestionGame(
        long[] weights, Func<double, double>[] costs, int[][][] strategies, double unit = 1, int[]? start = null)
        : this(
            weights, Array.ConvertAll(costs, cost => LoadCost.From(load => cost(unit * load))), strategies, unit, start)
    {
    }

    public int PlayerCount => _loads.PlayerCount;

    public int ResourceCount => _costs.Length;

    /// <summary>[resources] total weights now, in units.</summary>
    public ReadOnlySpan<long> Loads => _loads.Loads;

    public int StrategyCount(int player) => _loads.StrategyCount(player);

    public int Strategy(int player) => _loads.Played(player);

    public ReadOnlySpan<int> Resources(int player, int strategy) => _loads.Set(player, strategy);

    public double Cost(int player) => DeviationCost(player, _loads.Played(player));

    public double DeviationCost(int player, int strategy)
    {
        var cost = 0.0;
        foreach (var resource in _loads.Set(player, strategy))
        {
            cost += _costs[resource].At((int)_loads.LoadWith(player, resource));
        }
        return _unit * _loads.Weights[player] * cost;
    }

    /// <inheritdoc/>
    public double CostError(int player, int strategy)
    {
        var (set, size) = (_loads.Set(player, strategy), 0.0);
        foreach (var resource in set)
        {
            size += Math.Abs(_costs[resource].At((int)_loads.LoadWith(player, resource)));
        }
        return _unit * _loads.Weights[player] * (set.Length + 3) * ((CostComparison.Ulp * size) + double.Epsilon);
    }

    /// <inheritdoc/>
    public Dyadic ExactCost(int player, int strategy)
    {
        Dyadic cost = 0L;
        foreach (var resource in _loads.Set(player, strategy))
        {
            cost += _costs[resource].ExactAt((int)_loads.LoadWith(player, resource));
        }
        return cost * _unit * _loads.Weights[player];
    }

    public void Move(int player, int strategy) => _loads.Move(player, strategy);
}
