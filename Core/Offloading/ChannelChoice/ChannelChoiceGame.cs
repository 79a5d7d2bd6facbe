using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.ChannelChoice;

/// <summary>
/// Channel choice of cognitive radios (Nie, Comaniciu, Mobile Networks and Applications 11(6), 2006): a user's cost is
/// the interference that it suffers on its channel and that it causes there, sum_j (p_j G_ij + p_i G_ji) over the
/// users j of its channel. Half the sum of all costs is an exact potential, so that the best equilibrium is the
/// optimum.
/// </summary>
/// <remarks>
/// The coupling of two users is rounded to a unit of which all couplings together have at most 2^52, so that sums do
/// not depend on the order of moves. What that rounds away is in the error of a cost, and costs that are nearer to each
/// other than their errors are compared without rounding, so that no improvement is a rounding error.
/// </remarks>
public sealed class ChannelChoiceGame : IPotentialGame, IResourceGame, IStepBoundGame
{
    private const double MostUnits = 1L << 52;

    /// <summary>Units from which on a sum is right to a millionth, for every coupling in it.</summary>
    private const long FineUnits = 1L << 20;
    private readonly double[] _gains;
    private readonly double[] _watts;
    private readonly int[] _crowd;
    private readonly double _leastGain;
    private readonly long[] _couplings;
    private readonly long[] _interference;
    private readonly int[] _channels;
    private readonly int[] _numbers;
    private long _potential;

