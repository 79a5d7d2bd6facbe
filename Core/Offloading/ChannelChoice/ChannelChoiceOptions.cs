namespace OrleansEdge.Core.Offloading.ChannelChoice;

/// <summary>Pairs of transmitters and receivers that share channels.</summary>
public sealed record ChannelChoiceOptions
{
    /// <summary>Pairs, 1 to 5,000.</summary>
    public int Users { get; init; } = 30;

    /// <summary>Channels, 1 to 1,000.</summary>
    public int Channels { get; init; } = 4;

    /// <summary>Transmitters are uniform in a square of this side, m.</summary>
    public double SideMeters { get; init; } = 200;

    /// <summary>A receiver's distance from its transmitter, m.</summary>
    public double LinkMeters { get; init; } = 20;

    /// <summary>No interferer counts as nearer than this, m.</summary>
    public double NearestMeters { get; init; } = 1;

    public double PathLossExponent { get; init; } = 4;

    /// <summary>Power of every transmitter, W.</summary>
    public double TransmitWatts { get; init; } = 0.1;

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.Within(Users, 1, 5_000);
        Check.Within(Channels, 1, 1_000);
        Check.Positive(SideMeters);
        Check.NotNegative(LinkMeters);
        Check.Positive(NearestMeters);
        Check.Within(PathLossExponent, 0, 10);
        Check.Positive(TransmitWatts);
    }

    /// <summary>Draws the pairs; all start on channel 0.</summary>
    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public ChannelChoiceGame Draw(ulong seed) => new(DrawGains(seed), [.. Enumerable.Repeat(TransmitWatts, Users)], Channels);

    /// <summary>Draws the pairs.</summary>
    /// <returns>[users x users] gains, row i the receiver of user i.</returns>
    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public double[] DrawGains(ulong seed)
    {
        Validate();
        var (senders, receivers) = (new (double X, double Y)[Users], new (double X, double Y)[Users]);
        for (var user = 0; user < Users; user++)
        {
            var random = new RandomStream(seed, "channel.user", (ulong)user);
            senders[user] = (SideMeters * random.NextDouble(), SideMeters * random.NextDouble());
            var turn = 2 * Math.PI * random.NextDouble();
            receivers[user] =
                (senders[user].X + (LinkMeters * Math.Cos(turn)), senders[user].Y + (LinkMeters * Math.Sin(turn)));
        }
        var gains = new double[Users * Users];
        for (var i = 0; i < gains.Length; i++)
        {
            var (receiver, sender) = (receivers[i / Users], senders[i % Users]);
            var (x, y) = (receiver.X - sender.X, receiver.Y - sender.Y);
            gains[i] = Radio.PathLossGain(Math.Max(NearestMeters, Math.Sqrt((x * x) + (y * y))), PathLossExponent);
        }
        return gains;
    }
}
