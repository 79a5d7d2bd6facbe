namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// A congestion game of players of different weights: a resource costs each player on it its weight times a function of
/// the total weight there. With functions that are neither affine nor exponential it need not have a pure equilibrium,
/// and dynamics can end in <see cref="StopReason.Cycle"/>; for affine ones see <see cref="AffineWeightedGame"/>.
/// </summary>
public sealed class WeightedCongestionGame : IResourceGame
{
    private const double MachineEpsilon = 1.0 / (1L << 52);
    private readonly Func<double, double>[] _costs;
    private readonly WeightedLoads _loads;
    private readonly double _unit;

    /// <param name="weights">[players] integers of at least 1, in units of <paramref name="unit"/>.</param>
    /// <param name="costs">[resources] cost per unit weight at a load.</param>
    /// <param name="strategies">[players][strategies] sets of resource numbers.</param>
    /// <param name="unit">What a weight of 1 is worth in the loads that the costs see; above 0.</param>
    /// <param name="start">The strategy of each player; all 0 if absent.</param>
    /// <exception cref="OrleansEdgeException">A weight, set or cost is wrong (65).</exception>
    public WeightedCongestionGame(
        long[] weights, Func<double, double>[] costs, int[][][] strategies, double unit = 1, int[]? start = null)
    {
        (_costs, _unit) = (costs, unit);
        _loads = new WeightedLoads(weights, costs.Length, strategies, start);
        foreach (var (resource, load) in _loads.LargestLoads().Index())
        {
            var cost = load == 0 ? 0 : costs[resource](unit * load);
            if (!double.IsFinite(cost))
            {
                throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                    $"resource {resource}: cost {cost} at load {unit * load}; expected a finite number"));
            }
            CostResolution = Math.Max(CostResolution, Math.Abs(cost));
        }
        var longest = strategies.Max(sets => sets.Max(set => set.Length));
        CostResolution *= longest == 1 ? 0 : longest * longest * unit * weights.Max() * MachineEpsilon;
    }

    public int PlayerCount => _loads.PlayerCount;

    public int ResourceCount => _costs.Length;

    /// <inheritdoc/>
    public double CostResolution { get; }

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
            cost += _costs[resource](_unit * _loads.LoadWith(player, resource));
        }
        return _unit * _loads.Weights[player] * cost;
    }

    public void Move(int player, int strategy) => _loads.Move(player, strategy);
}
