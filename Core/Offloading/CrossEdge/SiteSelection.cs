namespace OrleansEdge.Core.Offloading.CrossEdge;

/// <summary>A task's selection and what it costs.</summary>
/// <param name="Links">Indices into the task's links, ascending; none for a dropped task.</param>
public sealed record SiteSelection(int[] Links, SelectionCost Value)
{
    /// <summary>Nothing is selected.</summary>
    public bool IsDropped => Links.Length == 0;

    /// <summary>
    /// The cheapest selection among the allowed links. For each slowest link and each number of sites it takes those
    /// among the links no slower that send for the least energy; with a battery above theta, where energy is to be
    /// spent, those that send for the most, unless the limit of energy forbids it.
    /// </summary>
    /// <param name="isAllowed">Whether a link, by its index, may be used.</param>
    public static SiteSelection Best(CrossEdgeSlot slot, int task, Func<int, bool> isAllowed) =>
        Best(slot, task, isAllowed, out _);

    /// <summary>The same, with a bound on what was not looked at.</summary>
    /// <param name="least">No selection that it has not looked at costs less; infinite where it missed none.</param>
    public static SiteSelection Best(CrossEdgeSlot slot, int task, Func<int, bool> isAllowed, out double least)
    {
        least = double.PositiveInfinity;
        var links = slot.Tasks[task].Links;
        var order = Enumerable.Range(0, links.Length).Where(isAllowed)
            .OrderBy(index => links[index].SecondsPerBit).ThenBy(index => index).ToArray();
        var spends = slot.Tasks[task].VirtualBatteryJoules > 0;
        var (best, value) = (Array.Empty<int>(), slot.Dropped);
        var ranked = new List<int>();
        foreach (var slowest in order)
        {
            Insert(ranked, slowest, index => (spends ? -1 : 1) * links[index].SendSecondsPerBit);
            Consider(slot, task, ranked, links[slowest].SecondsPerBit, fromEnd: false, ref best, ref value, ref least);
            if (spends)
            {
                Consider(slot, task, ranked, links[slowest].SecondsPerBit, fromEnd: true, ref best, ref value, ref least);
            }
        }
        Array.Sort(best);
        return new SiteSelection(best, value);
    }

    /// <summary>The selection with its value, or the dropped task where the deadline or energy is exceeded.</summary>
    public static SiteSelection OrDropped(CrossEdgeSlot slot, int task, int[] links) =>
        slot.Evaluate(task, links) is { } value ? new SiteSelection(links, value) : Drop(slot);

    /// <summary>The dropped task.</summary>
    public static SiteSelection Drop(CrossEdgeSlot slot) => new([], slot.Dropped);

    private static void Insert(List<int> ranked, int index, Func<int, double> key)
    {
        var at = ranked.Count;
        while (at > 0 && key(ranked[at - 1]) > key(index))
        {
            at--;
        }
        ranked.Insert(at, index);
    }

    private static void Consider(
        CrossEdgeSlot slot, int task, List<int> ranked, double slowest, bool fromEnd,
        ref int[] best, ref SelectionCost value, ref double least)
    {
        var send = 0.0;
        for (var count = 1; count <= ranked.Count; count++)
        {
            send += slot.Tasks[task].Links[ranked[fromEnd ? ranked.Count - count : count - 1]].SendSecondsPerBit;
            var candidate = slot.Evaluate(task, count, slowest, send);
            if (candidate is { } found && found.Cost < value.Cost)
            {
                best = [.. fromEnd ? ranked[^count..] : ranked[..count]];
                value = found;
            }
            // The set that sends for the most breaks the limit of energy: one in between may spend more and keep it.
            if (candidate is null && !fromEnd && slot.Tasks[task].VirtualBatteryJoules > 0)
            {
                least = Math.Min(least, slot.LeastCost(task, count, slowest));
            }
        }
    }
}
