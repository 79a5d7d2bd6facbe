using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// The papers' protocol (Chen et al. 2016, algorithm 1): in every slot the base station announces the loads, every
/// user with a better response sends a request to update (RTU), one of them, drawn uniformly, is granted it and sends
/// its update (UP). A slot without requests ends the run. The same messages, slots and draws as
/// <see cref="MoveSchedule.OneWinnerPerSlot"/> of <see cref="ResponseDynamics"/>, without computing overheads.
/// </summary>
public static class OffloadingProtocol
{
    /// <summary>Runs from the game's current profile.</summary>
    /// <param name="seed">Decides the winners.</param>
    /// <param name="maxSlots">After as many the run stops with <see cref="StopReason.StepLimit"/>.</param>
    /// <param name="onSlot">Called after every slot with the slot's number from 1 and its requests.</param>
    /// <returns>Requests are RTU messages; messages are RTU and UP together; the last slot has no request.</returns>
    /// <param name="stop">Ends it with <see cref="StopReason.Stopped"/> on the profile that it has then.</param>
    public static DynamicsResult Run(
        OffloadingGame game, ulong seed, long maxSlots = long.MaxValue, Action<long, int>? onSlot = null,
        CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSlots);
        var random = new RandomStream(seed, "dynamics.winner");
        var (start, state) = (game.Potential, game.State);
        var trace = new List<double> { start };
        var requests = new List<(int User, int Choice)>();
        var (slots, rtu, steps, reason) = (0L, 0L, 0L, StopReason.StepLimit);
        while (reason == StopReason.StepLimit && slots < maxSlots)
        {
            if (stop.IsCancellationRequested)
            {
                reason = StopReason.Stopped;
                break;
            }
            slots++;
            CollectRequests(state, requests);
            rtu += requests.Count;
            if (requests.Count == 0)
            {
                reason = StopReason.Equilibrium;
            }
            else
            {
                var (user, choice) = requests[random.NextInt(requests.Count)];
                state.Move(user, choice);
                steps++;
                trace.Add(game.Potential);
            }
            onSlot?.Invoke(slots, requests.Count);
        }
        return new DynamicsResult
        {
            Certificate = game.Certify(reason) with
            {
                PotentialStart = start,
                Steps = steps,
                Slots = slots,
                Messages = rtu + steps,
            },
            Profile = state.Choices.ToArray(),
            Trace = [.. trace],
            Requests = rtu,
            Bound = game.StepBound(0),
        };
    }

    private static void CollectRequests(InterferenceState state, List<(int User, int Choice)> requests)
    {
        requests.Clear();
        var powers = state.Game.Powers;
        var thresholds = state.Game.Thresholds;
        var choices = state.Choices;
        for (var user = 0; user < choices.Length; user++)
        {
            var choice = InterferenceGame.BestResponse(state.Loads, powers[user], thresholds[user], choices[user]);
            if (choice != choices[user])
            {
                requests.Add((user, choice));
            }
        }
    }
}
