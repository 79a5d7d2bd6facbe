namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>
/// Rates between placements that differ in one user's site; each is in detailed balance with the Gibbs distribution.
/// </summary>
public enum TransitionRule
{
    /// <summary>exp(beta (O_f - O_f') / 2).</summary>
    Symmetric,

    /// <summary>1 / (1 + exp(beta (O_f' - O_f))): Glauber.</summary>
    Logistic,

    /// <summary>exp(-beta O_f') over the sum of the same for all sites of the user.</summary>
    GibbsPerUser,

    /// <summary>min(1, exp(-beta (O_f' - O_f))).</summary>
    Metropolis,
}

/// <summary>
/// Markov approximation (Chen, Liew, Shao, Kai, IEEE Trans. Information Theory 59(10), 2013) of the least objective
/// over placements: a continuous-time chain whose stationary distribution is exp(-beta O_f) normalised, at most
/// ln(placements) / beta above the optimum. Every user has an exponential clock for every other site; the first to
/// ring moves. All in logarithms.
/// </summary>
public sealed class MarkovApproximation
{
    private readonly PlacementGame _game;
    private readonly double _beta;
    private readonly TransitionRule _rule;
    private readonly double[] _logRates;

    /// <param name="game">Whose profile moves.</param>
    /// <param name="beta">Inverse temperature per unit of the objective, above 0.</param>
    public MarkovApproximation(PlacementGame game, double beta, TransitionRule rule)
    {
        Check.Positive(beta);
        (_game, _beta, _rule) = (game, beta, rule);
        _logRates = new double[game.PlayerCount * game.ResourceCount];
    }

    /// <summary>
    /// The most by which the stationary mean objective exceeds the least one: ln(sites^users) / beta.
    /// </summary>
    public double OptimalityGap => _game.PlayerCount * Math.Log(_game.ResourceCount) / _beta;

    /// <summary>Logarithms of a user's rates to all sites, negative infinity to its own.</summary>
    /// <param name="logRates">[sites].</param>
    public void LogRates(int user, Span<double> logRates)
    {
        var current = _game.Strategy(user);
        _game.ObjectiveChanges(user, logRates);
        for (var site = 0; site < logRates.Length; site++)
        {
            logRates[site] *= -_beta;
        }
        var all = _rule == TransitionRule.GibbsPerUser ? LogSumExp(logRates) : 0;
        for (var site = 0; site < logRates.Length; site++)
        {
            var gain = logRates[site];
            logRates[site] = site == current ? double.NegativeInfinity : _rule switch
            {
                TransitionRule.Symmetric => gain / 2,
                TransitionRule.Logistic => Math.Min(0, gain) - Math.Log(1 + Math.Exp(-Math.Abs(gain))),
                TransitionRule.GibbsPerUser => gain - all,
                _ => Math.Min(0, gain),
            };
        }
    }

    /// <summary>
    /// Lets the next clock ring: moves one user and returns how long the chain had stayed, in units of the rates'
    /// time.
    /// </summary>
    public double Step(ref RandomStream random)
    {
        var sites = _game.ResourceCount;
        if (sites < 2)
        {
            return double.PositiveInfinity;
        }
        for (var user = 0; user < _game.PlayerCount; user++)
        {
            LogRates(user, _logRates.AsSpan(user * sites, sites));
        }
        var total = LogSumExp(_logRates);
        var left = random.NextDouble();
        var chosen = -1;
        for (var i = 0; i < _logRates.Length && left >= 0; i++)
        {
            var share = Math.Exp(_logRates[i] - total);
            (chosen, left) = share > 0 ? (i, left - share) : (chosen, left);
        }
        _game.Move(chosen / sites, chosen % sites);
        return random.NextExponential(Math.Exp(-total));
    }

    /// <summary>
    /// Walks a number of steps and returns the best placement that was visited, on which the game is left.
    /// </summary>
    /// <param name="stop">Ends the walk.</param>
    public int[] Search(int steps, ref RandomStream random, CancellationToken stop = default)
    {
        var (best, bestObjective) = (_game.Sites.ToArray(), _game.Objective);
        for (var step = 0; step < steps && _game.ResourceCount > 1 && !stop.IsCancellationRequested; step++)
        {
            Step(ref random);
            if (_game.Objective is var objective && objective < bestObjective)
            {
                (best, bestObjective) = (_game.Sites.ToArray(), objective);
            }
        }
        for (var user = 0; user < best.Length; user++)
        {
            _game.Move(user, best[user]);
        }
        return best;
    }

    /// <summary>ln sum exp, without overflow.</summary>
    public static double LogSumExp(ReadOnlySpan<double> values)
    {
        var most = double.NegativeInfinity;
        foreach (var value in values)
        {
            most = Math.Max(most, value);
        }
        if (double.IsInfinity(most))
        {
            return most;
        }
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += Math.Exp(value - most);
        }
        return most + Math.Log(sum);
    }
}
