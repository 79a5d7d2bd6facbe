namespace OrleansEdge.Core.Offloading.PowerControl;

/// <summary>What users want of their power.</summary>
public enum PowerUtility
{
    /// <summary>ln SINR less a price.</summary>
    LogSinr,

    /// <summary>ln(1 + SINR) less a price.</summary>
    Rate,

    /// <summary>An SINR at the target; with one receiver the slides' cognitive radio game.</summary>
    Target,
}

/// <summary>Power control in a cellular or cognitive radio network.</summary>
public sealed record PowerControlOptions
{
    /// <summary>Transmitters, 1 to 5,000.</summary>
    public int Users { get; init; } = 10;

    /// <summary>
    /// All users send to one receiver in the middle; else each to its own nearby, as secondary users do.
    /// </summary>
    public bool SingleReceiver { get; init; } = true;

    /// <summary>Transmitters are uniform in a disk of this radius, m.</summary>
    public double RadiusMeters { get; init; } = 500;

    /// <summary>No transmitter is nearer to a receiver than this, m.</summary>
    public double NearestMeters { get; init; } = 10;

    /// <summary>Distance to the own receiver where each user has one, m.</summary>
    public double LinkMeters { get; init; } = 30;

    public double PathLossExponent { get; init; } = 4;

    public double NoiseWatts { get; init; } = 1e-13;

    /// <summary>G, or K on the slides.</summary>
    public double ProcessingGain { get; init; } = 64;

    /// <summary>p_max, W.</summary>
    public double MostWatts { get; init; } = 1;

    public PowerUtility Utility { get; init; } = PowerUtility.Target;

    /// <summary>c, per W, above 0.</summary>
    public double PricePerWatt { get; init; } = 2;

    /// <summary>Target SINR, a ratio, above 0.</summary>
    public double TargetSinr { get; init; } = 5;

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.Within(Users, 1, 5_000);
        Check.Positive(RadiusMeters);
        Check.Positive(NearestMeters);
        Check.Positive(LinkMeters);
        Check.Within(PathLossExponent, 0, 10);
        Check.Positive(NoiseWatts);
        Check.Positive(ProcessingGain);
        Check.Positive(MostWatts);
        Check.Positive(PricePerWatt);
        Check.Positive(TargetSinr);
        Check.Require(Enum.IsDefined(Utility), nameof(Utility), (int)Utility, "a known utility");
    }

    /// <summary>Draws the network and makes the game.</summary>
    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public PowerGame Draw(ulong seed)
    {
        Validate();
        var (senders, receivers) = (new (double X, double Y)[Users], new (double X, double Y)[Users]);
        for (var user = 0; user < Users; user++)
        {
            var random = new RandomStream(seed, "power.user", (ulong)user);
            senders[user] = InDisk(RadiusMeters * Math.Sqrt(random.NextDouble()), random.NextDouble());
            var offset = InDisk(LinkMeters, random.NextDouble());
            receivers[user] = SingleReceiver ? (0, 0) : (senders[user].X + offset.X, senders[user].Y + offset.Y);
        }
        var gains = new double[Users * Users];
        for (var i = 0; i < gains.Length; i++)
        {
            var (receiver, sender) = (receivers[i / Users], senders[i % Users]);
            var distance = Math.Sqrt(Square(receiver.X - sender.X) + Square(receiver.Y - sender.Y));
            gains[i] = Radio.PathLossGain(Math.Max(NearestMeters, distance), PathLossExponent);
        }
        return GameOn(new PowerNetwork(gains, NoiseWatts, ProcessingGain, MostWatts));
    }

    /// <summary>The game of these utilities on a network, wherever that comes from.</summary>
    public PowerGame GameOn(PowerNetwork network) => Utility switch
    {
        PowerUtility.LogSinr => new LogSinrPowerGame(network, PricePerWatt),
        PowerUtility.Rate => new RatePowerGame(network, PricePerWatt),
        _ => new TargetPowerGame(network, [.. Enumerable.Repeat(TargetSinr, network.Users)]),
    };

    private static double Square(double value) => value * value;

    private static (double X, double Y) InDisk(double radius, double turn) =>
        (radius * Math.Cos(2 * Math.PI * turn), radius * Math.Sin(2 * Math.PI * turn));
}
