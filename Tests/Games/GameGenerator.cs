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

    /// <summary>
    /// Singleton game with restricted sets; costs non-decreasing unless <paramref name="arbitrary"/>.
    /// </summary>
    public static SingletonGame Singleton(
        ulong seed, int players, int resources, int allowedCount, bool arbitrary = false)
    {
        var random = new RandomStream(seed, "test.singleton");
        var costs = new LoadCost[resources];
        for (var r = 0; r < resources; r++)
        {
            costs[r] = arbitrary
                ? LoadCost.Table([.. Enumerable.Range(0, players).Select(_ => (double)random.NextInt(10))])
                : LoadCost.Affine(0.5 + random.NextDouble(), 10 * random.NextDouble());
        }
        var offsets = Enumerable.Range(0, players + 1).Select(i => i * allowedCount).ToArray();
        var allowed = new int[players * allowedCount];
        for (var player = 0; player < players; player++)
        {
            var all = Enumerable.Range(0, resources).ToArray();
            random.Shuffle<int>(all);
            all.AsSpan(0, allowedCount).CopyTo(allowed.AsSpan(player * allowedCount));
        }
        return new SingletonGame(costs, offsets, allowed);
    }

    /// <summary>Player-specific affine costs.</summary>
    public static AffinePlayerSpecificCosts PlayerSpecific(ulong seed, int players, int resources)
    {
        var random = new RandomStream(seed, "test.player-specific");
        var slopes = new float[players * resources];
        var offsets = new float[players * resources];
        for (var i = 0; i < slopes.Length; i++)
        {
            slopes[i] = (float)(0.5 + random.NextDouble());
            offsets[i] = (float)(0.2 * players * random.NextDouble());
        }
        return new AffinePlayerSpecificCosts(slopes, offsets, resources);
    }

    /// <summary>Player-specific integer costs that grow by random steps, with many ties.</summary>
    public static PlayerSpecificCosts PlayerSpecificTable(ulong seed, int players, int resources)
    {
        var random = new RandomStream(seed, "test.player-specific.table");
        var table = new double[players, resources, players + 1];
        for (var i = 0; i < players; i++)
        {
            for (var r = 0; r < resources; r++)
            {
                table[i, r, 0] = random.NextInt(4);
                for (var k = 1; k <= players; k++)
                {
                    table[i, r, k] = table[i, r, k - 1] + random.NextInt(3);
                }
            }
        }
        return PlayerSpecificCosts.From(players, resources, (i, r, k) => table[i, r, k]);
    }

    /// <summary>Weighted players with one to three resources a strategy.</summary>
    public static AffineWeightedGame Weighted(ulong seed, int players, int resources)
    {
        var random = new RandomStream(seed, "test.weighted");
        var weights = new long[players];
        var strategies = new int[players][][];
        var fixedCosts = new double[players][];
        for (var i = 0; i < players; i++)
        {
            weights[i] = 1 + random.NextInt(9);
            strategies[i] = new int[3][];
            fixedCosts[i] = new double[3];
            for (var s = 0; s < 3; s++)
            {
                var all = Enumerable.Range(0, resources).ToArray();
                random.Shuffle<int>(all);
                strategies[i][s] = all[..(1 + random.NextInt(3))];
                fixedCosts[i][s] = 5 * random.NextDouble();
            }
        }
        var slopes = Enumerable.Range(0, resources).Select(_ => random.NextDouble()).ToArray();
        var constants = Enumerable.Range(0, resources).Select(_ => 3 * random.NextDouble()).ToArray();
        return new AffineWeightedGame(weights, slopes, constants, strategies, fixedCosts, unit: 0.25);
    }
}
