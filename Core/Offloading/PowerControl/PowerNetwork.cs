namespace OrleansEdge.Core.Offloading.PowerControl;

/// <summary>
/// Transmitters and their receivers, who hear each other: SINR_i = G p_i h_ii / (noise + sum_{j != i} p_j h_ij).
/// Immutable.
/// </summary>
public sealed class PowerNetwork
{
    private readonly double[] _gains;

    /// <param name="gains">
    /// h: [users x users], row i the receiver of user i, column j the transmitter j; the diagonal above 0.
    /// </param>
    /// <param name="noiseWatts">Above 0.</param>
    /// <param name="processingGain">G, above 0.</param>
    /// <param name="mostWatts">p_max, above 0.</param>
    /// <exception cref="OrleansEdgeException">A value is out of its range (65).</exception>
    public PowerNetwork(double[] gains, double noiseWatts, double processingGain, double mostWatts)
    {
        Users = (int)Math.Sqrt(gains.Length);
        if (Users == 0 || Users * Users != gains.Length)
        {
            throw OrleansEdgeException.WrongData($"{gains.Length} gains; expected a square of users");
        }
        for (var i = 0; i < gains.Length; i++)
        {
            var (receiver, sender) = (i / Users, i % Users);
            if (!(gains[i] >= 0) || double.IsInfinity(gains[i]) || (receiver == sender && gains[i] == 0))
            {
                throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                    $"gain {gains[i]} from user {sender} to receiver {receiver}; expected 0 or more, its own above 0"));
            }
        }
        foreach (var (value, what) in new[]
        {
            (noiseWatts, "noise"), (processingGain, "processing gain"), (mostWatts, "largest power"),
        })
        {
            if (!(value > 0) || double.IsInfinity(value))
            {
                throw OrleansEdgeException.WrongData(
                    FormattableString.Invariant($"{what} {value}; expected a finite number above 0"));
            }
        }
        _gains = (double[])gains.Clone();
        (NoiseWatts, ProcessingGain, MostWatts) = (noiseWatts, processingGain, mostWatts);
        HasSingleReceiver = Enumerable.Range(0, gains.Length).All(i => gains[i] == gains[i % Users]);
    }

    public int Users { get; }

    public double NoiseWatts { get; }

    public double ProcessingGain { get; }

    public double MostWatts { get; }

    /// <summary>All users send to one receiver: a transmitter's gain is the same everywhere.</summary>
    public bool HasSingleReceiver { get; }

    /// <summary>h: gain from a transmitter to a user's receiver.</summary>
    public double Gain(int receiver, int sender) => _gains[(receiver * Users) + sender];

    /// <summary>Noise and what the others cause at a user's receiver, W.</summary>
    /// <param name="watts">[users].</param>
    public double InterferenceWatts(int user, ReadOnlySpan<double> watts)
    {
        var sum = NoiseWatts;
        for (var other = 0; other < watts.Length; other++)
        {
            sum += other == user ? 0 : watts[other] * Gain(user, other);
        }
        return sum;
    }

    /// <summary>SINR of a user.</summary>
    public double Sinr(int user, ReadOnlySpan<double> watts) =>
        ProcessingGain * watts[user] * Gain(user, user) / InterferenceWatts(user, watts);

    /// <summary>
    /// Spectral radius of the matrix target_i h_ij / (G h_ii) without its diagonal: below 1 where all users can reach
    /// their targets with enough power (Foschini, Miljanic 1993). By power iteration on the matrix plus the identity,
    /// which is aperiodic.
    /// </summary>
    /// <param name="targets">[users].</param>
    /// <param name="stop">Ends the iteration on what it has.</param>
    public double SpectralRadius(ReadOnlySpan<double> targets, CancellationToken stop = default)
    {
        var (vector, next, radius) = (new double[Users], new double[Users], 0.0);
        Array.Fill(vector, 1);
        for (var iteration = 0; iteration < 10_000 && !stop.IsCancellationRequested; iteration++)
        {
            var (least, most) = (double.PositiveInfinity, 0.0);
            for (var i = 0; i < Users; i++)
            {
                next[i] = vector[i];
                for (var j = 0; j < Users; j++)
                {
                    next[i] += j == i ? 0 : targets[i] * Gain(i, j) / (ProcessingGain * Gain(i, i)) * vector[j];
                }
                (least, most) = (Math.Min(least, next[i] / vector[i]), Math.Max(most, next[i] / vector[i]));
            }
            // Collatz and Wielandt: the radius lies between the smallest and the largest ratio.
            radius = ((least + most) / 2) - 1;
            if (most - least <= 1e-13 * most)
            {
                break;
            }
            var scale = next.Max();
            vector = Array.ConvertAll(next, value => value / scale);
        }
        return radius;
    }
}
