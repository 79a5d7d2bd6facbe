using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.CrossEdge;

/// <summary>Finds a slot's selections by each <see cref="SelectionPolicy"/>.</summary>
public static class SelectionPolicies
{
    /// <summary>The selections and their certificate for the slot's game.</summary>
    public static (CrossEdgeState State, EquilibriumCertificate Certificate) Select(
        CrossEdgeSlot slot, SelectionPolicy policy, ref RandomStream random, CancellationToken stop = default)
    {
        var state = new CrossEdgeState(slot);
        switch (policy)
        {
            case SelectionPolicy.BestResponse:
                return (state, CrossEdgeDynamics.Run(state, stop: stop));
            case SelectionPolicy.Exchange:
                CrossEdgeDynamics.Run(state, stop: stop);
                CrossEdgeDynamics.Exchange(state, stop);
                return (state, CrossEdgeDynamics.Run(state, stop: stop));
            case SelectionPolicy.Racos:
                state = RacosSearch.Solve(slot, new RacosOptions(), ref random, stop);
                break;
            case SelectionPolicy.Exact:
                var optimum = CrossEdgeExactSearch.Solve(slot, stop: stop);
                for (var task = 0; task < slot.Tasks.Length; task++)
                {
                    state.Select(task, optimum.Selections[task]);
                }
                break;
            case SelectionPolicy.Random:
                Random(state, ref random);
                break;
            default:
                ByRate(state, policy == SelectionPolicy.FewestSites);
                break;
        }
        var certificate = state.Certify(StopReason.StepLimit);
        return (state, certificate.IsEquilibrium
            ? certificate with { StopReason = StopReason.Equilibrium }
            : certificate);
    }

    private static void Random(CrossEdgeState state, ref RandomStream random)
    {
        for (var task = 0; task < state.Selections.Length; task++)
        {
            var free = Free(state, task);
            if (free.Length > 0)
            {
                random.Shuffle<int>(free);
                var links = free[..(1 + random.NextInt(free.Length))];
                state.Select(task, SiteSelection.OrDropped(state.Slot, task, links));
            }
        }
    }

    private static void ByRate(CrossEdgeState state, bool fewest)
    {
        for (var task = 0; task < state.Selections.Length; task++)
        {
            var links = state.Slot.Tasks[task].Links;
            var free = Free(state, task).OrderBy(link => links[link].SendSecondsPerBit).ToArray();
            var candidates = Enumerable.Range(1, free.Length)
                .Select(count => SiteSelection.OrDropped(state.Slot, task, free[..count]))
                .Where(pick => !pick.IsDropped);
            var chosen = fewest ? candidates.FirstOrDefault() : candidates.MinBy(pick => pick.Value.Seconds);
            state.Select(task, chosen ?? SiteSelection.Drop(state.Slot));
        }
    }

    private static int[] Free(CrossEdgeState state, int task) =>
        [.. Enumerable.Range(0, state.Slot.Tasks[task].Links.Length).Where(link => state.HasPlace(task, link))];
}
