using OrleansEdge.Core;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Tests.Games;

/// <summary>Random games for property tests, decided by the seed.</summary>
internal static class GameGenerator
{
    /// <summary>Arbitrary costs, some falling with the load, and one to four resources a strategy.</summary>
    public static CongestionGame Congestion(ulong seed, int players, int resources)
    {
        var random = new RandomStream(seed, "test.congestion");
        var costs = new LoadCost[resources];
        for (var r = 0; r < resources; r++)
        {
            var values = new double[players];
            for (var k = 0; k < players; k++)
            {
                values[k] = (seed % 3) switch
                {
                    0 => 20 * random.NextDouble(),
                    1 => random.NextInt(20),
                    _ => (k == 0 ? 0 : values[k - 1]) + random.NextDouble(),
                };
            }
            costs[r] = LoadCost.Table(values);
        }
        var strategies = new int[players][][];
        for (var player = 0; player < players; player++)
        {
            strategies[player] = new int[2 + random.NextInt(4)][];
            for (var s = 0; s < strategies[player].Length; s++)
            {
                var all = Enumerable.Range(0, resources).ToArray();
                random.Shuffle<int>(all);
                strategies[player][s] = all[..(1 + random.NextInt(4))];
            }
        }
        return new CongestionGame(costs, strategies);
    }
}
