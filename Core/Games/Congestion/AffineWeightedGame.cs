namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// A weighted congestion game with affine costs and a fixed cost per player and strategy: player k with weight w_k pays
/// w_k sum (s_r L_r + b_r) + d_k over the resources of its strategy, L_r their total weights (games.md 3.1, with one
/// resource a strategy the game of service placement). It has an exact potential: P = sum over r of s_r (L_r^2 + sum of
/// w_k^2 on r) / 2 + b_r L_r, plus the fixed costs in force.
/// </summary>
public sealed class AffineWeightedGame : IPotentialGame, IResourceGame, IStepBoundGame
{
    private readonly WeightedLoads _loads;
    private readonly Int128[] _squares;
    private readonly double[] _slopes;
    private readonly double[] _constants;
    private readonly double[][]? _fixedCosts;
    private readonly double _unit;

    /// <param name="weights">[players] integers of at least 1, in units of <paramref name="unit"/>.</param>
    /// <param name="slopes">[resources] s_r, each at least 0.</param>
    /// <param name="constants">[resources] b_r, each at least 0.</param>
    /// <param name="strategies">[players][strategies] sets of resource numbers.</param>
    /// <param name="fixedCosts">[players][strategies] d_k, each at least 0; absent: none.</param>
    /// <param name="unit">What a weight of 1 is worth; above 0.</param>
    /// <param name="start">The strategy of each player; all 0 if absent.</param>
    /// <exception cref="OrleansEdgeException">A weight, a set or a coefficient is wrong (65).</exception>
    public AffineWeightedGame(
        long[] weights,
        double[] slopes,
        double[] constants,
        int[][][] strategies,
        double[][]? fixedCosts = null,
        double unit = 1,
        int[]? start = null)
    {
        (_slopes, _constants, _fixedCosts, _unit) = (slopes, constants, fixedCosts, unit);
        _loads = new WeightedLoads(weights, slopes.Length, strategies, start);
        _squares = new Int128[slopes.Length];
        RequireCoefficients("slope", slopes);
        RequireCoefficients("constant", constants);
        foreach (var costs in fixedCosts ?? [])
        {
            RequireCoefficients("fixed cost", costs);
        }
        for (var player = 0; player < PlayerCount; player++)
        {
            AddSquares(player, Strategy(player), 1);
        }
        RequireFiniteCosts(strategies);
    }

    public int PlayerCount => _loads.PlayerCount;

    public int ResourceCount => _slopes.Length;

    /// <summary>[resources] total weights now, in units.</summary>
    public ReadOnlySpan<long> Loads => _loads.Loads;

    public double Potential
    {
        get
        {
            var sum = 0.0;
            for (var resource = 0; resource < _slopes.Length; resource++)
            {
                var load = _unit * Loads[resource];
                var squares = _unit * _unit * (double)_squares[resource];
                sum += (0.5 * _slopes[resource] * ((load * load) + squares)) + (_constants[resource] * load);
            }
            for (var player = 0; player < PlayerCount; player++)
            {
                sum += FixedCost(player, Strategy(player));
            }
            return sum;
        }
    }

    public int StrategyCount(int player) => _loads.StrategyCount(player);

    public int Strategy(int player) => _loads.Played(player);

    public ReadOnlySpan<int> Resources(int player, int strategy) => _loads.Set(player, strategy);

    public double Cost(int player) => DeviationCost(player, Strategy(player));

    public double DeviationCost(int player, int strategy)
    {
        var cost = 0.0;
        foreach (var resource in _loads.Set(player, strategy))
        {
            cost += (_slopes[resource] * _unit * _loads.LoadWith(player, resource)) + _constants[resource];
        }
        return (_unit * _loads.Weights[player] * cost) + FixedCost(player, strategy);
    }

    /// <summary>No term is below 0, so that the error is a share of the cost, but for underflow.</summary>
    public double CostError(int player, int strategy)
    {
        var terms = _loads.Set(player, strategy).Length + 8;
        var share = DeviationCost(player, strategy) * CostComparison.Ulp;
        return terms * (share + (double.Epsilon * Math.Max(1, _unit * _loads.Weights[player])));
    }

    /// <inheritdoc/>
    public Dyadic ExactCost(int player, int strategy)
    {
        Dyadic cost = 0L;
        foreach (var resource in _loads.Set(player, strategy))
        {
            cost += ((Dyadic)_slopes[resource] * _unit * _loads.LoadWith(player, resource)) + _constants[resource];
        }
        return (cost * _unit * _loads.Weights[player]) + FixedCost(player, strategy);
    }

    public void Move(int player, int strategy)
    {
        AddSquares(player, Strategy(player), -1);
        AddSquares(player, strategy, 1);
        _loads.Move(player, strategy);
    }

    /// <summary>The potential, which is at least 0, over the least gain of a move.</summary>
    public StepBound? StepBound(double epsilon) =>
        epsilon > 0 ? new StepBound(Potential / epsilon, "P(a) / least gain") : null;

    private double FixedCost(int player, int strategy) => _fixedCosts is null ? 0 : _fixedCosts[player][strategy];

    private void AddSquares(int player, int strategy, int sign)
    {
        var square = (Int128)_loads.Weights[player] * _loads.Weights[player] * sign;
        foreach (var resource in _loads.Set(player, strategy))
        {
            _squares[resource] += square;
        }
    }

    private void RequireFiniteCosts(int[][][] strategies)
    {
        var largest = 0.0;
        foreach (var (resource, load) in _loads.LargestLoads().Index())
        {
            largest = Math.Max(largest, (_slopes[resource] * _unit * load) + _constants[resource]);
        }
        var longest = strategies.Max(sets => sets.Max(set => set.Length));
        var most = _unit * _loads.Weights.Max() * longest * largest;
        Check.Data(double.IsFinite(most), "costs are too large for a double; expected smaller weights, slopes or constants");
    }

    private static void RequireCoefficients(string name, double[] values)
    {
        var wrong = Array.FindIndex(values, value => !(value >= 0) || !double.IsFinite(value));
        if (wrong >= 0)
        {
            throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                $"{name} {wrong}: {values[wrong]}; expected a finite number of at least 0"));
        }
    }
}
