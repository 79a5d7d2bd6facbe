using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>The keys of a game's grains.</summary>
public static class OffloadingKeys
{
    public static string Player(string job, int player) => $"{job}/player/{player}";

    public static string Group(string job, int group) => $"{job}/group/{group}";

    public static string Site(string job, int site) => $"{job}/site/{site}";

    /// <summary>The game of a player's, group's or site's key.</summary>
    public static string JobOf(string key) => key[..key.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The number of a player, group or site.</summary>
    public static int NumberOf(string key) => int.Parse(key.AsSpan(key.LastIndexOf('/') + 1));

    internal static IEdgeSite SiteOf(this Interfaces.Hosting.IGrains grains, string job, int site) =>
        grains.Get<IEdgeSite>(Site(job, site));
}
