using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// Best responses of all users in turn until a whole sweep changes nothing: the fast way to an equilibrium of the
/// offloading game. A response costs O(log channels), because only the least loaded channel can be an improvement.
/// </summary>
public static class OffloadingSweeps
{
    private const int UsersBetweenChecks = 1 << 16;

    /// <summary>
    /// Runs from the game's current profile. One message per move, as in other sequential schedules.
    /// </summary>
    /// <param name="maxSweeps">After as many the run stops with <see cref="StopReason.StepLimit"/>.</param>
    /// <param name="progress">Called after every sweep.</param>
    /// <param name="stop">Ends it with <see cref="StopReason.Stopped"/> on the profile that it has then.</param>
    public static DynamicsResult Run(
        OffloadingGame game, int maxSweeps = 100_000, Action<SolverProgress>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSweeps);
        var (start, steps, sweeps) = (game.Potential, 0L, 0);
        var reason = StopReason.StepLimit;
        while (reason == StopReason.StepLimit && sweeps < maxSweeps)
        {
            var moves = 0L;
            for (var first = 0; first < game.PlayerCount && !stop.IsCancellationRequested; first += UsersBetweenChecks)
            {
                moves += game.State.Sweep(first, Math.Min(game.PlayerCount, first + UsersBetweenChecks));
            }
            steps += moves;
            sweeps++;
            reason = stop.IsCancellationRequested ? StopReason.Stopped
                : moves == 0 ? StopReason.Equilibrium
                : StopReason.StepLimit;
            progress?.Invoke(new SolverProgress(
                double.NaN, FormattableString.Invariant($"{steps:#,0} moves, sweep {sweeps}")));
        }
        return new DynamicsResult
        {
            Certificate = game.Certify(reason) with
            {
                PotentialStart = start,
                Steps = steps,
                Slots = sweeps,
                Messages = steps,
            },
            Profile = game.State.Choices.ToArray(),
            Trace = [],
            Bound = game.StepBound(0),
        };
    }
}
