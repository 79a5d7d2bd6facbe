using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.CrossEdge;

/// <summary>Best responses of a slot's tasks, one after the other, until a whole round changes nothing.</summary>
public static class CrossEdgeDynamics
{
    /// <summary>
    /// Plays from the current selections. Every move costs a message to each site that it leaves or enters.
    /// </summary>
    /// <param name="onMove">Called after every move with the task and the sum of all costs.</param>
    /// <param name="stop">Ends it with <see cref="StopReason.Stopped"/> on the selections that it has then.</param>
    public static EquilibriumCertificate Run(
        CrossEdgeState state, int maxRounds = 10_000, Action<int, double>? onMove = null,
        CancellationToken stop = default)
    {
        var start = state.Objective;
        var (steps, rounds, messages, reason) = (0L, 0L, 0L, StopReason.StepLimit);
        while (reason == StopReason.StepLimit && rounds < maxRounds)
        {
            rounds++;
            var before = steps;
            for (var task = 0; task < state.Selections.Length && !stop.IsCancellationRequested; task++)
            {
                var current = state.Selections[task];
                var best = state.BestResponse(task);
                if (best != current)
                {
                    messages += current.Links.Except(best.Links).Count() + best.Links.Except(current.Links).Count();
                    state.Select(task, best);
                    steps++;
                    onMove?.Invoke(task, state.Objective);
                }
            }
            reason = stop.IsCancellationRequested ? StopReason.Stopped
                : steps == before ? StopReason.Equilibrium
                : StopReason.StepLimit;
        }
        return state.Certify(reason) with
        {
            PotentialStart = start,
            Steps = steps,
            Slots = rounds,
            Messages = messages,
        };
    }

    /// <summary>
    /// Improves an equilibrium centrally: a task takes a place on a full site from another, which then responds, if
    /// the sum of both costs falls. Ends when no such exchange helps; returns the exchanges made.
    /// </summary>
    /// <param name="stop">Ends the exchanges.</param>
    public static int Exchange(CrossEdgeState state, CancellationToken stop = default)
    {
        var exchanges = 0;
        for (var improved = true; improved;)
        {
            improved = false;
            for (var task = 0; task < state.Selections.Length; task++)
            {
                for (var other = 0; other < state.Selections.Length && !stop.IsCancellationRequested; other++)
                {
                    if (other != task && TryExchange(state, task, other))
                    {
                        exchanges++;
                        improved = true;
                    }
                }
            }
        }
        return exchanges;
    }

    private static bool HoldsWantedPlace(CrossEdgeState state, int task, int other)
    {
        foreach (var link in state.Selections[other].Links)
        {
            var site = state.Slot.Tasks[other].Links[link].Site;
            var mine = Array.FindIndex(state.Slot.Tasks[task].Links, candidate => candidate.Site == site);
            if (mine >= 0 && !state.HasPlace(task, mine))
            {
                return true;
            }
        }
        return false;
    }

    // The other gives up its places, the task responds first, then the other.
    private static bool TryExchange(CrossEdgeState state, int task, int other)
    {
        var (mine, theirs) = (state.Selections[task], state.Selections[other]);
        if (!HoldsWantedPlace(state, task, other))
        {
            return false;
        }
        var before = mine.Value.Cost + theirs.Value.Cost;
        state.Select(other, SiteSelection.Drop(state.Slot));
        state.Select(task, state.BestResponse(task));
        state.Select(other, state.BestResponse(other));
        var errors = mine.Value.Error + theirs.Value.Error
            + state.Selections[task].Value.Error + state.Selections[other].Value.Error;
        if (state.Selections[task].Value.Cost + state.Selections[other].Value.Cost < before - (2 * errors))
        {
            return true;
        }
        state.Select(other, SiteSelection.Drop(state.Slot));
        state.Select(task, mine);
        state.Select(other, theirs);
        return false;
    }
}
