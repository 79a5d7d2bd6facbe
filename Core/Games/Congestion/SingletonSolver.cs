namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// Round-robin best response on a <see cref="SingletonGame"/>, preceded by an optional greedy pass. The same moves as
/// <see cref="ResponseDynamics"/> with <see cref="MoveSchedule.RoundRobin"/>, without its calls through an interface.
/// </summary>
public static class SingletonSolver
{
    /// <summary>Plays from the game's current profile, which it changes, to an equilibrium.</summary>
    /// <param name="game">The game.</param>
    /// <param name="maxSteps">Moves after which it gives up with <see cref="StopReason.StepLimit"/>.</param>
    public static EquilibriumCertificate Solve(SingletonGame game, long maxSteps = long.MaxValue)
    {
        var potentialStart = game.Potential;
        var (steps, sweeps) = (0L, 0L);
        var reason = StopReason.StepLimit;
        while (steps < maxSteps)
        {
            sweeps++;
            var before = steps;
            steps += Sweep(game, maxSteps - steps);
            if (steps == before)
            {
                reason = StopReason.Equilibrium;
                break;
            }
        }
        return Certify(game, reason) with
        {
            PotentialStart = potentialStart,
            Steps = steps,
            Slots = sweeps,
            Messages = steps,
        };
    }

    private static long Sweep(SingletonGame game, long maxSteps)
    {
        var steps = 0L;
        for (var player = 0; player < game.PlayerCount && steps < maxSteps; player++)
        {
            var resource = game.BestResource(player, out _);
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
        var tally = new RegretTally(0);
        for (var player = 0; player < game.PlayerCount; player++)
        {
            game.BestResource(player, out var best);
            tally.Add(game.Cost(player) - best);
        }
        return tally.ToCertificate(0, reason) with
        {
            PotentialEnd = game.Potential,
            ProfileHash = ProfileHash.Of(game.Assignment),
        };
    }
}
