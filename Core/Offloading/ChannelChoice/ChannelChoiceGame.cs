using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.ChannelChoice;

/// <summary>
/// Channel choice of cognitive radios (Nie, Comaniciu, Mobile Networks and Applications 11(6), 2006): a user's cost is
/// the interference that it suffers on its channel and that it causes there, sum_j (p_j G_ij + p_i G_ji) over the
/// users j of its channel. Half the sum of all costs is an exact potential, so that the best equilibrium is the
/// optimum.
/// </summary>
/// <remarks>
/// The coupling of two users is rounded to a unit of which all couplings together have at most 2^52, so that sums,
/// costs and potentials are exact and no improvement is a rounding error.
/// </remarks>
public sealed class ChannelChoiceGame : IPotentialGame, IResourceGame, IStepBoundGame
{
    private const double MostUnits = 1L << 52;
    private readonly long[] _couplings;
    private readonly long[] _interference;
    private readonly int[] _channels;
    private readonly int[] _numbers;
    private long _potential;

    /// <param name="gains">
    /// G: [users x users], row i the receiver of user i, column j the transmitter j; the diagonal does not matter.
    /// </param>
    /// <param name="watts">p: [users], 0 or more.</param>
    /// <param name="channels">At least 1; all users start on channel 0.</param>
    /// <exception cref="OrleansEdgeException">A gain or power is negative or not a number (65).</exception>
    public ChannelChoiceGame(double[] gains, double[] watts, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        var users = watts.Length;
        if (gains.Length != users * users || users == 0)
        {
            throw OrleansEdgeException.WrongData($"{gains.Length} gains for {users} users; expected their square");
        }
        var wrong = Array.FindIndex(gains, gain => !(gain >= 0));
        if (wrong >= 0)
        {
            throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                $"gains[{wrong / users}][{wrong % users}] is {gains[wrong]}; expected a number of at least 0"));
        }
        var couplings = new double[gains.Length];
        for (var i = 0; i < gains.Length; i++)
        {
            var (one, other) = (i / users, i % users);
            var coupling = (watts[other] * gains[i]) + (watts[one] * gains[(other * users) + one]);
            couplings[i] = one == other ? 0 : coupling >= 0 && double.IsFinite(coupling) ? coupling
                : throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                    $"users {one} and {other}: interference {coupling} W; expected a finite number, 0 or more"));
        }
        var total = couplings.Sum() / 2;
        UnitWatts = total > 0 ? Math.Pow(2, Math.Ceiling(Math.Log2(total / MostUnits)) + 1) : 1;
        _couplings = Array.ConvertAll(couplings, coupling => (long)Math.Round(coupling / UnitWatts));
        (Channels, _channels, _interference) = (channels, new int[users], new long[users * channels]);
        _numbers = [.. Enumerable.Range(0, channels)];
        for (var user = 0; user < users; user++)
        {
            _interference[user * channels] = Row(user).ToArray().Sum();
            _potential += _interference[user * channels];
        }
        _potential /= 2;
    }

    public int Channels { get; }

    /// <summary>Rounding of a coupling.</summary>
    public double UnitWatts { get; }

    /// <summary>[users]: 0-based channel of every user.</summary>
    public ReadOnlySpan<int> Choices => _channels;

    public int PlayerCount => _channels.Length;

    public int ResourceCount => Channels;

    /// <summary>Half the sum of all costs, W.</summary>
    public double Potential => _potential * UnitWatts;

    /// <summary>The potential in units.</summary>
    public long ExactPotential => _potential;

    public int StrategyCount(int player) => Channels;

    public int Strategy(int player) => _channels[player];

    public double Cost(int player) => DeviationCost(player, _channels[player]);

    public double DeviationCost(int player, int strategy) => _interference[(player * Channels) + strategy] * UnitWatts;

    public void Move(int player, int strategy)
    {
        var current = _channels[player];
        _potential += _interference[(player * Channels) + strategy] - _interference[(player * Channels) + current];
        _channels[player] = strategy;
        var couplings = Row(player);
        for (var other = 0; other < couplings.Length; other++)
        {
            _interference[(other * Channels) + current] -= couplings[other];
            _interference[(other * Channels) + strategy] += couplings[other];
        }
    }

    public ReadOnlySpan<int> Resources(int player, int strategy) => _numbers.AsSpan(strategy, 1);

    /// <summary>Every improvement lowers the potential by a unit or more.</summary>
    public StepBound? StepBound(double epsilon) => new(
        _potential / Math.Max(1, epsilon / UnitWatts), "potential / max(unit, epsilon)");

    /// <summary>Interference between two users if they share a channel, in units.</summary>
    public long Coupling(int one, int other) => _couplings[(one * PlayerCount) + other];

    private ReadOnlySpan<long> Row(int user) => _couplings.AsSpan(user * PlayerCount, PlayerCount);
}
