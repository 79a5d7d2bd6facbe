namespace OrleansEdge.Core.Data;

/// <summary>
/// Sites in cells at least as wide as a radius, so that all within it lie in the nine cells around a point.
/// </summary>
internal sealed class SiteGrid
{
    private const double SmallestStepDegrees = 1e-4;
    private readonly Dictionary<(int Row, int Column), List<int>> _cells = [];
    private readonly double _latitudeStep;
    private readonly double _longitudeStep;

    /// <param name="radiusMeters">The largest distance asked for.</param>
    public SiteGrid(ReadOnlySpan<GeoPoint> sites, double radiusMeters)
    {
        var (south, north) = (90.0, -90.0);
        foreach (var site in sites)
        {
            south = Math.Min(south, site.LatitudeDegrees);
            north = Math.Max(north, site.LatitudeDegrees);
        }
        // A degree of longitude is shortest furthest from the equator; one more radius covers the users' side.
        var degrees = radiusMeters / GeoPoint.MetersPerDegree;
        var furthest = Math.Min(89.9, Math.Max(Math.Abs(south), Math.Abs(north)) + degrees);
        _latitudeStep = Math.Max(degrees * 1.001, SmallestStepDegrees);
        _longitudeStep = _latitudeStep / Math.Cos(furthest * Math.PI / 180);
        for (var site = 0; site < sites.Length; site++)
        {
            var key = Cell(sites[site]);
            if (!_cells.TryGetValue(key, out var cell))
            {
                _cells[key] = cell = [];
            }
            cell.Add(site);
        }
    }

    /// <summary>Adds a superset of the sites within the radius of a point.</summary>
    public void CollectNear(GeoPoint point, List<int> found)
    {
        var (row, column) = Cell(point);
        for (var dr = -1; dr <= 1; dr++)
        {
            for (var dc = -1; dc <= 1; dc++)
            {
                if (_cells.TryGetValue((row + dr, column + dc), out var cell))
                {
                    found.AddRange(cell);
                }
            }
        }
    }

    private (int Row, int Column) Cell(GeoPoint point) => (
        (int)Math.Floor(point.LatitudeDegrees / _latitudeStep),
        (int)Math.Floor(point.LongitudeDegrees / _longitudeStep));
}
