using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Offloading;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Messaging;

namespace OrleansEdge.Simulation.Offloading;

/// <summary>What an offloading game among grains arrived at.</summary>
public sealed record SimulatedOffloadingResult
{
    /// <summary>The coordinator's account.</summary>
    public required OffloadingStatus Status { get; init; }

    /// <summary>
    /// Regrets of the profile that the players themselves report at the end, against the channels of the sites that
    /// are open then, computed without the grains. Messages are requests and updates, as in the in-memory protocol.
    /// </summary>
    public required EquilibriumCertificate Certificate { get; init; }

    /// <summary>[users]: 0 for local, or a 1-based channel.</summary>
    public required int[] Profile { get; init; }

    /// <summary>What the profile means for the users.</summary>
    public required OffloadingOutcome Outcome { get; init; }

    /// <summary>Requests and replies of every kind that grains sent.</summary>
    public required long Messages { get; init; }

    /// <summary>Messages that a link or a crash swallowed.</summary>
    public required long LostMessages { get; init; }

    /// <summary>Encoded bytes between nodes, envelopes included.</summary>
    public required long NetworkBytes { get; init; }

    /// <summary>Messages and bytes by grain method.</summary>
    public required IReadOnlyList<MethodTraffic> Traffic { get; init; }

    /// <summary>Virtual time from start to end.</summary>
    public required double VirtualSeconds { get; init; }

    /// <summary>Equal for equal jobs, fleets and driving, at any number of cores.</summary>
    public required ulong TraceHash { get; init; }
}

/// <summary>
/// Runs offloading games in a virtual-time cluster. The result depends on the job and the fleet alone, never on the
/// machine.
/// </summary>
/// <param name="cores">Threads that draw users; 0 for one per core of the machine.</param>
/// <param name="observer">Is told what members choose and sites count; null for nobody.</param>
public sealed class SimulatedOffloading(int cores = 0, IOffloadingObserver? observer = null)
{
    /// <summary>Virtual time between two looks at the game.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks in a row without an answer after which the coordinator counts as lost.</summary>
    private const int MaxUnanswered = 1000;

    /// <summary>Plays one game to its end.</summary>
    /// <param name="progress">Called every few virtual milliseconds with the game's status.</param>
    /// <param name="stop">Ends the game after the current slot, with the exit reason "stopped".</param>
    /// <exception cref="Core.OrleansEdgeException">
    /// The job or the fleet is wrong (64), or players or all sites stayed away for good (75).
    /// </exception>
    public SimulatedOffloadingResult Run(
        OffloadingJob job, OffloadingFleet fleet, Action<OffloadingStatus>? progress = null,
        CancellationToken stop = default)
    {
        job.Validate();
        fleet.Validate();
        using var cluster = new VirtualCluster(new VirtualClusterOptions
        {
            Seed = new Core.RandomStream(job.Seed, "cluster").NextUInt64(),
            Nodes = fleet.Nodes(job),
            Network = fleet.Network,
            Messages = new MessageOptions { ResponseTimeout = TimeSpan.FromSeconds(fleet.RetryAfterSeconds) },
            Faults = fleet.Faults,
            Storage = fleet.Storage,
            Placement = fleet.Placement(job),
            Grains = new GrainClasses().AddGrains(typeof(OffloadingCoordinator).Assembly),
            Services = observer is null ? new ServiceTable() : new ServiceTable().Add(observer),
            DegreeOfParallelism = cores,
            StopAtFailedTurn = true,
        });
        cluster.Run(grains => Coordinator(grains, job).Start(job), CancellationToken.None);
        var status = Watch(cluster, job, progress, stop);
        if (status.ExitReason!.StartsWith("failed", StringComparison.Ordinal))
        {
            throw new Core.OrleansEdgeException(
                Core.ExitCode.NotReached, $"game '{job.Name}' after {status.Slots} slots {status.ExitReason}");
        }
        var profile = cluster.Run(grains => OffloadingProfile.Collect(grains, cluster.Time, job), CancellationToken.None);
        var verdict = OffloadingProfile.Judge(job, status, profile);
        return new SimulatedOffloadingResult
        {
            Status = status,
            Certificate = verdict.Certificate,
            Profile = profile,
            Outcome = verdict.Outcome,
            Messages = cluster.MessageCount,
            LostMessages = cluster.LostMessageCount,
            NetworkBytes = cluster.NetworkBytes,
            Traffic = cluster.TrafficByMethod(),
            VirtualSeconds = status.Seconds,
            TraceHash = cluster.TraceHash,
        };
    }

    private static OffloadingStatus Watch(
        VirtualCluster cluster, OffloadingJob job, Action<OffloadingStatus>? progress, CancellationToken stop)
    {
        var (stopping, unanswered) = (false, 0);
        while (true)
        {
            if (stop.IsCancellationRequested && !stopping)
            {
                stopping = true;
                cluster.Run(grains => Coordinator(grains, job).Stop(), CancellationToken.None);
            }
            cluster.RunFor(PollInterval, CancellationToken.None); // stopping lets the slot end instead
            if (Ask(cluster, job) is not { } status)
            {
                unanswered = unanswered < MaxUnanswered ? unanswered + 1 : throw new Core.OrleansEdgeException(
                    Core.ExitCode.NotReached, $"game '{job.Name}': the coordinator does not answer any more");
                continue;
            }
            unanswered = 0;
            progress?.Invoke(status);
            if (status.Phase == OffloadingPhase.Ended)
            {
                return status;
            }
        }
    }

    /// <summary>The game's status; null when the coordinator is down. Asking wakes it up when it is back.</summary>
    private static OffloadingStatus? Ask(VirtualCluster cluster, OffloadingJob job)
    {
        try
        {
            return cluster.Run(grains => Coordinator(grains, job).Status(), CancellationToken.None);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static IOffloadingCoordinator Coordinator(Grains.Interfaces.Hosting.IGrains grains, OffloadingJob job) =>
        grains.Get<IOffloadingCoordinator>(job.Name);
}
