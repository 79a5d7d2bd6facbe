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
            var largest = default(Response);
            for (var player = 0; player < run.Game.PlayerCount; player++)
            {
                if (run.TryRespond(player, out var response))
                {
                    run.Messages++;
                    largest = response.Gain > largest.Gain ? response : largest;
                }
            }
            if (!(largest.Gain > 0))
            {
                return StopReason.Equilibrium;
            }
            if (run.IsExhausted)
            {
                return StopReason.StepLimit;
            }
            run.Apply(largest);
            run.Messages++;
            if (cycle.IsRevisit())
            {
                return StopReason.Cycle;
            }
        }
    }
}
