namespace OrleansEdge.Core.Games;

/// <summary>Issues certificates by asking every player for its best response.</summary>
public static class Certificates
{
    /// <summary>The certificate of a game's current profile; steps, slots and messages are left at 0.</summary>
    /// <param name="game">The game, which is not changed.</param>
    /// <param name="epsilon">Regrets up to this count as none, at least 0.</param>
    /// <param name="stopReason">Why the solver stopped.</param>
    /// <param name="relativeEpsilon">Regrets up to this share of a player's cost count as none, at least 0.</param>
    public static EquilibriumCertificate Issue(
        IFiniteGame game, double epsilon, StopReason stopReason, double relativeEpsilon = 0)
    {
        var tally = new RegretTally(game.CostResolution);
        var maxRelative = 0.0;
        for (var player = 0; player < game.PlayerCount; player++)
        {
            var cost = game.Cost(player);
            var regret = cost - game.BestResponse(player).Cost;
            tally.Add(regret);
            maxRelative = regret > game.CostResolution ? Math.Max(maxRelative, regret / Math.Abs(cost)) : maxRelative;
        }
        return tally.ToCertificate(epsilon, stopReason) with
        {
            MaxRelativeRegret = maxRelative,
            RelativeTolerance = relativeEpsilon,
            ProfileHash = ProfileHash.Of(game),
            PotentialEnd = (game as IPotentialGame)?.Potential,
        };
    }
}

/// <summary>Collects regrets one by one, or many equal ones at once.</summary>
/// <param name="resolution">Regrets up to this are rounding errors and are not counted as positive.</param>
public struct RegretTally(double resolution)
{
    private readonly double _resolution = resolution;
    private double _max;
    private double _sum;
    private double _lost;
    private long _positive;
    private long _players;

    /// <summary>Adds <paramref name="players"/> equal regrets; negative rounding counts as 0.</summary>
    public void Add(double regret, long players = 1)
    {
        _players += players;
        if (players == 0 || !(regret > 0))
        {
            if (double.IsNaN(regret) && players > 0)
            {
                throw OrleansEdgeException.WrongData(
                    "a player's regret is not a number; expected costs that are numbers");
            }
            return;
        }
        _max = Math.Max(_max, regret);
        _positive += regret > _resolution ? players : 0;
        var term = (regret * players) - _lost;
        var sum = _sum + term;
        _lost = sum - _sum - term;
        _sum = sum;
    }

    public readonly EquilibriumCertificate ToCertificate(double epsilon, StopReason stopReason) => new()
    {
        PlayerCount = checked((int)_players),
        MaxRegret = _max,
        MeanRegret = _players == 0 ? 0 : _sum / _players,
        PositiveRegretCount = _positive,
        Tolerance = Math.Max(epsilon, _resolution),
        StopReason = stopReason,
    };
}
