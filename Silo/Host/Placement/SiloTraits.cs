using System.Collections.Immutable;
using System.Globalization;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace OrleansEdge.Silo.Placement;

/// <summary>Site, zone and capacity of a silo, as it tells the others.</summary>
internal sealed record SiloTraits(SiloAddress Silo, string Site, string Zone, double Capacity)
{
    public const string SiteKey = "site";
    public const string ZoneKey = "zone";
    public const string CapacityKey = "capacity";

    /// <summary>The traits of <paramref name="silo"/>; "default" and 1 while they are not known yet.</summary>
    public static SiloTraits Of(SiloAddress silo, ISiloMetadataCache cache)
    {
        var metadata = cache.GetSiloMetadata(silo).Metadata;
        return new(silo, metadata.GetValueOrDefault(SiteKey, "default"), metadata.GetValueOrDefault(ZoneKey, "default"),
            double.TryParse(metadata.GetValueOrDefault(CapacityKey), CultureInfo.InvariantCulture, out var capacity)
                && capacity > 0
                ? capacity : 1);
    }
}
