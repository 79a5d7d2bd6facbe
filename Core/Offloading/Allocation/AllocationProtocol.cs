using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.Allocation;

/// <summary>
/// EUAGame's iterations (He et al., algorithm 1): in each, every user that has a better server contends and one, drawn
/// uniformly, moves. The same draws and counts as <see cref="MoveSchedule.OneWinnerPerSlot"/> of
/// <see cref="ResponseDynamics"/>, but only the users in reach of the two changed servers think again.
/// </summary>
public static class AllocationProtocol
{
    private const int SlotsBetweenReports = 64;

    /// <summary>Runs from the game's current profile.</summary>
    /// <param name="seed">Decides the winners.</param>
    /// <param name="maxSlots">After as many the run stops with <see cref="StopReason.StepLimit"/>.</param>
    /// <param name="traceEvery">
    /// The potential is recorded at the start and after every so many moves; 0 for never.
    /// </param>
    /// <param name="progress">Called now and then.</param>
    /// <param name="stop">Ends it with <see cref="StopReason.Stopped"/> on the profile that it has then.</param>
    /// <param name="giveUp">Ends the certificate too: it says how many users were not asked.</param>
    public static DynamicsResult Run(
        AllocationGame game, ulong seed, long maxSlots = long.MaxValue, int traceEvery = 0,
        Action<SolverProgress>? progress = null, CancellationToken stop = default, CancellationToken giveUp = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSlots);
        var random = new RandomStream(seed, "dynamics.winner");
        var usersOfServer = Reach(game.Problem);
        var (requests, choices) = (new RequestSet(game.PlayerCount), new int[game.PlayerCount]);
        for (var user = 0; user < choices.Length && !stop.IsCancellationRequested; user++)
        {
            Think(game, user, requests, choices);
        }
        var (start, slots, rtu, steps) = (game.Potential, 1L, (long)requests.Count, 0L);
        var trace = new List<double>();
        Record(game, trace, traceEvery, steps);
        while (requests.Count > 0 && slots < maxSlots && !stop.IsCancellationRequested)
        {
            if (slots % SlotsBetweenReports == 0)
            {
                progress?.Invoke(new SolverProgress(
                    double.NaN, FormattableString.Invariant($"slot {slots:#,0}, {requests.Count:#,0} requests")));
            }
            var winner = requests.At(random.NextInt(requests.Count));
            var from = game.State.Servers[winner];
            game.Move(winner, choices[winner]);
            Record(game, trace, traceEvery, ++steps);
            foreach (var server in new[] { from, game.State.Servers[winner] })
            {
                foreach (var user in server == AllocationState.None ? [] : usersOfServer[server])
                {
                    Think(game, user, requests, choices);
                }
            }
            slots++;
            rtu += requests.Count;
        }
        var reason = stop.IsCancellationRequested ? StopReason.Stopped
            : requests.Count == 0 ? StopReason.Equilibrium
            : StopReason.StepLimit;
        return new DynamicsResult
        {
            Certificate = Certificates.Issue(game, 0, reason, giveUp: giveUp) with
            {
                PotentialStart = start,
                Steps = steps,
                Slots = slots,
                Messages = rtu + steps,
            },
            Profile = [.. Enumerable.Range(0, game.PlayerCount).Select(game.Strategy)],
            Trace = [.. trace],
            Requests = rtu,
        };
    }

    private static void Record(AllocationGame game, List<double> trace, int traceEvery, long steps)
    {
        if (traceEvery > 0 && steps % traceEvery == 0)
        {
            trace.Add(game.Potential);
        }
    }

    private static void Think(AllocationGame game, int user, RequestSet requests, int[] choices)
    {
        choices[user] = game.BestResponse(user).Strategy;
        requests.Set(user, choices[user] != game.Strategy(user));
    }

    private static List<int>[] Reach(AllocationProblem problem)
    {
        var reach = Enumerable.Range(0, problem.Servers).Select(_ => new List<int>()).ToArray();
        for (var user = 0; user < problem.Users; user++)
        {
            foreach (var server in problem.Coverage.Sites(user))
            {
                reach[server].Add(user);
            }
        }
        return reach;
    }
}
