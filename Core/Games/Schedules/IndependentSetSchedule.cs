namespace OrleansEdge.Core.Games.Schedules;

/// <summary>
/// Simultaneous moves: in each slot all players respond to the same profile; going through them in a random order, a
/// move is taken if it touches no resource of a move already taken. Every request is a message and every granted move
/// one more.
/// </summary>
internal static class IndependentSetSchedule
{
    public static StopReason Run(DynamicsRun run, IResourceGame game)
    {
        var order = Enumerable.Range(0, game.PlayerCount).ToArray();
        var touched = new long[game.ResourceCount];
        var random = new RandomStream(run.Options.Seed, "dynamics.independent");
        var taken = new List<Response>();
        while (true)
        {
            run.Slots++;
            taken.Clear();
            random.Shuffle<int>(order);
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
                run.Messages++;
                if (TryTouch(game, response, touched, run.Slots))
                {
                    taken.Add(response);
                }
            }
            if (taken.Count == 0)
            {
                return StopReason.Equilibrium;
            }
            foreach (var response in taken)
            {
                if (run.Ending is { } ending)
                {
                    return ending;
                }
                run.Apply(response);
                run.Messages++;
            }
        }
    }

    private static bool TryTouch(IResourceGame game, Response response, long[] touched, long slot)
    {
        var from = game.Resources(response.Player, game.Strategy(response.Player));
        var to = game.Resources(response.Player, response.Strategy);
        foreach (var resource in from)
        {
            if (touched[resource] == slot)
            {
                return false;
            }
        }
        foreach (var resource in to)
        {
            if (touched[resource] == slot)
            {
                return false;
            }
        }
        foreach (var resource in from)
        {
            touched[resource] = slot;
        }
        foreach (var resource in to)
        {
            touched[resource] = slot;
        }
        return true;
    }
}
