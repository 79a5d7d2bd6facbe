namespace OrleansEdge.Core.Offloading.CrossEdge;

/// <summary>How the sites of a slot are selected.</summary>
public enum SelectionPolicy
{
    /// <summary>Best responses under admission by the sites, to an equilibrium.</summary>
    BestResponse,

    /// <summary>Best responses, then central exchanges of places that lower the sum of the costs.</summary>
    Exchange,

    /// <summary>The paper's sampling: randomized coordinate shrinking over all bits.</summary>
    Racos,

    /// <summary>Branch and bound; for a few users and sites.</summary>
    Exact,

    /// <summary>Baseline: a random number of random free sites.</summary>
    Random,

    /// <summary>Baseline: the fewest free sites, by rate, that meet the deadline.</summary>
    FewestSites,

    /// <summary>Baseline: the number of free sites, by rate, of the shortest time, whatever the energy.</summary>
    FastestSites,
}

/// <summary>
/// Cross-edge computation offloading with energy harvesting, after Zhao, Deng, Zhang, Du, He, Yin, ICWS 2019; the
/// defaults are those of its released code (games.md, 2.5).
/// </summary>
public sealed record CrossEdgeOptions
{
    /// <summary>Users, 1 to 100,000.</summary>
    public int Users { get; init; } = 80;

    /// <summary>Slots, 1 to a million.</summary>
    public int Slots { get; init; } = 50;

    /// <summary>Length of a slot, s.</summary>
    public double SlotSeconds { get; init; } = 0.002;

    /// <summary>tau_d: a task is dropped rather than later than this, s.</summary>
    public double DeadlineSeconds { get; init; } = 0.002;

    /// <summary>Phi: cost of a dropped task, s.</summary>
    public double DropPenaltySeconds { get; init; } = 0.002;

    /// <summary>phi: time of coordination for each selected site, s.</summary>
    public double CoordinationSeconds { get; init; } = 2e-5;

    /// <summary>Probability that a user has a task in a slot, 0 to 1.</summary>
    public double RequestProbability { get; init; } = 0.7;

    /// <summary>eta: CPU cycles of one bit of input.</summary>
    public double CyclesPerBit { get; init; } = 737.5;

    /// <summary>mu_l: input worked on locally, bit.</summary>
    public double LocalInputBits { get; init; } = 50;

    /// <summary>f_l: the user's CPU, Hz.</summary>
    public double LocalCyclesPerSecond { get; init; } = 1.5e9;

    /// <summary>kappa: effective switched capacitance of the user's CPU, J s^2.</summary>
    public double SwitchedCapacitance { get; init; } = 1e-28;

    /// <summary>mu_r: input split evenly over the selected sites, bit.</summary>
    public double EdgeInputBits { get; init; } = 3000;

    /// <summary>f_j: a site's CPU for one user is drawn from these, Hz.</summary>
    public IReadOnlyList<double> SiteCyclesPerSecond { get; init; } = [4.5e9];

    /// <summary>N_j^max: users of a site in a slot, 1 or more.</summary>
    public int MostUsersPerSite { get; init; } = 3;

    /// <summary>W: bandwidth of every link, Hz.</summary>
    public double BandwidthHertz { get; init; } = 1e6;

    /// <summary>Noise, W.</summary>
    public double NoiseWatts { get; init; } = 1e-13;

    /// <summary>p: sending power, W.</summary>
    public double TransmitWatts { get; init; } = 1;

    /// <summary>g_0: mean power gain at 1 m.</summary>
    public double GainAtOneMeter { get; init; } = 1e-4;

    public double PathLossExponent { get; init; } = 4;

    /// <summary>No gain is larger.</summary>
    public double MostGain { get; init; } = 1.02e-13;

    /// <summary>A site's radius is a whole number of metres, uniform from here, m.</summary>
    public int LeastCoverageMeters { get; init; } = 150;

    /// <summary>Up to here, m.</summary>
    public int MostCoverageMeters { get; init; } = 399;

    /// <summary>E_H: energy to harvest in a slot is uniform up to this, J.</summary>
    public double MostHarvestJoules { get; init; } = 4.8e-4;

    /// <summary>E_max: most that a user spends in a slot, J.</summary>
    public double MostSpentJoules { get; init; } = 0.04;

    /// <summary>V: weight of a second of cost, J^2/s, above 0.</summary>
    public double CostWeight { get; init; } = 1e-6;

    /// <summary>Battery at first, as a share of theta, 0 to 1.</summary>
    public double StartBatteryShare { get; init; } = 0.5;

