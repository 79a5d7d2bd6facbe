using OrleansEdge.Core.Data;

namespace OrleansEdge.Core.Offloading.CrossEdge;

/// <summary>A user with a task in a slot, and the sites that cover it.</summary>
public sealed record CrossEdgeTaskData(int User, SiteLink[] Links);

/// <summary>One slot: who has a task, and what every user can harvest.</summary>
public sealed record CrossEdgeSlotData
{
    public required CrossEdgeTaskData[] Tasks { get; init; }

    /// <summary>[users] J.</summary>
    public required double[] HarvestJoules { get; init; }
}

/// <summary>Everything that decides cross-edge offloading over slots, whatever the policy.</summary>
public sealed record CrossEdgeInstance
{
    private const int MostNumbers = 1 << 27;
    private const int MostSites = 100_000;

    public required CrossEdgeOptions Options { get; init; }

    /// <summary>How many sites there are.</summary>
    public required int Sites { get; init; }

    public required CrossEdgeSlotData[] Slots { get; init; }

    /// <summary>What the options and the seed draw.</summary>
    /// <exception cref="OrleansEdgeException">
    /// An option is out of its range, or users, sites and slots are too many to be written (64); places are too few or
    /// no deadline can be met (65).
    /// </exception>
    public static CrossEdgeInstance Draw(
        CrossEdgeOptions options, ReadOnlySpan<GeoPoint> sites, ReadOnlySpan<GeoPoint> places, GeoPolygon area,
        ulong seed)
    {
        options.Validate();
        Check.Require((double)options.Slots * options.Users * sites.Length <= MostNumbers, nameof(options.Slots),
            options.Slots, $"at most {MostNumbers} users times sites times slots in an instance");
        return new CrossEdgeWorld(options, sites, places, area, seed).Record();
    }

    /// <exception cref="OrleansEdgeException">A value or a length is wrong (64, 65).</exception>
    public void Validate()
    {
        Options.Validate();
        Check.Data(Sites > 0 && Slots.Length == Options.Slots,
            $"{Sites} sites and {Slots.Length} slots; expected at least 1, and the {Options.Slots} of the options");
        Check.Data(Sites <= MostSites, $"sites is {Sites}; expected at most {MostSites}");
        Options.RequireFeasibleDeadline(Sites);
        foreach (var (index, slot) in Slots.Index())
        {
            Check.Data(slot.HarvestJoules.Length == Options.Users
                && Array.TrueForAll(slot.HarvestJoules, joules => joules >= 0 && double.IsFinite(joules)),
                $"slots[{index}].harvestJoules: expected {Options.Users} numbers of at least 0");
            Check.Data(
                Array.TrueForAll(slot.Tasks, task => (uint)task.User < (uint)Options.Users)
                && slot.Tasks.DistinctBy(task => task.User).Count() == slot.Tasks.Length,
                $"slots[{index}].tasks: expected different users from 0 to {Options.Users - 1}");
        }
    }
}
