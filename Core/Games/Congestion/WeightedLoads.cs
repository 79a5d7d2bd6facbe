namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// The loads of weighted players on sets of resources. Weights are integers in a unit of choice, so that a load is
/// exact and does not depend on the order of the moves that led to it.
/// </summary>
internal sealed class WeightedLoads
{
    private readonly int[][][] _strategies;
    private readonly int[] _played;

    public WeightedLoads(long[] weights, int resourceCount, int[][][] strategies, int[]? start)
    {
        if (weights.Length != strategies.Length)
        {
            throw OrleansEdgeException.WrongData(
                $"{weights.Length} weights for {strategies.Length} players; expected one each");
        }
        var wrong = Array.FindIndex(weights, weight => weight <= 0);
        if (wrong >= 0)
        {
            throw OrleansEdgeException.WrongData($"player {wrong}: weight {weights[wrong]}; expected at least 1");
        }
        (Weights, _strategies) = (weights, strategies);
        _played = start is null ? new int[strategies.Length] : [.. start];
        StrategySets.Validate(strategies, resourceCount, _played);
        Loads = new long[resourceCount];
        for (var player = 0; player < _played.Length; player++)
        {
            Add(Set(player, _played[player]), weights[player]);
        }
    }

    public long[] Weights { get; }

    public long[] Loads { get; }

    public int PlayerCount => _played.Length;

    public int StrategyCount(int player) => _strategies[player].Length;

    public int Played(int player) => _played[player];

    public int[] Set(int player, int strategy) => _strategies[player][strategy];

    /// <summary>The load of a resource if the player were on it.</summary>
    public long LoadWith(int player, int resource) =>
        Loads[resource] + (Array.BinarySearch(Set(player, _played[player]), resource) < 0 ? Weights[player] : 0);

    public void Move(int player, int strategy)
    {
        Add(Set(player, _played[player]), -Weights[player]);
        Add(Set(player, strategy), Weights[player]);
        _played[player] = strategy;
    }

    /// <summary>[resources] the load if everyone who can were on it.</summary>
    public long[] LargestLoads()
    {
        var loads = new long[Loads.Length];
        for (var player = 0; player < PlayerCount; player++)
        {
            foreach (var resource in _strategies[player].SelectMany(set => set).Distinct())
            {
                loads[resource] += Weights[player];
            }
        }
        return loads;
    }

    private void Add(int[] resources, long change)
    {
        foreach (var resource in resources)
        {
            Loads[resource] += change;
        }
    }
}
