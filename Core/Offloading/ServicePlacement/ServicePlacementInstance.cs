using OrleansEdge.Core.Data;

namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>Everything that decides a service placement over slots, whatever the policy.</summary>
public sealed record ServicePlacementInstance
{
    private const int MostNumbers = 1 << 27;

    /// <summary>F: [sites] Hz.</summary>
    public required double[] SiteCyclesPerSecond { get; init; }

    /// <summary>R: [users].</summary>
    public required double[] TaskCycles { get; init; }

    /// <summary>
    /// [sites][sites] delay of a user that is nearest to the first and has its service on the second, s.
    /// </summary>
    public required double[][] DelaySeconds { get; init; }

    /// <summary>[sites][sites] cost of moving a service from the first to the second.</summary>
    public required double[][] MigrationCosts { get; init; }

    /// <summary>
    /// [slots + 1][users] the nearest site of every user, where services are at first and in every slot.
    /// </summary>
    public required int[][] Nearest { get; init; }

    public required SiteSharing Sharing { get; init; }

    /// <summary>V.</summary>
    public required double LatencyWeight { get; init; }

    /// <summary>E_avg.</summary>
    public required double MigrationBudget { get; init; }

    /// <summary>How placements are found; null where the file does not say.</summary>
    public PlacementPolicy? Policy { get; init; }

    /// <summary>What the options and the seed draw.</summary>
    /// <exception cref="OrleansEdgeException">
    /// An option is out of its range, or users and slots are too many to be written (64); there are no sites (65).
    /// </exception>
    public static ServicePlacementInstance Draw(
        ServicePlacementOptions options, ReadOnlySpan<GeoPoint> sites, GeoPolygon area, ulong seed)
    {
        options.Validate();
        Check.Require((options.Slots + 1L) * options.Users <= MostNumbers, nameof(options.Slots), options.Slots,
            $"at most {MostNumbers} users times slots in an instance");
        return new ServicePlacementWorld(options, sites, area, seed).Record(options.Slots) with { Policy = options.Policy };
    }

    /// <summary>The options of a run on this instance; what only the draw needs is as it was.</summary>
    /// <exception cref="OrleansEdgeException">A value or a length is wrong (65).</exception>
    public ServicePlacementOptions OptionsOf(ServicePlacementOptions options)
    {
        var (users, sites) = (TaskCycles.Length, SiteCyclesPerSecond.Length);
        Check.Data(users > 0 && sites > 0 && Nearest.Length > 1, "no users, sites or slots; expected at least one of each");
        Check.Data(DelaySeconds.Length == sites && Array.TrueForAll(DelaySeconds, row => row?.Length == sites),
            $"delaySeconds is not a table of {sites} sites by {sites}");
        Check.Data(MigrationCosts.Length == sites && Array.TrueForAll(MigrationCosts, row => row?.Length == sites),
            $"migrationCosts is not a table of {sites} sites by {sites}");
        foreach (var (slot, nearest) in Nearest.Index())
        {
            Check.Data(nearest?.Length == users && Array.TrueForAll(nearest, site => (uint)site < (uint)sites),
                $"nearest[{slot}]: expected {users} numbers of sites from 0 to {sites - 1}");
        }
        return options with
        {
            Users = users,
            Slots = Nearest.Length - 1,
            Sharing = Sharing,
            LatencyWeight = LatencyWeight,
            MigrationBudget = MigrationBudget,
        };
    }
}
