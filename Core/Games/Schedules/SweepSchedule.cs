namespace OrleansEdge.Core.Games.Schedules;

/// <summary>
/// Sweeps in which every player gets one turn, in the order of the numbers or in a new random order. A move is
/// announced by one message.
/// </summary>
internal static class SweepSchedule
{
    public static StopReason Run(DynamicsRun run, bool shuffled)
    {
        var order = Enumerable.Range(0, run.Game.PlayerCount).ToArray();
        var random = new RandomStream(run.Options.Seed, "dynamics.sweep");
        var cycle = shuffled ? null : new CycleDetector(run);
        while (true)
        {
            if (shuffled)
            {
                random.Shuffle<int>(order);
            }
            run.Slots++;
            var before = run.Steps;
            foreach (var player in order)
            {
                if (run.IsStopped)
                {
                    return StopReason.Stopped;
                }
                if (!run.TryRespond(player, out var response))
                {
                    continue;
                }
                if (run.Ending is { } ending)
                {
                    return ending;
                }
                run.Apply(response);
                run.Messages++;
            }
            if (run.Steps == before)
            {
                return StopReason.Equilibrium;
            }
            if (cycle is not null && cycle.IsRevisit())
            {
                return StopReason.Cycle;
            }
        }
    }
}
