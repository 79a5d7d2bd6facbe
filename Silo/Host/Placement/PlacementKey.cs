using System.Globalization;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Silo.Placement;

/// <summary>What a grain's key says about where it belongs.</summary>
/// <param name="Family">The key without number and site, such as "job/shard"; a replica's is that of its shard.</param>
/// <param name="Number">Its number within the family; a hash of the key when it has none.</param>
/// <param name="Site">The edge site it is pinned to; null for none.</param>
/// <param name="Shift">Silos that the family is moved on by: 1 for replicas.</param>
/// <param name="ShardKey">The shard of a replica; null for other grains.</param>
/// <remarks>Keys have the form "family/number@site"; number and site may be absent.</remarks>
internal readonly record struct PlacementKey(string Family, int Number, string? Site, int Shift, string? ShardKey)
{
    public static PlacementKey Parse(string key)
    {
        var shard = GrainKeys.ShardOf(key);
        var (body, site) = SplitSite(shard ?? key);
        var shift = shard is null ? 0 : 1;
        var slash = body.LastIndexOf('/');
        return slash >= 0
            && int.TryParse(body.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(body[..slash], number, site, shift, shard)
            : new(body, SpreadPolicy.NumberOf(body), site, shift, shard);
    }

    private static (string Body, string? Site) SplitSite(string key)
    {
        var at = key.LastIndexOf('@');
        return at >= 0 && at < key.Length - 1 ? (key[..at], key[(at + 1)..]) : (key, null);
    }
}
