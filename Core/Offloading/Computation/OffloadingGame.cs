using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// Multi-user computation offloading over one or more channels, after Chen, IEEE TPDS 26(4), 2015 (one channel) and
/// Chen et al., IEEE/ACM ToN 24(5), 2016, together with its current profile. A user's cost is its overhead; its
/// decisions are those of the integer <see cref="InterferenceGame"/>, in which offloading is beneficial up to the
/// user's threshold, so that an improvement can never be a rounding error.
/// </summary>
/// <remarks>
/// A strategy is 0 for local, or a 1-based channel. Powers are rounded to the finest unit, a power of ten of at least
/// 1e-18, in which their sum fits; overheads are computed from the rounded powers. Thresholds are rounded down. What
/// rounding the powers does to overheads is part of their error, and so of the certificate.
/// </remarks>
public sealed class OffloadingGame : IPotentialGame, IResourceGame, IStepBoundGame
{
    private const int FinestUnitDigits = 18;

    /// <summary>Of an overhead: ten roundings and a logarithm, with room.</summary>
    private const double RelativeError = 1e-14;

    /// <summary>Of a power: its division by the unit, the unit itself, and the product in an overhead.</summary>
    private const double RoundedPowerError = 4 * CostComparison.Ulp;

    private readonly OffloadingUser[] _users;
    private readonly IUplink _uplink;
    private readonly int[] _channelNumbers;

    private GivenLoads? _loads;

    /// <summary>What the load of any channel is off by at most, in units.</summary>
    private double _loadError;

    /// <param name="users">At least one; validated.</param>
    /// <param name="uplink">How users share a channel.</param>
    /// <param name="channels">At least 1.</param>
    /// <exception cref="OrleansEdgeException">A user's quantity is out of its range (65).</exception>
    public OffloadingGame(OffloadingUser[] users, IUplink uplink, int channels)
    {
        if (users.Length == 0)
        {
            throw OrleansEdgeException.WrongData("no users; expected at least one");
        }
        (_users, _uplink) = (users, uplink);
        var total = 0.0;
        for (var user = 0; user < users.Length; user++)
        {
            users[user].Validate(user);
            total += uplink.Weight(user);
        }
        // Half of the allowed sum leaves room for the rounding of every power.
        var digits = FinestUnitDigits;
        while (total * Math.Pow(10, digits) > InterferenceGame.MaxTotalPower / 2)
        {
            digits--;
        }
        Unit = 1 / Math.Pow(10, digits);
        Interference = Quantize(channels);
        State = new InterferenceState(Interference);
        _channelNumbers = [.. Enumerable.Range(0, channels)];
    }

    /// <summary>The users, as they were given.</summary>
    public ReadOnlySpan<OffloadingUser> Users => _users;

    public int Channels => Interference.Channels;

    /// <summary>
    /// One integer of the <see cref="Interference"/> game in the uplink's unit: watts under interference.
    /// </summary>
    public double Unit { get; }

    /// <summary>The integer game that decides.</summary>
    public InterferenceGame Interference { get; }

    /// <summary>The current profile.</summary>
    public InterferenceState State { get; private set; }

    public int PlayerCount => _users.Length;

    /// <summary>The exact potential as a number, in the squared unit of the uplink: W^2 under interference.</summary>
    public double Potential => (double)State.Potential * Unit * Unit;

    public PotentialKind PotentialKind => PotentialKind.GeneralizedOrdinal;

    public int ResourceCount => Channels;

    /// <summary>Draws users and lets them interfere; every user starts local.</summary>
    /// <exception cref="OrleansEdgeException">An option is out of its range (64).</exception>
    /// <exception cref="OperationCanceledException">It was stopped before all users were drawn.</exception>
    public static OffloadingGame Draw(OffloadingOptions options, ulong seed, CancellationToken stop = default)
    {
        var users = options.DrawUsers(seed, stop);
        return new OffloadingGame(
            users, new InterferenceUplink(users, options.BandwidthHertz, options.NoiseWatts), options.Channels);
    }

    /// <summary>Puts all users on a profile.</summary>
    /// <param name="choices">[users].</param>
    public void Reset(ReadOnlySpan<int> choices) => State = new InterferenceState(Interference, choices);

    /// <summary>
    /// The overhead of a user that computes locally (choice 0) or over a channel under the others' power.
    /// </summary>
    /// <param name="othersPower">In integer units.</param>
    public double Overhead(int user, int choice, long othersPower) => choice == InterferenceGame.Local
        ? _users[user].LocalOverhead
        : _users[user].CloudOverhead(_uplink.BitsPerSecond(
            user, Interference.Powers[user] * Unit, othersPower * Unit));

    /// <summary>The user offloads, and that is no dearer than computing locally (ToN, definition 2).</summary>
    public bool IsBeneficial(int user) =>
        State.Choices[user] != InterferenceGame.Local && State.Cost(user) <= Interference.Thresholds[user];

    public int StrategyCount(int player) => Channels + 1;

    public int Strategy(int player) => State.Choices[player];

    public double Cost(int player) => DeviationCost(player, State.Choices[player]);

    public double DeviationCost(int player, int strategy) =>
        Overhead(player, strategy, strategy == InterferenceGame.Local ? 0 : State.CostOf(player, strategy));

    public void Move(int player, int strategy) => State.Move(player, strategy);

    public StrategyCost BestResponse(int player)
    {
        var choice = State.BestResponse(player);
        return new StrategyCost(choice, DeviationCost(player, choice));
    }

