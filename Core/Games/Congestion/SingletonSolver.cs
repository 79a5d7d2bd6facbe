namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// Round-robin best response on a <see cref="SingletonGame"/>, preceded by an optional greedy pass. The same moves as
/// <see cref="ResponseDynamics"/> with <see cref="MoveSchedule.RoundRobin"/>, without its calls through an interface.
/// </summary>
public static class SingletonSolver
{
    private const int PlayersBetweenChecks = 1 << 14;

    /// <summary>Plays from the game's current profile, which it changes, to an equilibrium.</summary>
    /// <param name="game">The game.</param>
    /// <param name="maxSteps">Moves after which it gives up with <see cref="StopReason.StepLimit"/>.</param>
    /// <param name="progress">Called after every sweep.</param>
    /// <param name="stop">Ends it with <see cref="StopReason.Stopped"/> on the profile that it has then.</param>
    public static EquilibriumCertificate Solve(
        SingletonGame game, long maxSteps = long.MaxValue, Action<SolverProgress>? progress = null,
        CancellationToken stop = default)
    {
        var potentialStart = game.Potential;
        var (steps, sweeps) = (0L, 0L);
        var (reason, isExact) = (StopReason.StepLimit, false);
        EquilibriumCertificate? certificate = null;
        while (steps < maxSteps)
        {
            sweeps++;
            var before = steps;
            steps += Sweep(game, isExact, maxSteps - steps, stop);
            if (stop.IsCancellationRequested)
            {
                reason = StopReason.Stopped;
                break;
            }
            if (steps == before)
            {
                reason = StopReason.Equilibrium;
                // Where doubles leave a gain open, sweeps that do not round go on.
                certificate = Certify(game, reason);
                if (isExact || certificate.IsEquilibrium)
                {
                    break;
                }
                (isExact, reason) = (true, StopReason.StepLimit);
            }
            progress?.Invoke(new SolverProgress(
                double.NaN, FormattableString.Invariant($"{steps:#,0} moves, sweep {sweeps}")));
        }
        return (reason == StopReason.Equilibrium ? certificate! : Certify(game, reason)) with
        {
            PotentialStart = potentialStart,
            Steps = steps,
            Slots = sweeps,
            Messages = steps,
        };
    }

    private static long Sweep(SingletonGame game, bool isExact, long maxSteps, CancellationToken stop)
    {
        var steps = 0L;
        for (var player = 0; player < game.PlayerCount && steps < maxSteps; player++)
        {
            if (player % PlayersBetweenChecks == 0 && stop.IsCancellationRequested)
            {
                break;
            }
            var resource = isExact ? game.BestResource(player, out _) : game.BestResourceByDoubles(player);
            if (resource != game.Assignment[player])
            {
                game.MoveTo(player, resource);
                steps++;
            }
        }
        return steps;
    }

    private static EquilibriumCertificate Certify(SingletonGame game, StopReason reason)
    {
        var (tally, settled) = (new RegretTally(0), 0);
        for (var player = 0; player < game.PlayerCount; player++)
        {
            var best = game.BestResource(player, out _);
            if (best != game.Assignment[player])
            {
                tally.Add(game.RegretOf(player, best));
            }
            else
            {
                settled++;
            }
        }
        tally.Add(default, settled);
        return tally.ToCertificate(reason) with
        {
            PotentialEnd = game.Potential,
            ProfileHash = ProfileHash.Of(game.Assignment),
        };
    }
}
