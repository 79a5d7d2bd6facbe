namespace OrleansEdge.Core.Games.Congestion;

/// <summary>Strategies as sets of resources: what is wrong with them, and how many players can meet.</summary>
internal static class StrategySets
{
    /// <summary>Checks the sets and sorts each, so that sums are formed in the same order whoever plays them.</summary>
    public static void Validate(int[][][] strategies, int resourceCount, int[] start)
    {
        Check.Data(strategies.Length > 0, "players: 0; expected at least 1");
        Check.Data(start.Length == strategies.Length,
            $"start: {start.Length} strategies for {strategies.Length} players; expected one each");
        var checkedSets = new HashSet<int[][]>(ReferenceEqualityComparer.Instance);
        for (var player = 0; player < strategies.Length; player++)
        {
            var sets = strategies[player];
            Check.Data(sets.Length > 0, $"player {player}: no strategy; expected at least 1");
            Check.Data((uint)start[player] < (uint)sets.Length,
                $"player {player}: start {start[player]}; expected 0 to {sets.Length - 1}");
            if (checkedSets.Add(sets))
            {
                ValidateSets(player, sets, resourceCount);
            }
        }
    }

    /// <summary>[resources] how many players have a strategy with it.</summary>
    public static int[] LargestLoads(int[][][] strategies, int resourceCount)
    {
        var loads = new int[resourceCount];
        var last = new int[resourceCount];
        for (var player = 0; player < strategies.Length; player++)
        {
            foreach (var set in strategies[player])
            {
                foreach (var resource in set)
                {
                    loads[resource] += last[resource] == player + 1 ? 0 : 1;
                    last[resource] = player + 1;
                }
            }
        }
        return loads;
    }

    private static void ValidateSets(int player, int[][] sets, int resourceCount)
    {
        foreach (var (strategy, set) in sets.Index())
        {
            Array.Sort(set);
            Check.Data(set.Length > 0, $"player {player}, strategy {strategy}: no resource; expected at least 1");
            Check.Data(set[0] >= 0,
                $"player {player}, strategy {strategy}: resource {set[0]}; expected 0 to {resourceCount - 1}");
            Check.Data(set[^1] < resourceCount,
                $"player {player}, strategy {strategy}: resource {set[^1]}; expected 0 to {resourceCount - 1}");
            for (var i = 1; i < set.Length; i++)
            {
                Check.Data(set[i] != set[i - 1],
                    $"player {player}, strategy {strategy}: resource {set[i]} twice; expected once");
            }
        }
    }
}