    /// <summary>
    /// An overhead takes some ten roundings, a logarithm among them; interference that is next to nothing beside the
    /// noise leaves the logarithm with fewer digits. The powers in it are rounded, too.
    /// </summary>
    public double CostError(int player, int strategy)
    {
        var cost = DeviationCost(player, strategy);
        if (strategy == InterferenceGame.Local)
        {
            return RelativeError * cost;
        }
        var load = State.CostOf(player, strategy);
        var (low, high) = (
            Unrounded(player, (load - _loadError) * Unit), Unrounded(player, (load + _loadError) * Unit));
        return Math.Max(high - cost, cost - low) + (RelativeError * (cost + high));
    }

    /// <summary>The integer game decides; overheads are known up to their error.</summary>
    public bool HasExactCosts => false;

    /// <summary>
    /// What a user saves in overhead by its best choice, with all powers as they were given: by computing locally, or
    /// over the channel with the least load of others, if that is less than where it is. For certain only where the
    /// integer game gives it a better choice, too: else rounding leaves it open.
    /// </summary>
    public Regret RegretOf(int player)
    {
        var current = State.Choices[player];
        if (IsBestForCertain(player, current))
        {
            return default; // nearly everybody, in an equilibrium
        }
        var isLocal = current == InterferenceGame.Local;
        var loads = _loads?.State == State && _loads.Moves == State.Moves ? _loads : _loads = new GivenLoads(this);
        var others = isLocal ? 0L : loads.Of(current) - _uplink.Weight(player);
        var now = isLocal ? _users[player].LocalOverhead : Unrounded(player, others.Nearest);
        var best = isLocal ? double.PositiveInfinity : _users[player].LocalOverhead;
        if (loads.LeastBeside(current) is { } least && (isLocal || least < others))
        {
            best = Math.Min(best, Unrounded(player, least.Nearest));
        }
        if (!(best < now * (1 + (4 * RelativeError))))
        {
            return default;
        }
        var regret = Regret.Between(now, RelativeError * now, best, RelativeError * best);
        return State.BestResponse(player) == current ? regret with { Least = 0 } : regret;
    }

    public ReadOnlySpan<int> Resources(int player, int strategy) =>
        strategy == InterferenceGame.Local ? [] : _channelNumbers.AsSpan(strategy - 1, 1);

    public StepBound? StepBound(double epsilon) => new(
        Interference.MaxMoves, "Q_max^2 N^2 / (2 Q_min) + Q_max T_max N / Q_min (Chen et al. 2016, theorem 3)");

    /// <summary>
    /// The certificate of the current profile. A user whom the integer game gives no better choice has no regret; the
    /// regret of any other is its gain in overhead.
    /// </summary>
    public EquilibriumCertificate Certify(StopReason stopReason) => Certificates.Issue(this, 0, stopReason);

    /// <summary>All other choices are dearer by more than rounding, which is seen without the exact loads.</summary>
    private bool IsBestForCertain(int player, int current)
    {
        const double Room = 1 + (8 * RelativeError);
        var (least, local) = (State.Loads.LeastLoad, _users[player].LocalOverhead);
        if (current == InterferenceGame.Local)
        {
            return Unrounded(player, (least - _loadError) * Unit) > local * Room;
        }
        var others = State.CostOf(player, current);
        var lead = State.Loads.LeastLoaded == current - 1 ? Interference.Powers[player] : least - others;
        return lead > 2 * _loadError && Unrounded(player, (others + _loadError) * Unit) * Room < local;
    }

    /// <summary>The overhead over a channel with the user's weight as it was given.</summary>
    private double Unrounded(int user, double othersWeight) => _users[user].CloudOverhead(_uplink.BitsPerSecond(
        user, _uplink.Weight(user), Math.Max(0, othersWeight)));

    private InterferenceGame Quantize(int channels)
    {
        var (powers, thresholds) = (new long[_users.Length], new long[_users.Length]);
        for (var user = 0; user < powers.Length; user++)
        {
            var weight = _uplink.Weight(user);
            powers[user] = weight > 0 && double.IsFinite(weight)
                ? Math.Max(1, (long)Math.Round(weight / Unit))
                : throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                    $"user {user}: uplink weight {weight}; expected a finite number above 0"));
            _loadError += Math.Abs((weight / Unit) - powers[user]) + (RoundedPowerError * powers[user]);
            var threshold = Math.Floor(_uplink.Threshold(user, powers[user] * Unit) / Unit);
            thresholds[user] = double.IsNaN(threshold)
                ? throw OrleansEdgeException.WrongData($"user {user}: threshold is not a number")
                : (long)Math.Min(threshold, InterferenceGame.MaxTotalPower);
        }
        return new InterferenceGame(powers, thresholds, channels);
    }

    /// <summary>The loads of a profile's channels by the powers as they were given, without rounding.</summary>
    private sealed class GivenLoads
    {
        private readonly Dyadic[] _loads;
        private readonly int _least;
        private readonly Dyadic? _second;

        public GivenLoads(OffloadingGame game)
        {
            (State, Moves, _loads) = (game.State, game.State.Moves, new Dyadic[game.Channels]);
            var choices = State.Choices;
            for (var user = 0; user < choices.Length; user++)
            {
                if (choices[user] != InterferenceGame.Local)
                {
                    _loads[choices[user] - 1] += game._uplink.Weight(user);
                }
            }
            for (var channel = 1; channel < _loads.Length; channel++)
            {
                var load = _loads[channel];
                (_least, _second) = load < _loads[_least] ? (channel, _loads[_least])
                    : (_least, _second is { } second && second <= load ? second : load);
            }
        }

        public InterferenceState State { get; }

        /// <summary>The state's moves when the loads were formed.</summary>
        public long Moves { get; }

        public Dyadic Of(int choice) => _loads[choice - 1];

        /// <summary>The least load of the channels but the chosen one; null where there is no other.</summary>
        public Dyadic? LeastBeside(int choice) => choice - 1 == _least ? _second : _loads[_least];
    }
}
