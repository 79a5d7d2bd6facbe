using OrleansEdge.Core.Games.Schedules;

namespace OrleansEdge.Core.Games;

/// <summary>Best and better response dynamics: players move, as a schedule lets them, until none can improve.</summary>
public static class ResponseDynamics
{
    /// <summary>Plays from the game's current profile, which it changes, and certifies where it ends.</summary>
    /// <param name="progress">Called now and then.</param>
    /// <param name="stop">Ends the run with <see cref="StopReason.Stopped"/> on the profile that it has then.</param>
    /// <param name="giveUp">Ends the certificate too: it says how many players were not asked.</param>
    /// <exception cref="OrleansEdgeException">
    /// An option is out of its range (64), or a cost is not a number (65).
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Independent sets were asked of a game that does not name its resources.
    /// </exception>
    public static DynamicsResult Run(
        IFiniteGame game, DynamicsOptions options, Action<SolverProgress>? progress = null,
        CancellationToken stop = default, CancellationToken giveUp = default)
    {
        options.Validate();
        var run = new DynamicsRun(game, options, progress, stop);
        var potentialStart = (game as IPotentialGame)?.Potential;
        var bound = options.RelativeEpsilon > 0 ? null : (game as IStepBoundGame)?.StepBound(options.Epsilon);
        run.Record();
        var reason = options.Schedule switch
        {
            MoveSchedule.RoundRobin => SweepSchedule.Run(run, shuffled: false),
            MoveSchedule.Random => SweepSchedule.Run(run, shuffled: true),
            MoveSchedule.LargestGain => LargestGainSchedule.Run(run),
            MoveSchedule.IndependentSets => IndependentSetSchedule.Run(run, RequireResources(game)),
            _ => OneWinnerSchedule.Run(run),
        };
        var certificate = Certificates.Issue(game, options.Epsilon, reason, options.RelativeEpsilon, giveUp) with
        {
            PotentialStart = potentialStart,
            Steps = run.Steps,
            Slots = run.Slots,
            Messages = run.Messages,
        };
        return new DynamicsResult
        {
            Certificate = certificate,
            Profile = run.Profile(),
            Trace = run.Trace,
            Requests = run.Requests,
            Bound = bound,
        };
    }

    private static IResourceGame RequireResources(IFiniteGame game) => game as IResourceGame
        ?? throw new ArgumentException($"{game.GetType().Name} does not name the resources that a move touches");
}
