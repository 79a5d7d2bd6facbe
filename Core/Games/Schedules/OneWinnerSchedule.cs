namespace OrleansEdge.Core.Games.Schedules;

/// <summary>
/// Request, grant, update (Chen 2016, algorithm 1): requests are the messages of all players that can improve; the
/// update of the one winner, drawn uniformly, is one more. The last slot has no request.
/// </summary>
internal static class OneWinnerSchedule
{
    public static StopReason Run(DynamicsRun run)
    {
        var random = new RandomStream(run.Options.Seed, "dynamics.winner");
        var requests = new List<Response>();
        while (true)
        {
            run.Slots++;
            requests.Clear();
            for (var player = 0; player < run.Game.PlayerCount; player++)
            {
                if (run.IsStopped)
                {
                    return StopReason.Stopped;
                }
                if (run.TryRespond(player, out var response))
                {
                    requests.Add(response);
                }
            }
            run.Requests += requests.Count;
            run.Messages += requests.Count;
            if (requests.Count == 0)
            {
                return StopReason.Equilibrium;
            }
            if (run.Ending is { } ending)
            {
                return ending;
            }
            run.Apply(requests[random.NextInt(requests.Count)]);
            run.Messages++;
        }
    }
}
