using OrleansEdge.Core;
using OrleansEdge.Core.Games;

namespace OrleansEdge.Client.Games.Play;

/// <summary>What a finite game is compared with: social costs of profiles that nobody has thought much about.</summary>
internal static class FiniteBaselines
{
    /// <summary>
    /// One pass over the players from their first strategies, each taking what is cheapest then.
    /// </summary>
    public static double Greedy(IFiniteGame game, CancellationToken stop)
    {
        for (var player = 0; player < game.PlayerCount && !stop.IsCancellationRequested; player++)
        {
            game.Move(player, 0);
        }
        for (var player = 0; player < game.PlayerCount && !stop.IsCancellationRequested; player++)
        {
            game.Move(player, game.BestResponse(player).Strategy);
        }
        return stop.IsCancellationRequested ? double.NaN : SocialCost.Of(game);
    }

    /// <summary>Every player draws a strategy uniformly.</summary>
    public static double Random(IFiniteGame game, ulong seed)
    {
        for (var player = 0; player < game.PlayerCount; player++)
        {
            var random = new RandomStream(seed, "play.baseline", (ulong)player);
            game.Move(player, random.NextInt(game.StrategyCount(player)));
        }
        return SocialCost.Of(game);
    }

    /// <summary>The current profile.</summary>
    public static int[] Profile(IFiniteGame game) => [.. Enumerable.Range(0, game.PlayerCount).Select(game.Strategy)];

    /// <summary>Puts all players on a profile.</summary>
    public static void Put(IFiniteGame game, int[] profile)
    {
        for (var player = 0; player < profile.Length; player++)
        {
            game.Move(player, profile[player]);
        }
    }
}