    /// <param name="gains">
    /// G: [users x users], row i the receiver of user i, column j the transmitter j; the diagonal does not matter. Kept, not
    /// copied.
    /// </param>
    /// <param name="watts">p: [users], 0 or more; kept, not copied.</param>
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
        (_gains, _watts, Channels) = (gains, watts, channels);
        var couplings = new double[gains.Length];
        for (var i = 0; i < gains.Length; i++)
        {
            var (one, other) = (i / users, i % users);
            var coupling = Watts(one, other);
            couplings[i] = one == other ? 0 : coupling >= 0 && double.IsFinite(coupling) ? coupling
                : throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                    $"users {one} and {other}: interference {coupling} W; expected a finite number, 0 or more"));
        }
        var total = couplings.Sum() / 2;
        Check.Data(double.IsFinite(total), $"interference of all users {total} W; expected a finite number");
        UnitWatts = total == 0 ? 1
            : Math.Max(double.Epsilon, Math.Pow(2, Math.Ceiling(Math.Log2(total / MostUnits)) + 1));
        _couplings = Array.ConvertAll(couplings, coupling => (long)Math.Round(coupling / UnitWatts));
        IsExact = !couplings.Where((coupling, i) => !IsWhole(i / users, i % users, coupling)).Any();
        _leastGain = IsExact ? UnitWatts : LastDigit();
        (_channels, _interference, _crowd) = (new int[users], new long[users * channels], new int[channels]);
        _crowd[0] = users;
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

    /// <summary>Every coupling is a whole number of units: nothing was rounded.</summary>
    public bool IsExact { get; }

    /// <summary>Half the sum of all costs, W.</summary>
    public double Potential => IsFine(_potential, (long)PlayerCount * PlayerCount)
        ? _potential * UnitWatts : SocialCost.Of(this) / 2;

    /// <summary>The potential in units.</summary>
    public long ExactPotential => _potential;

    public int StrategyCount(int player) => Channels;

    public int Strategy(int player) => _channels[player];

    public double Cost(int player) => DeviationCost(player, _channels[player]);

    /// <summary>Couplings so small that their units show are summed anew as they were given.</summary>
    public double DeviationCost(int player, int strategy)
    {
        var units = _interference[(player * Channels) + strategy];
        if (IsFine(units, Others(player, strategy)))
        {
            return units * UnitWatts;
        }
        var sum = 0.0;
        for (var other = 0; other < _channels.Length; other++)
        {
            sum += other != player && _channels[other] == strategy ? Watts(player, other) : 0;
        }
        return sum;
    }

    /// <summary>
    /// Half a unit for every coupling, and as much again for the roundings before; or those of a sum of doubles.
    /// </summary>
    public double CostError(int player, int strategy)
    {
        var (units, others) = (_interference[(player * Channels) + strategy], Others(player, strategy));
        return IsExact ? 0 : IsFine(units, others) ? others * UnitWatts
            : others * ((CostComparison.Ulp * 2 * DeviationCost(player, strategy)) + double.Epsilon);
    }

    public Dyadic ExactCost(int player, int strategy)
    {
        Dyadic sum = 0L;
        for (var other = 0; other < _channels.Length; other++)
        {
            if (other != player && _channels[other] == strategy)
            {
                sum += ((Dyadic)_watts[other] * _gains[(player * PlayerCount) + other])
                    + ((Dyadic)_watts[player] * _gains[(other * PlayerCount) + player]);
            }
        }
        return sum;
    }

    public void Move(int player, int strategy)
    {
        var current = _channels[player];
        _potential += _interference[(player * Channels) + strategy] - _interference[(player * Channels) + current];
        _channels[player] = strategy;
        _crowd[current]--;
        _crowd[strategy]++;
        var couplings = Row(player);
        for (var other = 0; other < couplings.Length; other++)
        {
            _interference[(other * Channels) + current] -= couplings[other];
            _interference[(other * Channels) + strategy] += couplings[other];
        }
    }

    public ReadOnlySpan<int> Resources(int player, int strategy) => _numbers.AsSpan(strategy, 1);

    /// <summary>Every improvement lowers the potential by the last digit of the couplings or more.</summary>
    public StepBound? StepBound(double epsilon) =>
        Potential * (1 + (IsExact ? 0 : 1e-5)) / Math.Max(_leastGain, epsilon) is var steps && double.IsFinite(steps)
            ? new StepBound(steps, "potential / max(last digit of a coupling, epsilon)") : null;

    /// <summary>Interference between two users if they share a channel, in units.</summary>
    public long Coupling(int one, int other) => _couplings[(one * PlayerCount) + other];

    /// <summary>The potential of any profile, W; of doubles, so that nothing is too small for it.</summary>
    public double PotentialOf(ReadOnlySpan<int> channels)
    {
        var sum = 0.0;
        for (var one = 0; one < channels.Length; one++)
        {
            for (var other = 0; other < one; other++)
            {
                sum += channels[one] == channels[other] ? Watts(one, other) : 0;
            }
        }
        return sum;
    }

    /// <summary>A sum in units is right to a millionth.</summary>
    internal bool IsFine(long units, long couplings) => IsExact || units >= couplings * FineUnits;

    private double Watts(int one, int other) => (_watts[other] * _gains[(one * _watts.Length) + other])
        + (_watts[one] * _gains[(other * _watts.Length) + one]);

    private int Others(int player, int strategy) => _crowd[strategy] - (_channels[player] == strategy ? 1 : 0);

    private bool IsWhole(int one, int other, double coupling)
    {
        var (there, here) = (_gains[(one * _watts.Length) + other], _gains[(other * _watts.Length) + one]);
        return one == other || (coupling == _couplings[(one * _watts.Length) + other] * UnitWatts
            && ErrorFree.IsExact(_watts[other], there, _watts[one] * here)
            && ErrorFree.IsExact(_watts[one], here, 0));
    }

    /// <summary>A power of two of which every coupling is a multiple.</summary>
    private double LastDigit()
    {
        const int Digits = 104;
        var exponent = int.MaxValue;
        for (var i = 0; i < _gains.Length; i++)
        {
            var (gain, watts) = (_gains[i], _watts[i % _watts.Length]);
            exponent = gain > 0 && watts > 0 && i / _watts.Length != i % _watts.Length
                ? Math.Min(exponent, Math.ILogB(gain) + Math.ILogB(watts) - Digits) : exponent;
        }
        return Math.ScaleB(1, exponent);
    }

    private ReadOnlySpan<long> Row(int user) => _couplings.AsSpan(user * PlayerCount, PlayerCount);
}
