namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// Rosenthal's congestion game (Rosenthal 1973): a strategy is a set of resources, and a player pays for each of them a
/// cost that depends on how many players are on it. Its exact potential is the sum over resources of the costs at loads
/// 1 to x.
/// </summary>
public sealed class CongestionGame : IPotentialGame, IResourceGame, IStepBoundGame
{
    private readonly LoadCost[] _costs;
    private readonly int[][][] _strategies;
    private readonly int[] _played;
    private readonly int[] _loads;
    private readonly LoadCostSurvey _survey;
    private readonly bool _isExact;

    /// <param name="costs">[resources] the cost of each.</param>
    /// <param name="strategies">[players][strategies] sets of resource numbers, neither list empty.</param>
    /// <param name="start">The strategy of each player; all 0 if absent.</param>
    /// <exception cref="OrleansEdgeException">
    /// A strategy is empty, names an unknown resource or names one twice, or a cost is not finite (65).
    /// </exception>
    public CongestionGame(LoadCost[] costs, int[][][] strategies, int[]? start = null)
    {
        _costs = costs;
        _strategies = strategies;
        _played = start is null ? new int[strategies.Length] : [.. start];
        _loads = new int[costs.Length];
        StrategySets.Validate(strategies, costs.Length, _played);
        foreach (var (player, strategy) in _played.Index())
        {
            AddLoad(_strategies[player][strategy], 1);
        }
        LongestStrategy = strategies.Max(sets => sets.Max(set => set.Length));
        _survey = LoadCostSurvey.Of(costs, StrategySets.LargestLoads(strategies, costs.Length));
        _isExact = _survey.AreSumsExact(LongestStrategy);
    }

    /// <summary>A symmetric game: all players choose among the same sets.</summary>
    public static CongestionGame Symmetric(LoadCost[] costs, int playerCount, int[][] strategies) =>
        new(costs, [.. Enumerable.Repeat(strategies, playerCount)]);

    public int PlayerCount => _played.Length;

    public int ResourceCount => _costs.Length;

    /// <summary>The most resources that a strategy has: M of the step bound.</summary>
    public int LongestStrategy { get; }

    /// <summary>[resources] players on each now.</summary>
    public ReadOnlySpan<int> Loads => _loads;

    /// <summary>[resources]</summary>
    public IReadOnlyList<LoadCost> Costs => _costs;

    /// <summary>Rosenthal's potential.</summary>
    public double Potential
    {
        get
        {
            var sum = 0.0;
            for (var resource = 0; resource < _costs.Length; resource++)
            {
                sum += _costs[resource].SumTo(_loads[resource]);
            }
            return sum;
        }
    }

    /// <summary>The same sets and the same profile with other costs.</summary>
    public CongestionGame WithCosts(LoadCost[] costs) => new(costs, _strategies, _played);

    public int StrategyCount(int player) => _strategies[player].Length;

    public int Strategy(int player) => _played[player];

    public ReadOnlySpan<int> Resources(int player, int strategy) => _strategies[player][strategy];

    public double Cost(int player) => DeviationCost(player, _played[player]);

    public double DeviationCost(int player, int strategy)
    {
        var current = _strategies[player][_played[player]];
        var cost = 0.0;
        foreach (var resource in _strategies[player][strategy])
        {
            var joins = Array.BinarySearch(current, resource) < 0;
            cost += _costs[resource].At(_loads[resource] + (joins ? 1 : 0));
        }
        return cost;
    }

    /// <inheritdoc/>
    public double CostError(int player, int strategy)
    {
        if (_isExact)
        {
            return 0;
        }
        var current = _strategies[player][_played[player]];
        var set = _strategies[player][strategy];
        var (size, isRounded) = (0.0, set.Length > 1);
        foreach (var resource in set)
        {
            var load = _loads[resource] + (Array.BinarySearch(current, resource) < 0 ? 1 : 0);
            size += Math.Abs(_costs[resource].At(load));
            isRounded |= !_costs[resource].IsExactAt(load);
        }
        return isRounded ? (set.Length * CostComparison.Ulp * size) + double.Epsilon : 0;
    }

    /// <inheritdoc/>
    public Dyadic ExactCost(int player, int strategy)
    {
        var current = _strategies[player][_played[player]];
        Dyadic cost = 0L;
        foreach (var resource in _strategies[player][strategy])
        {
            var joins = Array.BinarySearch(current, resource) < 0;
            cost += _costs[resource].ExactAt(_loads[resource] + (joins ? 1 : 0));
        }
        return cost;
    }

    public void Move(int player, int strategy)
    {
        AddLoad(_strategies[player][_played[player]], -1);
        AddLoad(_strategies[player][strategy], 1);
        _played[player] = strategy;
    }

    /// <summary>
    /// The least of: n^2 r for one resource a strategy (Ieong et al. 2005); potential over smallest gain for costs of
    /// at least 0, which the slides bound by n M c_max / epsilon.
    /// </summary>
    public StepBound? StepBound(double epsilon)
    {
        StepBound? best = null;
        if (LongestStrategy == 1
            && Array.TrueForAll(_strategies, sets => sets.DistinctBy(set => set[0]).Count() == sets.Length))
        {
            best = new StepBound((double)PlayerCount * PlayerCount * ResourceCount, "n^2 r, singleton games");
        }
        var leastGain = _survey.AreIntegers ? Math.Max(1, Math.Floor(epsilon) + 1) : epsilon;
        if (_survey.AreNonNegative && leastGain > 0 && Potential / leastGain < (best?.Steps ?? double.PositiveInfinity))
        {
            best = new StepBound(Potential / leastGain, "P(a) / least gain <= n M c_max / least gain");
        }
        return best;
    }

    private void AddLoad(int[] resources, int change)
    {
        foreach (var resource in resources)
        {
            _loads[resource] += change;
        }
    }
}
