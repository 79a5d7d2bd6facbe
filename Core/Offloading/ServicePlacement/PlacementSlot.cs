namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>How a site's CPU is split among the services on it.</summary>
public enum SiteSharing
{
    /// <summary>
    /// In proportion to the square roots of their cycles, which makes the sum of their computing delays least (Cauchy
    /// and Schwarz): user k waits sqrt(R_k) sum_l sqrt(R_l) / F.
    /// </summary>
    SquareRoot,

    /// <summary>Equally, as on the slides: user k waits R_k n / F among n users.</summary>
    Equal,
}

/// <summary>
/// The placement problem of one slot of Follow Me at the Edge (Ouyang, Zhou, Chen, IEEE JSAC 36(10), 2018): user k on
/// site i costs V (d_ik + g_k W_i / F_i) + Q e_ik, where W_i is the load of the site. Immutable.
/// </summary>
public sealed class PlacementSlot
{
    private readonly double[] _delays;
    private readonly double[] _migrationCosts;
    private readonly double[] _capacities;
    private readonly long[] _weights;
    private readonly double[] _cycles;

    /// <param name="delaySeconds">d: access and backhaul delay, [users x sites].</param>
    /// <param name="migrationCosts">e: cost of being on a site after the last slot's, [users x sites].</param>
    /// <param name="taskCycles">R: [users].</param>
    /// <param name="siteCyclesPerSecond">F: [sites].</param>
    /// <param name="latencyWeight">V, at least 0.</param>
    /// <param name="backlog">Q, at least 0.</param>
    /// <exception cref="OrleansEdgeException">
    /// A length is wrong, or a value is negative or not a number (65).
    /// </exception>
    public PlacementSlot(
        double[] delaySeconds, double[] migrationCosts, double[] taskCycles, double[] siteCyclesPerSecond,
        SiteSharing sharing, double latencyWeight, double backlog)
    {
        (Users, Sites) = (taskCycles.Length, siteCyclesPerSecond.Length);
        (LatencyWeight, Backlog, Sharing) = (latencyWeight, backlog, sharing);
        Require(delaySeconds, Users * Sites, 0, "delay");
        Require(migrationCosts, Users * Sites, 0, "migration cost");
        Require(taskCycles, Users, 1, "task cycles");
        Require(siteCyclesPerSecond, Sites, 1, "cycles per second");
        Require([latencyWeight, backlog], 2, 0, "latency weight or backlog");
        (_delays, _migrationCosts, _capacities) = (delaySeconds, migrationCosts, siteCyclesPerSecond);
        _cycles = Array.ConvertAll(taskCycles, Math.Round);
        _weights = [.. taskCycles.Select(cycles =>
            sharing == SiteSharing.Equal ? 1L : (long)Math.Round(Math.Sqrt(cycles)))];
    }

    public int Users { get; }

    public int Sites { get; }

    /// <summary>V: weight of a second of latency against the backlog of migration cost.</summary>
    public double LatencyWeight { get; }

    /// <summary>Q: the queue of migration cost over budget.</summary>
    public double Backlog { get; }

    public SiteSharing Sharing { get; }

    /// <summary>What user k adds to a site's load: an integer, so that loads are exact.</summary>
    public long Weight(int user) => _weights[user];

    /// <summary>g: what a unit of load costs user k, times F; an integer.</summary>
    public double LoadFactor(int user) => Sharing == SiteSharing.Equal ? _cycles[user] : _weights[user];

    /// <summary>F of a site, Hz.</summary>
    public double CyclesPerSecond(int site) => _capacities[site];

    /// <summary>e_ik.</summary>
    public double MigrationCost(int user, int site) => _migrationCosts[(user * Sites) + site];

    /// <summary>Latency of a user on a site of the given load, its own weight included, s.</summary>
    public double LatencySeconds(int user, int site, long load) =>
        _delays[(user * Sites) + site] + (LoadFactor(user) * load / _capacities[site]);

    /// <summary>What does not depend on others: V d + Q e.</summary>
    public double FixedCost(int user, int site) =>
        (LatencyWeight * _delays[(user * Sites) + site]) + (Backlog * MigrationCost(user, site));

    /// <summary>The same slot with another Q.</summary>
    public PlacementSlot WithBacklog(double backlog) =>
        new(_delays, _migrationCosts, _cycles, _capacities, Sharing, LatencyWeight, backlog);

    private static void Require(double[] values, int length, double least, string what)
    {
        if (values.Length != length)
        {
            throw OrleansEdgeException.WrongData($"{values.Length} values of {what}; expected {length}");
        }
        var wrong = Array.FindIndex(values, value => !(value >= least) || double.IsInfinity(value));
        if (wrong >= 0)
        {
            throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                $"{what} {values[wrong]} at {wrong}; expected a finite number, {least} or more"));
        }
    }
}
