using System.Globalization;

namespace OrleansEdge.Silo.Placement;

/// <summary>What a grain's key says about where it belongs.</summary>
/// <param name="Family">The key without number and site, such as "job/shard".</param>
/// <param name="Number">Its number within the family; a hash of the key when it has none.</param>
/// <param name="Site">The edge site it is pinned to; null for none.</param>
/// <remarks>Keys have the form "family/number@site"; number and site may be absent.</remarks>
internal readonly record struct PlacementKey(string Family, int Number, string? Site)
{
    public static PlacementKey Parse(string key)
    {
        var at = key.LastIndexOf('@');
        var site = at >= 0 && at < key.Length - 1 ? key[(at + 1)..] : null;
        var body = at >= 0 ? key[..at] : key;
        var slash = body.LastIndexOf('/');
        return slash >= 0 && int.TryParse(body.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(body[..slash], number, site)
            : new(body, SpreadPolicy.NumberOf(body), site);
    }
}