    /// <summary>Speeds of the users are uniform from here, m/s.</summary>
    public double LeastSpeedMetersPerSecond { get; init; }

    /// <summary>Up to here, m/s.</summary>
    public double MostSpeedMetersPerSecond { get; init; } = 10;

    public SelectionPolicy Policy { get; init; } = SelectionPolicy.BestResponse;

    /// <summary>tau_lc: time of the local part, s.</summary>
    public double LocalSeconds => LocalInputBits * CyclesPerBit / LocalCyclesPerSecond;

    /// <summary>Energy of the local part, J: kappa eta mu_l f_l^2.</summary>
    public double LocalJoules =>
        SwitchedCapacitance * CyclesPerBit * LocalInputBits * LocalCyclesPerSecond * LocalCyclesPerSecond;

    /// <summary>R_max: rate at the largest gain, bit/s.</summary>
    public double MostBitsPerSecond =>
        Radio.ShannonBitsPerSecond(BandwidthHertz, MostGain * TransmitWatts, NoiseWatts);

    /// <summary>Time of a task over so many sites, all at the largest gain and with the fastest CPU, s.</summary>
    public double ShortestSeconds(int sites) =>
        (EdgeInputBits / sites * ((1 / MostBitsPerSecond) + (CyclesPerBit / SiteCyclesPerSecond.Max())))
        + LocalSeconds + (sites * CoordinationSeconds);

    /// <summary>
    /// theta, J: the battery level around which the queue settles, V R_max / (p mu_r) (sites Phi - mu_r / R_max - eta
    /// mu_r / f) + min(E_all, E_max), with E_all the energy of using all sites until the deadline.
    /// </summary>
    public double BatteryThresholdJoules(int sites)
    {
        var most = LocalJoules + (sites * TransmitWatts * (DeadlineSeconds - LocalSeconds));
        var gain = (sites * DropPenaltySeconds) - (EdgeInputBits / MostBitsPerSecond)
            - (CyclesPerBit * EdgeInputBits / SiteCyclesPerSecond.Max());
        return (CostWeight * MostBitsPerSecond / (TransmitWatts * EdgeInputBits) * gain)
            + Math.Min(most, MostSpentJoules);
    }

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.Within(Users, 1, 100_000);
        Check.Within(Slots, 1, 1_000_000);
        Check.Positive(SlotSeconds);
        Check.Positive(DeadlineSeconds);
        Check.NotNegative(DropPenaltySeconds);
        Check.NotNegative(CoordinationSeconds);
        Check.Within(RequestProbability, 0, 1);
        Check.Positive(CyclesPerBit);
        Check.NotNegative(LocalInputBits);
        Check.Positive(LocalCyclesPerSecond);
        Check.NotNegative(SwitchedCapacitance);
        Check.Positive(EdgeInputBits);
        Check.NotEmpty(SiteCyclesPerSecond);
        foreach (var clock in SiteCyclesPerSecond)
        {
            Check.Positive(clock, nameof(SiteCyclesPerSecond));
        }
        Check.AtLeast(MostUsersPerSite, 1);
        Check.Positive(BandwidthHertz);
        Check.Positive(NoiseWatts);
        Check.Positive(TransmitWatts);
        Check.Positive(GainAtOneMeter);
        Check.Within(PathLossExponent, 0, 10);
        Check.Positive(MostGain);
        Check.NotNegative(LeastCoverageMeters);
        Check.AtLeast(MostCoverageMeters, LeastCoverageMeters);
        Check.NotNegative(MostHarvestJoules);
        Check.Positive(MostSpentJoules);
        Check.Positive(CostWeight);
        Check.Within(StartBatteryShare, 0, 1);
        Check.NotNegative(LeastSpeedMetersPerSecond);
        Check.AtLeast(MostSpeedMetersPerSecond, LeastSpeedMetersPerSecond);
        Check.Require(Enum.IsDefined(Policy), nameof(Policy), (int)Policy, "a known policy");
    }

    /// <exception cref="OrleansEdgeException">
    /// No number of sites meets the deadline, even at the largest gain (65).
    /// </exception>
    public void RequireFeasibleDeadline(int sites)
    {
        var fastest = Enumerable.Range(1, sites).MinBy(ShortestSeconds);
        if (ShortestSeconds(fastest) > DeadlineSeconds)
        {
            var shortest = ShortestSeconds(fastest);
            throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                $"DeadlineSeconds {DeadlineSeconds}; expected at least {shortest}, that of {fastest} sites at best"));
        }
    }
}
