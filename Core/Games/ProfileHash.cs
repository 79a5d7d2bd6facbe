namespace OrleansEdge.Core.Games;

/// <summary>A 64-bit hash of a profile, for comparing equilibria of runs (not cryptographic).</summary>
public static class ProfileHash
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    public static ulong Of(ReadOnlySpan<int> strategies)
    {
        var hash = (ulong)strategies.Length;
        foreach (var strategy in strategies)
        {
            hash = Step(hash, (uint)strategy);
        }
        return hash;
    }

    /// <summary>The hash of the game's current profile, equal to that of the array of its strategies.</summary>
    public static ulong Of(IFiniteGame game)
    {
        var hash = (ulong)game.PlayerCount;
        for (var player = 0; player < game.PlayerCount; player++)
        {
            hash = Step(hash, (uint)game.Strategy(player));
        }
        return hash;
    }

    private static ulong Step(ulong hash, ulong value)
    {
        var z = (hash ^ value) + Golden;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
