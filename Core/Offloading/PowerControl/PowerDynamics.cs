using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.PowerControl;

/// <summary>Where a power control dynamics ended.</summary>
/// <param name="Watts">[users].</param>
/// <param name="Certificate">
/// Its potential is negated, so that it falls as in other games; null where the game has none.
/// </param>
/// <param name="Trace">Largest change of a power in every round, relative to that power.</param>
public sealed record PowerResult(double[] Watts, EquilibriumCertificate Certificate, double[] Trace);

/// <summary>Best responses with continuous powers, until they stand still.</summary>
public static class PowerDynamics
{
    /// <summary>Runs rounds of best responses; each response is one message.</summary>
    /// <param name="start">[users], W, each from 0 to the largest power.</param>
    /// <param name="simultaneous">
    /// All users respond to the last round, as synchronous updates do; else one after the other.
    /// </param>
    /// <param name="tolerance">Rounds end when no power changes by more than this share of itself; above 0.</param>
    /// <param name="regretTolerance">Regrets up to this share of the utility's terms count as none.</param>
    /// <param name="progress">Called after every round.</param>
    /// <param name="stop">Ends it with <see cref="StopReason.Stopped"/> on the powers that it has then.</param>
    /// <exception cref="OrleansEdgeException">A power is out of its range (65).</exception>
    public static PowerResult Run(
        PowerGame game, ReadOnlySpan<double> start, bool simultaneous = false, double tolerance = 1e-13,
        int maxRounds = 100_000, double regretTolerance = 1e-9, Action<SolverProgress>? progress = null,
        CancellationToken stop = default)
    {
        Check.Positive(tolerance);
        var (watts, trace, steps) = (Checked(game, start), new List<double>(), 0L);
        var (first, reason) = (NegatedPotential(game, watts), StopReason.StepLimit);
        while (reason == StopReason.StepLimit && trace.Count < maxRounds)
        {
            var before = (double[])watts.Clone();
            var largest = 0.0;
            for (var user = 0; user < watts.Length && !stop.IsCancellationRequested; user++)
            {
                watts[user] = game.BestResponse(user, simultaneous ? before : watts);
                if (watts[user] != before[user])
                {
                    var change = Math.Abs(watts[user] - before[user]) / Math.Max(watts[user], before[user]);
                    largest = Math.Max(largest, change);
                    steps++;
                }
            }
            trace.Add(largest);
            reason = stop.IsCancellationRequested ? StopReason.Stopped
                : largest <= tolerance ? StopReason.GapReached
                : StopReason.StepLimit;
            progress?.Invoke(new SolverProgress(
                double.NaN, FormattableString.Invariant($"round {trace.Count:#,0}, largest change {largest:g2}")));
        }
        var certificate = Certify(game, watts, regretTolerance, reason) with
        {
            PotentialStart = first,
            Steps = steps,
            Slots = trace.Count,
            Messages = steps,
        };
        return new PowerResult(watts, certificate, [.. trace]);
    }

    /// <summary>The certificate of powers, however they were found.</summary>
    /// <param name="regretTolerance">Regrets up to this share of the utility's terms count as none.</param>
    public static EquilibriumCertificate Certify(
        PowerGame game, ReadOnlySpan<double> watts, double regretTolerance, StopReason reason)
    {
        var (tally, maxRelative) = (new RegretTally(0), 0.0);
        var hash = new int[2 * watts.Length];
        for (var user = 0; user < watts.Length; user++)
        {
            var (regret, scale) = (game.RegretOf(user, watts), game.UtilityScale(user, watts));
            tally.Add(regret, allowed: regretTolerance * scale);
            maxRelative = Math.Max(maxRelative, regret.Most / scale);
            var bits = BitConverter.DoubleToInt64Bits(watts[user]);
            (hash[2 * user], hash[(2 * user) + 1]) = ((int)bits, (int)(bits >> 32));
        }
        return tally.ToCertificate(reason) with
        {
            MaxRelativeRegret = maxRelative,
            RelativeTolerance = regretTolerance,
            PotentialEnd = NegatedPotential(game, watts),
            ProfileHash = ProfileHash.Of(hash),
        };
    }

    private static double? NegatedPotential(PowerGame game, ReadOnlySpan<double> watts) =>
        game.PotentialKind is null ? null : -game.Potential(watts);

    private static double[] Checked(PowerGame game, ReadOnlySpan<double> start)
    {
        var wrong = start.Length == game.Network.Users ? -1 : 0;
        for (var user = 0; user < start.Length && wrong < 0; user++)
        {
            wrong = start[user] >= 0 && start[user] <= game.Network.MostWatts ? -1 : user;
        }
        var (users, most) = (game.Network.Users, game.Network.MostWatts);
        return wrong < 0 ? start.ToArray() : throw OrleansEdgeException.WrongData(FormattableString.Invariant(
            $"{start.Length} powers, number {wrong} wrong; expected {users} from 0 to {most} W"));
    }
}
