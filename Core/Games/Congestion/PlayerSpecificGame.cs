namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// A singleton congestion game in which players value the same load differently (Milchtaich 1996, the slides' Theorem
/// 6): with costs that do not fall with the load a pure equilibrium always exists, though best replies can go round in
/// a cycle and no potential need exist. Every resource is allowed to every player; strategies are resource numbers.
/// </summary>
public sealed class PlayerSpecificGame : IResourceGame
{
    private readonly int[] _played;
    private readonly int[] _loads;
    private readonly int[] _resources;

    /// <param name="costs">The players' costs.</param>
    /// <param name="start">[players] the resource of each; all 0 if absent.</param>
    /// <exception cref="OrleansEdgeException">A cost is not a finite number or falls with the load (65).</exception>
    public PlayerSpecificGame(PlayerSpecificCosts costs, int[]? start = null)
    {
        costs.Validate();
        Costs = costs;
        _played = start is null ? new int[costs.PlayerCount] : [.. start];
        _loads = new int[costs.ResourceCount];
        _resources = [.. Enumerable.Range(0, costs.ResourceCount)];
        foreach (var resource in _played)
        {
            _loads[resource]++;
        }
    }

    public PlayerSpecificCosts Costs { get; }

    public int PlayerCount => _played.Length;

    public int ResourceCount => _loads.Length;

    /// <summary>[resources] players on each now.</summary>
    public ReadOnlySpan<int> Loads => _loads;

    /// <summary>[players] the resource that each is on.</summary>
    public ReadOnlySpan<int> Assignment => _played;

    public int StrategyCount(int player) => _loads.Length;

    public int Strategy(int player) => _played[player];

    public ReadOnlySpan<int> Resources(int player, int strategy) => _resources.AsSpan(strategy, 1);

    public double Cost(int player) => Costs.At(player, _played[player], _loads[_played[player]]);

    public double DeviationCost(int player, int strategy) =>
        Costs.At(player, strategy, LoadWith(player, strategy));

    public double CostError(int player, int strategy) => Costs.IsExactAt(player, strategy, LoadWith(player, strategy)) ? 0
        : (CostComparison.Ulp * Math.Abs(DeviationCost(player, strategy))) + double.Epsilon;

    public Dyadic ExactCost(int player, int strategy) => Costs.ExactAt(player, strategy, LoadWith(player, strategy));

    public void Move(int player, int strategy)
    {
        _loads[_played[player]]--;
        _loads[strategy]++;
        _played[player] = strategy;
    }

    private int LoadWith(int player, int resource) => _loads[resource] + (resource == _played[player] ? 0 : 1);
}
