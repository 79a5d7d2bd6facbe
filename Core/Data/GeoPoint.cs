namespace OrleansEdge.Core.Data;

/// <summary>A place on the sphere, in decimal degrees; south and west are negative.</summary>
public readonly record struct GeoPoint(double LatitudeDegrees, double LongitudeDegrees)
{
    /// <summary>The sphere's radius in metres: the mean Earth radius.</summary>
    public const double EarthRadiusMeters = 6371008.8;

    /// <summary>Metres of one degree of latitude.</summary>
    public const double MetersPerDegree = EarthRadiusMeters * Math.PI / 180;

    /// <summary>Great-circle distance by the haversine formula, in metres.</summary>
    public double DistanceMeters(GeoPoint other)
    {
        var latitude = Radians(other.LatitudeDegrees - LatitudeDegrees) / 2;
        var longitude = Radians(other.LongitudeDegrees - LongitudeDegrees) / 2;
        var (sinLatitude, sinLongitude) = (Math.Sin(latitude), Math.Sin(longitude));
        var cosines = Math.Cos(Radians(LatitudeDegrees)) * Math.Cos(Radians(other.LatitudeDegrees));
        var haversine = (sinLatitude * sinLatitude) + (cosines * sinLongitude * sinLongitude);
        return 2 * EarthRadiusMeters * Math.Asin(Math.Min(1, Math.Sqrt(haversine)));
    }

    /// <summary>
    /// The point that lies the given metres to the north and east, on the tangent plane of this point.
    /// </summary>
    public GeoPoint Moved(double northMeters, double eastMeters) => new(
        LatitudeDegrees + (northMeters / MetersPerDegree),
        LongitudeDegrees + (eastMeters / (MetersPerDegree * Math.Cos(Radians(LatitudeDegrees)))));

    private static double Radians(double degrees) => degrees * (Math.PI / 180);
}
