namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// The interference-cost game behind Chen's offloading games, in integers: user n either computes locally, at cost
/// T_n, or offloads over a channel, at the sum of the other users' powers there. Its weighted potential Phi = 1/2
/// sum_{i != j on one channel} Q_i Q_j + sum_{n local} Q_n T_n (ToN eq. 17) falls by Q_n times the gain of user n with
/// every move. Powers and thresholds are multiples of one unit, so that loads, gains and potentials are exact and do
/// not depend on the order of moves or messages.
/// </summary>
/// <remarks>
/// A choice is 0 for local, or a 1-based channel, as in the paper. Immutable and safe for many threads.
/// </remarks>
public sealed class InterferenceGame
{
    /// <summary>Choice of a user that computes locally.</summary>
    public const int Local = 0;

    /// <summary>Threshold of a user that never gains by offloading: any interference is more.</summary>
    public const long Never = -1;

    /// <summary>The powers of all users may sum up to this, so that potentials stay within 128 bits.</summary>
    public const long MaxTotalPower = 1L << 61;

    private readonly long[] _powers;
    private readonly long[] _thresholds;

    /// <param name="powers">Q: [users], each above 0, their sum at most <see cref="MaxTotalPower"/>.</param>
    /// <param name="thresholds">
    /// T: [users]. Any negative value is taken as <see cref="Never"/>, and any above the sum of all powers as just
    /// above it, which changes no decision.
    /// </param>
    /// <param name="channels">At least 1.</param>
    public InterferenceGame(ReadOnlySpan<long> powers, ReadOnlySpan<long> thresholds, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        if (powers.Length != thresholds.Length)
        {
            throw OrleansEdgeException.WrongData($"{powers.Length} powers for {thresholds.Length} thresholds");
        }
        (_powers, _thresholds, Channels) = (powers.ToArray(), thresholds.ToArray(), channels);
        for (var user = 0; user < _powers.Length; user++)
        {
            TotalPower = _powers[user] > 0 && _powers[user] <= MaxTotalPower - TotalPower
                ? TotalPower + _powers[user]
                : throw OrleansEdgeException.WrongData(
                    $"user {user}: power {_powers[user]}; expected above 0 and a sum of at most {MaxTotalPower}");
        }
        for (var user = 0; user < _powers.Length; user++)
        {
            _thresholds[user] = Math.Clamp(_thresholds[user], Never, TotalPower + 1);
        }
    }

    public int Users => _powers.Length;

    public int Channels { get; }

    /// <summary>The sum of all powers.</summary>
    public long TotalPower { get; }

    /// <summary>Q: [users].</summary>
    public ReadOnlySpan<long> Powers => _powers;

    /// <summary>T: [users], clamped.</summary>
    public ReadOnlySpan<long> Thresholds => _thresholds;

    /// <summary>rho: [channels], the powers that a profile puts on each channel.</summary>
    /// <param name="choices">[users].</param>
    public long[] Loads(ReadOnlySpan<int> choices)
    {
        var loads = new long[Channels];
        for (var user = 0; user < choices.Length; user++)
        {
            if ((uint)choices[user] > (uint)Channels)
            {
                throw OrleansEdgeException.WrongData($"user {user}: choice {choices[user]}; expected 0 to {Channels}");
            }
            if (choices[user] != Local)
            {
                loads[choices[user] - 1] += _powers[user];
            }
        }
        return loads;
    }

    /// <summary>Phi of a profile, in squared units, computed from nothing but the profile.</summary>
    public Int128 Potential(ReadOnlySpan<int> choices)
    {
        Int128 twice = 0, local = 0;
        foreach (var load in Loads(choices))
        {
            twice += (Int128)load * load;
        }
        for (var user = 0; user < choices.Length; user++)
        {
            if (choices[user] == Local)
            {
                local += (Int128)_powers[user] * _thresholds[user];
            }
            else
            {
                twice -= (Int128)_powers[user] * _powers[user];
            }
        }
        return (twice / 2) + local;
    }

    /// <summary>
    /// The best response to the loads: the cheapest of staying, the least loaded channel and computing locally; a tie
    /// is no reason to move, and a channel is preferred to computing locally at the same cost.
    /// </summary>
    /// <param name="loads">All users' loads, this one's included.</param>
    /// <param name="power">The user's Q.</param>
    /// <param name="threshold">The user's T.</param>
    /// <param name="current">Its choice now.</param>
    public static int BestResponse(LoadTree loads, long power, long threshold, int current)
    {
        if (current == Local)
        {
            return loads.LeastLoad < threshold ? loads.LeastLoaded + 1 : Local;
        }
        var (best, cost) = (current, loads[current - 1] - power);
        if (loads.LeastLoad < cost)
        {
            (best, cost) = (loads.LeastLoaded + 1, loads.LeastLoad);
        }
        return threshold < cost ? Local : best;
    }

    /// <summary>
    /// The most moves that any improvement path can have: Q_max^2 N^2 / (2 Q_min) + Q_max T_max N / Q_min (ToN,
    /// theorem 3).
    /// </summary>
    public double MaxMoves
    {
        get
        {
            var (least, most, threshold) = (double.PositiveInfinity, 0.0, 0.0);
            for (var user = 0; user < _powers.Length; user++)
            {
                least = Math.Min(least, _powers[user]);
                most = Math.Max(most, _powers[user]);
                threshold = Math.Max(threshold, _thresholds[user]);
            }
            return _powers.Length == 0 ? 0
                : ((most * most * Users / 2 * Users) + (most * threshold * Users)) / least;
        }
    }
}
