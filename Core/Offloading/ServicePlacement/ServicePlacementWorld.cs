using OrleansEdge.Core.Data;

namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>Sites with their CPUs, and users with their tasks who walk about between the slots.</summary>
internal sealed class ServicePlacementWorld
{
    private readonly ServicePlacementOptions _options;
    private readonly GeoPoint[] _sites;
    private readonly double[] _siteCycles;
    private readonly double[] _taskCycles;
    private readonly double[] _migrationCosts;
    private readonly UserMobility _mobility;

    public ServicePlacementWorld(
        ServicePlacementOptions options, ReadOnlySpan<GeoPoint> sites, GeoPolygon area, ulong seed)
    {
        if (sites.IsEmpty)
        {
            throw OrleansEdgeException.WrongData("no sites; expected at least one");
        }
        (_options, _sites) = (options, sites.ToArray());
        _siteCycles = [.. Enumerable.Range(0, _sites.Length).Select(site =>
        {
            var random = new RandomStream(seed, "placement.site", (ulong)site);
            return options.SiteCyclesPerSecond[random.NextInt(options.SiteCyclesPerSecond.Count)];
        })];
        var (places, width) = (new GeoPoint[options.Users], options.MostTaskCycles - options.LeastTaskCycles);
        _taskCycles = new double[options.Users];
        for (var user = 0; user < places.Length; user++)
        {
            var random = new RandomStream(seed, "placement.user", (ulong)user);
            places[user] = area.UniformPoint(ref random);
            _taskCycles[user] = options.LeastTaskCycles + (width * random.NextDouble());
        }
        _mobility = new UserMobility(
            area, places, options.LeastSpeedMetersPerSecond, options.MostSpeedMetersPerSecond, seed);
        _migrationCosts = new double[_sites.Length * _sites.Length];
        for (var i = 0; i < _migrationCosts.Length; i++)
        {
            var (from, to) = (i / _sites.Length, i % _sites.Length);
            _migrationCosts[i] = from == to ? 0 : options.MigrationCostBetween(_sites[from], _sites[to]);
        }
    }

    /// <summary>The most that one slot's migrations can cost.</summary>
    public double MostMigrationCost => _options.Users * _migrationCosts.Max();

    /// <summary>The site nearest to each user.</summary>
    public int[] Nearest()
    {
        var nearest = new int[_options.Users];
        for (var user = 0; user < nearest.Length; user++)
        {
            var least = double.PositiveInfinity;
            for (var site = 0; site < _sites.Length; site++)
            {
                var distance = _mobility.Places[user].DistanceMeters(_sites[site]);
                (nearest[user], least) = distance < least ? (site, distance) : (nearest[user], least);
            }
        }
        return nearest;
    }

    public void Walk() => _mobility.Walk(_options.SlotSeconds);

    /// <summary>The problem of a slot, with the users where they are now.</summary>
    /// <param name="previous">Placement of the last slot.</param>
    /// <param name="nearest">See <see cref="Nearest"/>.</param>
    public PlacementSlot Slot(int[] previous, int[] nearest, double backlog)
    {
        var (users, sites) = (_options.Users, _sites.Length);
        var (delays, costs) = (new double[users * sites], new double[users * sites]);
        for (var user = 0; user < users; user++)
        {
            for (var site = 0; site < sites; site++)
            {
                var kilometers = _sites[nearest[user]].DistanceMeters(_sites[site]) / 1000;
                delays[(user * sites) + site] =
                    _options.AccessSeconds + (_options.BackhaulSecondsPerKilometer * kilometers);
                costs[(user * sites) + site] = _migrationCosts[(previous[user] * sites) + site];
            }
        }
        return new PlacementSlot(
            delays, costs, _taskCycles, _siteCycles, _options.Sharing, _options.LatencyWeight, backlog);
    }
}
