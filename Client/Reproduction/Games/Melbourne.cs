using OrleansEdge.Core.Data;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>Sites and users of the EUA data set.</summary>
/// <param name="Sites">Base stations of the city centre.</param>
/// <param name="Users">Places of users there.</param>
/// <param name="Centre">The city centre.</param>
internal sealed record Melbourne(GeoPoint[] Sites, GeoPoint[] Users, GeoPolygon Centre)
{
    /// <exception cref="Core.OrleansEdgeException">A file is missing (66) or has a wrong line (65).</exception>
    public static Melbourne Read(string folder) => new(
        [.. EuaReader.ReadSites(Path.Combine(folder, "site-optus-melbCBD.csv")).Select(site => site.Location)],
        EuaReader.ReadUsers(Path.Combine(folder, "users-melbcbd-generated.csv")),
        EuaReader.ReadBoundary(Path.Combine(folder, "melbcbd-boundary.csv")));

    /// <summary>The sites nearest to a place.</summary>
    public static GeoPoint[] Nearest(IEnumerable<GeoPoint> points, GeoPoint centre, int count) =>
        [.. points.OrderBy(centre.DistanceMeters).Take(count)];
}
