using OrleansEdge.Core.Data;

namespace OrleansEdge.Core.Offloading;

/// <summary>
/// Random waypoint mobility inside a polygon: a user walks straight to a uniform target at a speed drawn for the way,
/// then draws the next. A user whose step would leave the area stays and draws another target, so that nobody is ever
/// outside.
/// </summary>
public sealed class UserMobility
{
    private readonly GeoPolygon _area;
    private readonly double _leastSpeed;
    private readonly double _mostSpeed;
    private readonly GeoPoint[] _places;
    private readonly GeoPoint[] _targets;
    private readonly double[] _speeds;
    private readonly RandomStream[] _random;

    /// <param name="start">Places of the users at first, inside the area.</param>
    /// <param name="leastMetersPerSecond">Speeds are uniform from here, 0 or more.</param>
    /// <param name="mostMetersPerSecond">Up to here.</param>
    /// <param name="seed">User k's way depends on the seed and k alone.</param>
    public UserMobility(
        GeoPolygon area, ReadOnlySpan<GeoPoint> start,
        double leastMetersPerSecond, double mostMetersPerSecond, ulong seed)
    {
        (_area, _leastSpeed, _mostSpeed) = (area, leastMetersPerSecond, mostMetersPerSecond);
        Check.NotNegative(leastMetersPerSecond);
        Check.AtLeast(mostMetersPerSecond, leastMetersPerSecond);
        _places = start.ToArray();
        _targets = new GeoPoint[_places.Length];
        _speeds = new double[_places.Length];
        _random = new RandomStream[_places.Length];
        for (var user = 0; user < _places.Length; user++)
        {
            if (!area.Contains(_places[user]))
            {
                var (latitude, longitude) = (_places[user].LatitudeDegrees, _places[user].LongitudeDegrees);
                throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                    $"user {user} at {latitude}, {longitude} is outside {area.Name}"));
            }
            _random[user] = new RandomStream(seed, "mobility", (ulong)user);
            DrawTarget(user);
        }
    }

    /// <summary>Where the users are.</summary>
    public ReadOnlySpan<GeoPoint> Places => _places;

    /// <summary>Lets all users walk for a time.</summary>
    public void Walk(double seconds)
    {
        for (var user = 0; user < _places.Length; user++)
        {
            Walk(user, seconds);
        }
    }

    private void Walk(int user, double seconds)
    {
        while (seconds > 0 && _speeds[user] > 0)
        {
            var distance = _places[user].DistanceMeters(_targets[user]);
            var arrives = _speeds[user] * seconds >= distance;
            var next = arrives
                ? _targets[user]
                : Between(_places[user], _targets[user], _speeds[user] * seconds / distance);
            if (!_area.Contains(next))
            {
                DrawTarget(user);
                return;
            }
            _places[user] = next;
            if (!arrives)
            {
                return;
            }
            seconds -= distance / _speeds[user];
            DrawTarget(user);
        }
    }

    private static GeoPoint Between(GeoPoint from, GeoPoint to, double share) => new(
        from.LatitudeDegrees + (share * (to.LatitudeDegrees - from.LatitudeDegrees)),
        from.LongitudeDegrees + (share * (to.LongitudeDegrees - from.LongitudeDegrees)));

    private void DrawTarget(int user)
    {
        _targets[user] = _area.UniformPoint(ref _random[user]);
        _speeds[user] = _leastSpeed + ((_mostSpeed - _leastSpeed) * _random[user].NextDouble());
    }
}
