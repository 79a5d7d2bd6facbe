using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Offloading;
using OrleansEdge.Grains.Training;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Storage;

namespace OrleansEdge.Simulation.Offloading;

/// <summary>
/// The machines and the radio that an offloading game runs on: one silo for each edge site, one for the coordinator,
/// a device for each player in the faithful mode, and silos for the groups in the scaled mode.
/// </summary>
public sealed record OffloadingFleet
{
    /// <summary>Class of the players' devices and the groups' silos, for links and faults.</summary>
    public const string PlayerClass = "player";

    /// <summary>Class of the sites' silos.</summary>
    public const string SiteClass = "site";

    /// <summary>Node of the coordinator.</summary>
    public const string CoordinatorNode = "cloud";

    /// <summary>One-way latency between any two nodes, s, at least 0.</summary>
    public double LatencySeconds { get; init; } = 2e-6;

    /// <summary>Width of the uniform part of the latency on top, s, at least 0.</summary>
    public double JitterSeconds { get; init; } = 2e-6;

    /// <summary>Probability that a message between two nodes is lost, 0 to 1.</summary>
    public double LossProbability { get; init; }

    /// <summary>A call without an answer is made again after this, s, above 0.</summary>
    public double RetryAfterSeconds { get; init; } = 1e-3;

    /// <summary>Silos that the groups of the scaled mode are spread over, at least 1.</summary>
    public int GroupSilos { get; init; } = 4;

    /// <summary>
    /// Crashes and partitions; nodes are <see cref="SiteNode"/>, <see cref="PlayerNode"/> and the like.
    /// </summary>
    public FaultPlan Faults { get; init; } = new();

    /// <summary>Where coordinator and players keep what they must not forget.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>The node of an edge site.</summary>
    public static string SiteNode(int site) => $"site-{site}";

    /// <summary>The device of a player, or a silo of groups.</summary>
    public static string PlayerNode(int number) => $"player-{number}";

    internal IReadOnlyList<NodeProfile> Nodes(OffloadingJob job) =>
    [
        new NodeProfile { Name = CoordinatorNode },
        .. Enumerable.Range(0, job.Sites).Select(site => new NodeProfile { Name = SiteNode(site), Class = SiteClass }),
        .. Enumerable.Range(0, PlayerNodes(job)).Select(number => new NodeProfile
        {
            Name = PlayerNode(number),
            Kind = NodeKind.Device,
            Class = PlayerClass,
        }),
    ];

    internal NetworkOptions Network => new()
    {
        Links = [new LinkProfile { From = "client" }],
        DefaultLink = new LinkProfile
        {
            LatencySeconds = LatencySeconds,
            JitterSeconds = JitterSeconds,
            LossProbability = LossProbability,
        },
    };

    internal IVirtualPlacement Placement(OffloadingJob job) => new PinnedPlacement((type, key) =>
        type == typeof(OffloadingCoordinator) || type == typeof(JobDirectory) ? CoordinatorNode
        : type == typeof(EdgeSite) ? SiteNode(OffloadingKeys.NumberOf(key))
        : PlayerNode(OffloadingKeys.NumberOf(key) % PlayerNodes(job)));

    internal void Validate()
    {
        Check.Above(0, RetryAfterSeconds, nameof(OffloadingFleet), nameof(RetryAfterSeconds));
        Check.AtLeast(1, GroupSilos, nameof(OffloadingFleet), nameof(GroupSilos));
    }

    private int PlayerNodes(OffloadingJob job) =>
        job.Mode == OffloadingMode.Faithful ? job.Members : Math.Min(GroupSilos, job.Members);
}
