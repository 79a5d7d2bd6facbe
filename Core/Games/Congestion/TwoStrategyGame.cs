namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// A player-specific game on two resources (the slides' Theorem 5): every improvement path is finite. The reason is a
/// potential. What player i does depends on the number y of others on resource 0 alone: it strictly prefers resource 0
/// up to some a_i and resource 1 from some b_i on, a_i &lt; b_i. With the threshold T_i = (a_i + b_i) / 2 and x players
/// on resource 0, P = x (x - 1) / 2 + sum of T_i over the players on resource 1 falls by at least 1/2 with every
/// improving move.
/// </summary>
public sealed class TwoStrategyGame : IPotentialGame, IResourceGame, IStepBoundGame
{
    private readonly PlayerSpecificGame _game;
    private readonly double[] _thresholds;

    /// <param name="costs">Costs of two resources that do not fall with the load.</param>
    /// <param name="start">[players] 0 or 1; all 0 if absent.</param>
    /// <exception cref="OrleansEdgeException">
    /// There are not two resources, or a cost is not a finite number or falls with the load (65).
    /// </exception>
    public TwoStrategyGame(PlayerSpecificCosts costs, int[]? start = null)
    {
        if (costs.ResourceCount != 2)
        {
            throw OrleansEdgeException.WrongData($"{costs.ResourceCount} resources; expected 2");
        }
        _game = new PlayerSpecificGame(costs, start);
        _thresholds = new double[costs.PlayerCount];
        for (var player = 0; player < _thresholds.Length; player++)
        {
            var strictlyZero = CountWhile(player, order => order < 0);
            var notStrictlyOne = CountWhile(player, order => order <= 0);
            _thresholds[player] = 0.5 * (strictlyZero - 1 + notStrictlyOne);
        }
    }

    public int PlayerCount => _game.PlayerCount;

    public int ResourceCount => 2;

    /// <summary>[players] T_i, in players on resource 0.</summary>
    public ReadOnlySpan<double> Thresholds => _thresholds;

    /// <summary>P of the remarks above: a generalised ordinal potential in steps of 1/2.</summary>
    public double Potential
    {
        get
        {
            var sum = 0.5 * _game.Loads[0] * (_game.Loads[0] - 1.0);
            for (var player = 0; player < _thresholds.Length; player++)
            {
                sum += _game.Strategy(player) == 1 ? _thresholds[player] : 0;
            }
            return sum;
        }
    }

    public PotentialKind PotentialKind => PotentialKind.GeneralizedOrdinal;

    public int StrategyCount(int player) => 2;

    public int Strategy(int player) => _game.Strategy(player);

    public ReadOnlySpan<int> Resources(int player, int strategy) => _game.Resources(player, strategy);

    public double Cost(int player) => _game.Cost(player);

    public double DeviationCost(int player, int strategy) => _game.DeviationCost(player, strategy);

    public double CostError(int player, int strategy) => _game.CostError(player, strategy);

    public Dyadic ExactCost(int player, int strategy) => _game.ExactCost(player, strategy);

    public void Move(int player, int strategy) => _game.Move(player, strategy);

    /// <summary>Twice the distance of the potential from its minimum.</summary>
    public StepBound? StepBound(double epsilon) =>
        new StepBound(2 * (Potential - LeastPotential()), "2 (P(a) - min P), two-strategy games");

    /// <summary>
    /// Moves to an equilibrium without dynamics: resource 0 takes the players with the largest thresholds, as many as
    /// still tolerate each other. O(n log n).
    /// </summary>
    public EquilibriumCertificate Solve()
    {
        var potentialStart = Potential;
        var order = ByThreshold();
        var count = Tolerated(order);
        var moves = 0L;
        for (var i = 0; i < order.Length; i++)
        {
            var strategy = i < count ? 0 : 1;
            moves += Strategy(order[i]) == strategy ? 0 : 1;
            Move(order[i], strategy);
        }
        return Certificates.Issue(this, 0, StopReason.Equilibrium) with
        {
            PotentialStart = potentialStart,
            Steps = moves,
            Messages = moves,
        };
    }

    /// <summary>How many values of y, from 0 on, satisfy a condition that never comes back once it fails.</summary>
    private int CountWhile(int player, Func<int, bool> holds)
    {
        var (low, high) = (-1, PlayerCount);
        while (high - low > 1)
        {
            var others = low + ((high - low) / 2);
            (low, high) = holds(_game.Costs.Compare(player, 0, others + 1, 1, PlayerCount - others)) ? (others, high) : (low, others);
        }
        return low + 1;
    }

    private int[] ByThreshold() =>
        [.. Enumerable.Range(0, PlayerCount).OrderByDescending(player => _thresholds[player])];

    /// <summary>
    /// The largest count such that the last of so many players tolerates the others: count - 1 at most its threshold.
    /// </summary>
    private int Tolerated(int[] order)
    {
        var count = 0;
        while (count < order.Length && count <= _thresholds[order[count]])
        {
            count++;
        }
        return count;
    }

    private double LeastPotential()
    {
        var order = ByThreshold();
        var count = Tolerated(order);
        return (0.5 * count * (count - 1.0)) + order[count..].Sum(player => _thresholds[player]);
    }
}
