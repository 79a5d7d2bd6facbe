using OrleansEdge.Core.Data;

namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>
/// Sites with their CPUs, and users with their tasks who walk about between the slots: drawn, or as recorded.
/// </summary>
internal sealed class ServicePlacementWorld
{
    private readonly ServicePlacementInstance _instance;
    private readonly GeoPoint[] _sites = [];
    private readonly UserMobility? _mobility;
    private readonly double _slotSeconds;
    private int _slot;

    public ServicePlacementWorld(
        ServicePlacementOptions options, ReadOnlySpan<GeoPoint> sites, GeoPolygon area, ulong seed)
    {
        if (sites.IsEmpty)
        {
            throw OrleansEdgeException.WrongData("no sites; expected at least one");
        }
        (_sites, _slotSeconds) = (sites.ToArray(), options.SlotSeconds);
        double[] siteCycles = [.. Enumerable.Range(0, _sites.Length).Select(site =>
        {
            var random = new RandomStream(seed, "placement.site", (ulong)site);
            return options.SiteCyclesPerSecond[random.NextInt(options.SiteCyclesPerSecond.Count)];
        })];
        var (places, width) = (new GeoPoint[options.Users], options.MostTaskCycles - options.LeastTaskCycles);
        var taskCycles = new double[options.Users];
        for (var user = 0; user < places.Length; user++)
        {
            var random = new RandomStream(seed, "placement.user", (ulong)user);
            places[user] = area.UniformPoint(ref random);
            taskCycles[user] = options.LeastTaskCycles + (width * random.NextDouble());
        }
        _mobility = new UserMobility(
            area, places, options.LeastSpeedMetersPerSecond, options.MostSpeedMetersPerSecond, seed);
        _instance = new ServicePlacementInstance
        {
            SiteCyclesPerSecond = siteCycles,
            TaskCycles = taskCycles,
            DelaySeconds = Pairs((from, to) => options.AccessSeconds
                + (options.BackhaulSecondsPerKilometer * (from.DistanceMeters(to) / 1000))),
            MigrationCosts = Pairs((from, to) => from == to ? 0 : options.MigrationCostBetween(from, to)),
            Nearest = [],
            Sharing = options.Sharing,
            LatencyWeight = options.LatencyWeight,
            MigrationBudget = options.MigrationBudget,
        };
    }

    /// <summary>A world that was recorded.</summary>
    public ServicePlacementWorld(ServicePlacementInstance instance) => _instance = instance;

    private int Users => _instance.TaskCycles.Length;

    private int Sites => _instance.SiteCyclesPerSecond.Length;

    /// <summary>The most that one slot's migrations can cost.</summary>
    public double MostMigrationCost => Users * _instance.MigrationCosts.Max(row => row.Max());

    /// <summary>Everything that decides the slots, with the users' ways; ends the world's own time.</summary>
    public ServicePlacementInstance Record(int slots)
    {
        var nearest = new int[slots + 1][];
        nearest[0] = Nearest();
        for (var slot = 1; slot <= slots; slot++)
        {
            Walk();
            nearest[slot] = Nearest();
        }
        return _instance with { Nearest = nearest };
    }

    /// <summary>The site nearest to each user.</summary>
    public int[] Nearest()
    {
        if (_mobility is null)
        {
            return [.. _instance.Nearest[_slot]];
        }
        var nearest = new int[Users];
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

    public void Walk()
    {
        _slot++;
        _mobility?.Walk(_slotSeconds);
    }

    /// <summary>The problem of a slot, with the users where they are now.</summary>
    /// <param name="previous">Placement of the last slot.</param>
    /// <param name="nearest">See <see cref="Nearest"/>.</param>
    public PlacementSlot Slot(int[] previous, int[] nearest, double backlog)
    {
        var (delays, costs) = (new double[Users * Sites], new double[Users * Sites]);
        for (var user = 0; user < Users; user++)
        {
            _instance.DelaySeconds[nearest[user]].CopyTo(delays, user * Sites);
            _instance.MigrationCosts[previous[user]].CopyTo(costs, user * Sites);
        }
        return new PlacementSlot(
            delays, costs, _instance.TaskCycles, _instance.SiteCyclesPerSecond, _instance.Sharing,
            _instance.LatencyWeight, backlog);
    }

    private double[][] Pairs(Func<GeoPoint, GeoPoint, double> value) =>
        [.. _sites.Select(from => Array.ConvertAll(_sites, to => value(from, to)))];
}
