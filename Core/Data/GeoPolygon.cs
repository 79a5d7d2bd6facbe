namespace OrleansEdge.Core.Data;

/// <summary>A simple polygon in degrees, small enough to be taken as flat. Immutable.</summary>
public sealed class GeoPolygon
{
    private readonly GeoPoint[] _corners;

    /// <param name="name">Shown in messages.</param>
    /// <param name="corners">In order; a repeated first corner at the end is dropped.</param>
    public GeoPolygon(string name, IReadOnlyList<GeoPoint> corners)
    {
        _corners = [.. corners];
        if (_corners.Length > 1 && _corners[0] == _corners[^1])
        {
            _corners = _corners[..^1];
        }
        if (_corners.Length < 3)
        {
            throw OrleansEdgeException.WrongData($"{name}: {_corners.Length} corners; expected at least 3");
        }
        Name = name;
        South = _corners.Min(corner => corner.LatitudeDegrees);
        North = _corners.Max(corner => corner.LatitudeDegrees);
        West = _corners.Min(corner => corner.LongitudeDegrees);
        East = _corners.Max(corner => corner.LongitudeDegrees);
        if (!(North > South) || !(East > West))
        {
            throw OrleansEdgeException.WrongData($"{name}: the polygon has no area; expected corners off one line");
        }
    }

    public string Name { get; }

    public ReadOnlySpan<GeoPoint> Corners => _corners;

    /// <summary>The smallest latitude, degrees.</summary>
    public double South { get; }

    /// <summary>The largest latitude, degrees.</summary>
    public double North { get; }

    /// <summary>The smallest longitude, degrees.</summary>
    public double West { get; }

    /// <summary>The largest longitude, degrees.</summary>
    public double East { get; }

    /// <summary>Whether the point lies inside (even-odd rule; a point on an edge may fall on either side).</summary>
    public bool Contains(GeoPoint point)
    {
        var inside = false;
        var previous = _corners[^1];
        foreach (var corner in _corners)
        {
            if ((corner.LatitudeDegrees > point.LatitudeDegrees) != (previous.LatitudeDegrees > point.LatitudeDegrees))
            {
                var share = (point.LatitudeDegrees - corner.LatitudeDegrees)
                    / (previous.LatitudeDegrees - corner.LatitudeDegrees);
                var crossing = corner.LongitudeDegrees
                    + (share * (previous.LongitudeDegrees - corner.LongitudeDegrees));
                inside ^= point.LongitudeDegrees < crossing;
            }
            previous = corner;
        }
        return inside;
    }

    /// <summary>Whether the point lies in the bounding box or within its height or width of it.</summary>
    public bool IsNear(GeoPoint point)
    {
        var (height, width) = (North - South, East - West);
        return point.LatitudeDegrees >= South - height && point.LatitudeDegrees <= North + height
            && point.LongitudeDegrees >= West - width && point.LongitudeDegrees <= East + width;
    }

    /// <summary>A uniform point inside, by rejection from the bounding box.</summary>
    public GeoPoint UniformPoint(ref RandomStream random)
    {
        for (var attempt = 0; attempt < 1_000_000; attempt++)
        {
            var point = new GeoPoint(
                South + ((North - South) * random.NextDouble()),
                West + ((East - West) * random.NextDouble()));
            if (Contains(point))
            {
                return point;
            }
        }
        throw OrleansEdgeException.WrongData($"{Name}: a million points of its bounding box all lie outside it");
    }
}
