namespace OrleansEdge.Core.Games;

/// <summary>Issues certificates by asking every player for its best response.</summary>
public static class Certificates
{
    /// <summary>The certificate of a game's current profile; steps, slots and messages are left at 0.</summary>
    /// <param name="game">The game, which is not changed.</param>
    /// <param name="epsilon">Regrets up to this count as none, at least 0.</param>
    /// <param name="stopReason">Why the solver stopped.</param>
    /// <param name="relativeEpsilon">Regrets up to this share of a player's cost count as none, at least 0.</param>
    /// <param name="giveUp">Players not yet asked are left out.</param>
    public static EquilibriumCertificate Issue(
        IFiniteGame game, double epsilon, StopReason stopReason, double relativeEpsilon = 0,
        CancellationToken giveUp = default)
    {
        var tally = new RegretTally(epsilon);
        var (maxRelative, asked) = (0.0, 0);
        for (; asked < game.PlayerCount && !giveUp.IsCancellationRequested; asked++)
        {
            var regret = game.RegretOf(asked);
            var cost = relativeEpsilon > 0 || regret.Least > 0 ? Math.Abs(game.Cost(asked)) : 0;
            tally.Add(regret, allowed: relativeEpsilon * cost);
            maxRelative = regret.Least > 0 ? Math.Max(maxRelative, regret.Most / cost) : maxRelative;
        }
        return tally.ToCertificate(stopReason) with
        {
            PlayerCount = game.PlayerCount,
            UnaskedCount = game.PlayerCount - asked,
            MaxRelativeRegret = maxRelative,
            RelativeTolerance = relativeEpsilon,
            ProfileHash = ProfileHash.Of(game),
            PotentialEnd = (game as IPotentialGame)?.Potential,
        };
    }
}

/// <summary>Collects regrets one by one, or many equal ones at once.</summary>
/// <param name="epsilon">Regrets up to this count as none, at least 0.</param>
public struct RegretTally(double epsilon)
{
    private readonly double _epsilon = epsilon;
    private double _tolerance = epsilon;
    private double _max;
    private double _sum;
    private double _lost;
    private long _positive;
    private long _unsettled;
    private long _players;

    /// <summary>Adds <paramref name="players"/> equal regrets.</summary>
    /// <param name="allowed">A regret of these players up to this counts as none too.</param>
    public void Add(Regret regret, long players = 1, double allowed = 0)
    {
        _players += players;
        if (players == 0 || !(regret.Most > 0))
        {
            if (double.IsNaN(regret.Most) && players > 0)
            {
                throw OrleansEdgeException.WrongData(
                    "a player's regret is not a number; expected costs that are numbers");
            }
            return;
        }
        _max = Math.Max(_max, regret.Most);
        _positive += regret.Least > 0 ? players : 0;
        if (regret.Least > Math.Max(_epsilon, allowed))
        {
            _unsettled += players;
        }
        else
        {
            _tolerance = Math.Max(_tolerance, regret.Most);
        }
        var term = (regret.Most * players) - _lost;
        var sum = _sum + term;
        _lost = sum - _sum - term;
        _sum = sum;
    }

    public readonly EquilibriumCertificate ToCertificate(StopReason stopReason) => new()
    {
        PlayerCount = checked((int)_players),
        MaxRegret = _max,
        MeanRegret = _players == 0 ? 0 : _sum / _players,
        PositiveRegretCount = _positive,
        UnsettledCount = _unsettled,
        Tolerance = _tolerance,
        StopReason = stopReason,
    };
}
