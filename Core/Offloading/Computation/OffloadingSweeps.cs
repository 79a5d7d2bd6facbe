using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// Best responses of all users in turn until a whole sweep changes nothing: the fast way to an equilibrium of the
/// offloading game. A response costs O(log channels), because only the least loaded channel can be an improvement.
/// </summary>
public static class OffloadingSweeps
{
    /// <summary>
    /// Runs from the game's current profile. One message per move, as in other sequential schedules.
    /// </summary>
    /// <param name="maxSweeps">After as many the run stops with <see cref="StopReason.StepLimit"/>.</param>
    public static DynamicsResult Run(OffloadingGame game, int maxSweeps = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSweeps);
        var (start, steps, sweeps) = (game.Potential, 0L, 0);
        var reason = StopReason.StepLimit;
        while (reason == StopReason.StepLimit && sweeps < maxSweeps)
        {
            var moves = game.State.Sweep(0, game.PlayerCount);
            steps += moves;
            sweeps++;
            reason = moves == 0 ? StopReason.Equilibrium : StopReason.StepLimit;
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
