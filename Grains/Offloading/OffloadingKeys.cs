using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>The keys of a game's grains.</summary>
public static class OffloadingKeys
{
    public static string Player(string job, int player) => $"{job}/player/{player}";

    public static string Group(string job, int group) => $"{job}/group/{group}";

    /// <param name="names">See <see cref="OffloadingJob.SiteNames"/>.</param>
    public static string Site(string job, int site, string[] names) =>
        names.Length == 0 ? $"{job}/site/{site}" : $"{job}/site/{site}@{names[site % names.Length]}";

    /// <summary>The game of a player's, group's or site's key.</summary>
    public static string JobOf(string key) => key[..key.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The number of a player, group or site.</summary>
    public static int NumberOf(string key)
    {
        var number = key.AsSpan(key.LastIndexOf('/') + 1);
        var at = number.IndexOf('@');
        return int.Parse(at < 0 ? number : number[..at]);
    }
}
