namespace OrleansEdge.Core.Data;

/// <summary>A place where an edge server can stand, such as a base station.</summary>
/// <param name="Id">The register's number, or the 1-based row of a file that gives none.</param>
/// <param name="Name">As printed, empty where not given.</param>
public sealed record EdgeSite(string Id, string Name, GeoPoint Location);
