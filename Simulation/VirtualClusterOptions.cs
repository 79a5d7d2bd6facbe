using OrleansEdge.Core;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Storage;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation;

/// <summary>Everything that decides a run of a <see cref="VirtualCluster"/>, and how it is watched.</summary>
public sealed record VirtualClusterOptions
{
    /// <summary>Decides every random number of the cluster.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The nodes; at least one, with unique names.</summary>
    public IReadOnlyList<NodeProfile> Nodes { get; init; } = [new() { Name = "silo-0" }];

    /// <summary>The paths between them.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>How long callers wait.</summary>
    public MessageOptions Messages { get; init; } = new();

    /// <summary>What breaks, and when.</summary>
    public FaultPlan Faults { get; init; } = new();

    /// <summary>The stores of persistent states.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>Which node a grain lives on.</summary>
    public IVirtualPlacement Placement { get; init; } = new HashPlacement();

    /// <summary>The grain classes.</summary>
    public GrainClasses Grains { get; init; } = new();

    /// <summary>What grains get injected beside the host's ports.</summary>
    public ServiceTable Services { get; init; } = new();

    /// <summary>
    /// Activations that had nothing to do for this virtual time, and have no later turn planned, are let go; above
    /// zero. Null: they stay.
    /// </summary>
    public TimeSpan? DeactivateAfter { get; init; }

    /// <summary>
    /// Threads that do the computations, the caller's own among them; 1: the caller's alone; 0: one per core of the
    /// machine. Changes how long a run takes and nothing else.
    /// </summary>
    public int DegreeOfParallelism { get; init; }

    /// <summary>The moment at which the virtual clock starts.</summary>
    public DateTimeOffset StartTime { get; init; } = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// An exception out of a later turn of a grain ends the run. When false it is kept in
    /// <see cref="VirtualCluster.FailedTurns"/> and the grain goes on, as in Orleans, which logs it.
    /// </summary>
    public bool StopAtFailedTurn { get; init; }

    /// <summary>Gets every event of the trace; slows the run down.</summary>
    public Action<TraceEvent>? Trace { get; init; }

    /// <summary>
    /// Called between events, every <see cref="ProgressInterval"/> events, on the thread that drives the cluster. It
    /// may call grains, as the client, and gets their answers later.
    /// </summary>
    public Action<VirtualCluster>? Progress { get; init; }

    /// <summary>Events between calls of <see cref="Progress"/>, at least 1.</summary>
    public int ProgressInterval { get; init; } = 4096;

    /// <exception cref="OrleansEdgeException">A value is out of its range.</exception>
    public void Validate()
    {
        const string owner = nameof(VirtualClusterOptions);
        if (Nodes.Count == 0)
        {
            throw OrleansEdgeException.Usage($"{owner}: {nameof(Nodes)} is empty; a cluster has at least one node.");
        }
        foreach (var node in Nodes.Append(Network.ClientNode))
        {
            node.Validate();
        }
        if (Nodes.Append(Network.ClientNode).GroupBy(node => node.Name).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            throw OrleansEdgeException.Usage(
                $"{owner}: {same.Count()} nodes have the name {same.Key}; names are unique.");
        }
        Network.Validate();
        Messages.Validate();
        Faults.Validate(Nodes, Network.ClientNode);
        Storage.Validate();
        Check.AtLeast(0, DegreeOfParallelism, owner, nameof(DegreeOfParallelism));
        Check.AtLeast(1, ProgressInterval, owner, nameof(ProgressInterval));
        if (DeactivateAfter <= TimeSpan.Zero)
        {
            throw OrleansEdgeException.Usage(
                $"{owner}: {nameof(DeactivateAfter)} is {DeactivateAfter}; expected a time above 0 s, or null.");
        }
    }
}
