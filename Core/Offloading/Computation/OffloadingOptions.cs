namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// A small cell with one base station, after Chen et al., IEEE/ACM ToN 24(5), 2016, section VI; the defaults are its
/// printed parameters, with the energy of a cycle, which it does not print, from its local-only values (games.md,
/// finding 1).
/// </summary>
public sealed record OffloadingOptions
{
    private const int UsersBetweenChecks = 1 << 16;

    /// <summary>Users, uniform in the disk, 1 to 10 million.</summary>
    public int Users { get; init; } = 30;

    /// <summary>
    /// Wireless channels, 1 to 100,000; 1 is the single-channel game of Chen, IEEE TPDS 26(4), 2015.
    /// </summary>
    public int Channels { get; init; } = 5;

    /// <summary>Bandwidth of each channel, Hz.</summary>
    public double BandwidthHertz { get; init; } = 5e6;

    /// <summary>Background noise, W; -100 dBm.</summary>
    public double NoiseWatts { get; init; } = 1e-13;

    /// <summary>Radius of the cell, m.</summary>
    public double RadiusMeters { get; init; } = 50;

    /// <summary>
    /// No user is nearer to the station than this, m, so that gains stay bounded; at most the radius.
    /// </summary>
    public double NearestMeters { get; init; } = 1;

    /// <summary>alpha of the channel gain distance^-alpha.</summary>
    public double PathLossExponent { get; init; } = 4;

    /// <summary>Sending power of every user, W.</summary>
    public double TransmitWatts { get; init; } = 0.1;

    /// <summary>
    /// With power control every user is received with this power, W; null for the path loss of its place.
    /// </summary>
    public double? EqualReceivedWatts { get; init; }

    /// <summary>Input of every task, bit; 5000 KB of 8000 bit.</summary>
    public double InputBits { get; init; } = 4e7;

    /// <summary>Cycles of every task.</summary>
    public double TaskCycles { get; init; } = 1e9;

    /// <summary>A user's CPU is drawn from these, Hz.</summary>
    public IReadOnlyList<double> LocalCyclesPerSecond { get; init; } = [0.5e9, 0.8e9, 1e9];

    /// <summary>The cloud's CPU for one user, Hz.</summary>
    public double CloudCyclesPerSecond { get; init; } = 1e10;

    /// <summary>Energy of one local cycle, J.</summary>
    public double LocalJoulesPerCycle { get; init; } = 2e-9;

    /// <summary>Tail energy of one transmission, J.</summary>
    public double TailJoules { get; init; }

    /// <summary>
    /// A user's weight of energy is drawn from these, each 0 to 1; the weight of time is the rest to 1.
    /// </summary>
    public IReadOnlyList<double> EnergyWeights { get; init; } = [0, 0.5, 1];

    /// <summary>
    /// Perfect power control: all users are received alike, 20 to a channel, with inputs of 2.5 Mbit. One winner per
    /// slot takes about 0.83 N slots and 0.355 N^2 requests here (games.md, finding 5; more channels take more, fewer
    /// take less).
    /// </summary>
    public static OffloadingOptions PowerControlled(int users) => new()
    {
        Users = users,
        Channels = Math.Max(1, users / 20),
        InputBits = 2.5e6,
        EqualReceivedWatts = 1e-7,
    };

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.Within(Users, 1, 10_000_000);
        Check.Within(Channels, 1, 100_000);
        Check.Positive(BandwidthHertz);
        Check.Positive(NoiseWatts);
        Check.Positive(RadiusMeters);
        Check.Positive(NearestMeters);
        Check.Within(NearestMeters, 0, RadiusMeters);
        Check.Within(PathLossExponent, 0, 10);
        Check.Positive(TransmitWatts);
        if (EqualReceivedWatts is { } received)
        {
            Check.Positive(received, nameof(EqualReceivedWatts));
        }
        Check.Positive(InputBits);
        Check.Positive(TaskCycles);
        Check.Positive(CloudCyclesPerSecond);
        Check.NotNegative(LocalJoulesPerCycle);
        Check.NotNegative(TailJoules);
        Check.NotEmpty(LocalCyclesPerSecond);
        Check.NotEmpty(EnergyWeights);
        foreach (var clock in LocalCyclesPerSecond)
        {
            Check.Positive(clock, nameof(LocalCyclesPerSecond));
        }
        foreach (var weight in EnergyWeights)
        {
            Check.Within(weight, 0, 1, nameof(EnergyWeights));
        }
    }

    /// <summary>Draws the users; user n depends on the seed and n alone.</summary>
    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    /// <exception cref="OperationCanceledException">It was stopped before all users were drawn.</exception>
    public OffloadingUser[] DrawUsers(ulong seed, CancellationToken stop = default)
    {
        Validate();
        var users = new OffloadingUser[Users];
        for (var n = 0; n < users.Length; n++)
        {
            if (n % UsersBetweenChecks == UsersBetweenChecks - 1)
            {
                stop.ThrowIfCancellationRequested();
            }
            users[n] = DrawUser(new RandomStream(seed, "offloading.user", (ulong)n));
        }
        return users;
    }

    private OffloadingUser DrawUser(RandomStream random)
    {
        var distance = Math.Max(NearestMeters, RadiusMeters * Math.Sqrt(random.NextDouble()));
        var clock = LocalCyclesPerSecond[random.NextInt(LocalCyclesPerSecond.Count)];
        var energy = EnergyWeights[random.NextInt(EnergyWeights.Count)];
        var received = EqualReceivedWatts ?? (TransmitWatts * Radio.PathLossGain(distance, PathLossExponent));
        return new OffloadingUser(
            InputBits, TaskCycles, clock, CloudCyclesPerSecond, LocalJoulesPerCycle, TransmitWatts, received,
            TailJoules, 1 - energy, energy);
    }
}
