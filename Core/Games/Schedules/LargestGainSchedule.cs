namespace OrleansEdge.Core.Games.Schedules;

/// <summary>
/// The player with the largest gain moves; every player that can improve offers its gain in one message.
/// </summary>
internal static class LargestGainSchedule
{
    public static StopReason Run(DynamicsRun run)
    {
        var cycle = new CycleDetector(run);
        while (true)
        {
            run.Slots++;
            Response? largest = null;
            for (var player = 0; player < run.Game.PlayerCount; player++)
            {
                if (run.IsStopped)
                {
                    return StopReason.Stopped;
                }
                if (run.TryRespond(player, out var response))
                {
                    run.Messages++;
                    largest = largest is null || response.Gain > largest.Value.Gain ? response : largest;
                }
            }
            if (largest is null)
            {
                return StopReason.Equilibrium;
            }
            if (run.Ending is { } ending)
            {
                return ending;
            }
            run.Apply(largest.Value);
            run.Messages++;
            if (cycle.IsRevisit())
            {
                return StopReason.Cycle;
            }
        }
    }
}
