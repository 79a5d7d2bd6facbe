using OrleansEdge.Core.Data;

namespace OrleansEdge.Core.Offloading.CrossEdge;

/// <summary>
/// Sites, walking users and their batteries. Requests, gains and harvests are drawn anew in every slot.
/// </summary>
internal sealed class CrossEdgeWorld
{
    private readonly CrossEdgeOptions _options;
    private readonly GeoPoint[] _sites;
    private readonly double[] _radii;
    private readonly double[] _siteCycles;
    private readonly double[] _batteries;
    private readonly UserMobility? _mobility;
    private readonly CrossEdgeInstance? _recorded;
    private readonly ulong _seed;
    private readonly double _theta;

    public CrossEdgeWorld(
        CrossEdgeOptions options, ReadOnlySpan<GeoPoint> sites, ReadOnlySpan<GeoPoint> places, GeoPolygon area,
        ulong seed)
    {
        if (sites.IsEmpty || places.Length < options.Users)
        {
            throw OrleansEdgeException.WrongData(
                $"{sites.Length} sites and {places.Length} places of users; expected 1 and {options.Users} or more");
        }
        options.RequireFeasibleDeadline(sites.Length);
        (_options, _sites, _seed) = (options, sites.ToArray(), seed);
        (_radii, _siteCycles) = (new double[_sites.Length], new double[_sites.Length]);
        for (var site = 0; site < _sites.Length; site++)
        {
            var random = new RandomStream(seed, "crossedge.site", (ulong)site);
            _radii[site] = options.LeastCoverageMeters
                + random.NextInt(options.MostCoverageMeters - options.LeastCoverageMeters + 1);
            _siteCycles[site] = options.SiteCyclesPerSecond[random.NextInt(options.SiteCyclesPerSecond.Count)];
        }
        var order = places.ToArray();
        var shuffle = new RandomStream(seed, "crossedge.users");
        shuffle.Shuffle<GeoPoint>(order);
        _mobility = new UserMobility(
            area, order.AsSpan(0, options.Users),
            options.LeastSpeedMetersPerSecond, options.MostSpeedMetersPerSecond, seed);
        _theta = options.BatteryThresholdJoules(_sites.Length);
        _batteries = new double[options.Users];
        Array.Fill(_batteries, options.StartBatteryShare * _theta);
    }

    /// <summary>A world that was recorded.</summary>
    public CrossEdgeWorld(CrossEdgeInstance instance)
    {
        (_recorded, _options, _sites, _radii, _siteCycles) = (instance, instance.Options, [], [], []);
        _theta = _options.BatteryThresholdJoules(instance.Sites);
        _batteries = new double[_options.Users];
        Array.Fill(_batteries, _options.StartBatteryShare * _theta);
    }

    /// <summary>Everything that decides the slots, whatever the policy; ends the world's own time.</summary>
    public CrossEdgeInstance Record()
    {
        var slots = new CrossEdgeSlotData[_options.Slots];
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var (problem, users) = Draw(slot);
            slots[slot] = new CrossEdgeSlotData
            {
                Tasks = [.. users.Select((user, task) => new CrossEdgeTaskData(user, problem.Tasks[task].Links))],
                HarvestJoules = [.. Enumerable.Range(0, _options.Users).Select(user => Harvest(user, slot))],
            };
            _mobility?.Walk(_options.SlotSeconds);
        }
        return new CrossEdgeInstance { Options = _options, Sites = _sites.Length, Slots = slots };
    }

    /// <summary>B: [users], J.</summary>
    public ReadOnlySpan<double> Batteries => _batteries;

    /// <summary>The tasks of a slot and the users that have them.</summary>
    public (CrossEdgeSlot Slot, int[] Users) Draw(int slot)
    {
        if (_recorded is not null)
        {
            return Recorded(_recorded, slot);
        }
        var coverage = CoverageMap.Within(_mobility!.Places, _sites, _radii);
        var (tasks, users) = (new List<CrossEdgeTask>(), new List<int>());
        for (var user = 0; user < _options.Users; user++)
        {
            var random = new RandomStream(_seed, "crossedge.slot", (ulong)user, (ulong)slot);
            if (random.NextDouble() < _options.RequestProbability)
            {
                var links = new List<SiteLink>();
                foreach (var site in coverage.Sites(user))
                {
                    links.Add(DrawLink(user, site, ref random));
                }
                tasks.Add(new CrossEdgeTask([.. links], _batteries[user], _batteries[user] - _theta));
                users.Add(user);
            }
        }
        return (new CrossEdgeSlot(_options, [.. tasks], _sites.Length), [.. users]);
    }

    /// <summary>Spends, harvests where the battery is at most theta (P2^eh), and walks on.</summary>
    /// <param name="users">Those with tasks.</param>
    public void Advance(int slot, ReadOnlySpan<SiteSelection> selections, int[] users)
    {
        var spent = new double[_batteries.Length];
        for (var task = 0; task < users.Length; task++)
        {
            spent[users[task]] = selections[task].Value.Joules;
        }
        for (var user = 0; user < _batteries.Length; user++)
        {
            _batteries[user] += (_batteries[user] <= _theta ? Harvest(user, slot) : 0) - spent[user];
        }
        _mobility?.Walk(_options.SlotSeconds);
    }

    private double Harvest(int user, int slot) => _recorded?.Slots[slot].HarvestJoules[user]
        ?? _options.MostHarvestJoules
        * new RandomStream(_seed, "crossedge.harvest", (ulong)user, (ulong)slot).NextDouble();

    private (CrossEdgeSlot Slot, int[] Users) Recorded(CrossEdgeInstance instance, int slot)
    {
        var tasks = instance.Slots[slot].Tasks;
        var problem = new CrossEdgeSlot(_options, Array.ConvertAll(tasks, task => new CrossEdgeTask(
            task.Links, _batteries[task.User], _batteries[task.User] - _theta)), instance.Sites);
        return (problem, Array.ConvertAll(tasks, task => task.User));
    }

    // Rayleigh fading: the power gain is exponential around its mean.
    private SiteLink DrawLink(int user, int site, ref RandomStream random)
    {
        var distance = Math.Max(1, _mobility!.Places[user].DistanceMeters(_sites[site]));
        var mean = _options.GainAtOneMeter * Radio.PathLossGain(distance, _options.PathLossExponent);
        var gain = Math.Min(_options.MostGain, random.NextExponential(mean));
        var rate = Radio.ShannonBitsPerSecond(
            _options.BandwidthHertz, gain * _options.TransmitWatts, _options.NoiseWatts);
        return new SiteLink(site, 1 / rate, _options.CyclesPerBit / _siteCycles[site]);
    }
}
