using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Compute;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Storage;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation;

/// <summary>
/// A cluster of grains in virtual time: nodes that compute at their own speed, a network with delays and losses,
/// crashes and restarts, all on one thread and decided by the seed alone. Only the computations given to
/// <see cref="IComputePool"/> run on other threads. Not thread-safe: one thread at a time drives it.
/// </summary>
public sealed partial class VirtualCluster : IDisposable
{
    private readonly VirtualClusterOptions _options;
    private readonly EventLoop _loop;
    private readonly GrainDirectory _directory;
    private readonly MessageCenter _center;
    private readonly VirtualNetwork _network;
    private readonly FaultInjector _faults;
    private readonly TurnFailures _failures;
    private readonly ComputeThreads _threads;
    private readonly Rebalancer _rebalancer;

    /// <exception cref="OrleansEdgeException">An option is out of its range.</exception>
    public VirtualCluster(VirtualClusterOptions options)
    {
        options.Validate();
        _options = options;
        _loop = new EventLoop(new TraceHash(options.Trace));
        VirtualNode[] nodes = [.. options.Nodes.Select((profile, i) => new VirtualNode(profile, i))];
        var clientNode = new VirtualNode(options.Network.ClientNode, nodes.Length);
        _network = new VirtualNetwork(options.Network, options.Seed, _loop.Queue);
        _directory = new GrainDirectory(options.Grains, options.Placement, nodes, options.DeactivateAfter);
        _center = new MessageCenter(_loop, _network, _directory, options.Messages, options.Network.EnvelopeBytes);
        _failures = new TurnFailures(_loop, options.StopAtFailedTurn);
        _threads = new ComputeThreads(
            options.DegreeOfParallelism == 0 ? Environment.ProcessorCount : options.DegreeOfParallelism);
        Time = new VirtualTimeProvider(_loop, options.StartTime);
        _directory.Center = _center;
        _directory.Services = new HostServices(
            _directory, Time, new VirtualStores(options.Storage, options.Seed, _loop), options.Services);
        _directory.Activations = new ActivationServices(_loop, _threads, _failures, _directory.Release);
        _loop.Client = new ClientContext(_loop, clientNode);
        _loop.Sweep = _directory.Sweep;
        _loop.EnterNone(_loop.Client);
        _faults = new FaultInjector(
            _loop, _directory, _center, _network, options.Seed, options.Messages.FailureDetection, options.Faults);
        _rebalancer = new Rebalancer(_directory, options.Seed);
        Nodes = nodes;
        ClientNode = clientNode;
    }

    /// <summary>The grains, seen by an external client on <see cref="ClientNode"/>.</summary>
    public IGrains Client => _directory;

    /// <summary>The virtual clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Now => VirtualTime.ToTimeSpan(_loop.Queue.Now);

    /// <summary>The nodes, in the order of the options.</summary>
    public IReadOnlyList<VirtualNode> Nodes { get; }

    /// <summary>The node of the client.</summary>
    public VirtualNode ClientNode { get; }

    /// <summary>
    /// Hash over every event so far: time, kind, source, target, method, sequence and payload. Equal options and equal
    /// driving give an equal hash, however many cores compute. Payloads over 64 KiB enter with their size and 128 of
    /// their cache lines, spread evenly.
    /// </summary>
    public ulong TraceHash => _loop.Trace.Value;

    /// <summary>Events so far: messages, timers, computations and whatever else the virtual time brought.</summary>
    public long EventCount => _loop.Events;

    /// <summary>Requests and replies sent so far.</summary>
    public long MessageCount => _center.Messages;

    /// <summary>Messages that passed between nodes so far, lost ones too.</summary>
    public long NetworkMessageCount => _network.Messages;

    /// <summary>Their encoded bytes, envelopes included.</summary>
    public long NetworkBytes => _network.Bytes;

    /// <summary>Messages that a path or a partition swallowed so far.</summary>
    public long LostMessageCount => _network.LostMessages;

    /// <summary>Calls that wait for their answer.</summary>
    public int PendingCallCount => _loop.Pending.Count;

    /// <summary>Activations that live now.</summary>
    public int ActivationCount => _directory.ActivationCount;

    /// <summary>Crashes so far.</summary>
    public IReadOnlyList<Crash> Crashes => _faults.Crashes;

    /// <summary>Exceptions out of later turns, the first hundred; nobody awaits a later turn.</summary>
    public IReadOnlyList<FailedTurn> FailedTurns => _failures.Failures;

    /// <summary>All exceptions out of later turns, those beyond the first hundred too.</summary>
    public long FailedTurnCount => _failures.Count;

    /// <summary>Messages and bytes by grain method, ordered by name.</summary>
    public IReadOnlyList<MethodTraffic> TrafficByMethod() => _center.Traffic.Report();

    /// <summary>Messages and bytes by path and direction, ordered by first use.</summary>
    public IReadOnlyList<LinkTraffic> TrafficByLink() =>
    [
        .. _network.Links.Select(link =>
            new LinkTraffic(link.From.Name, link.To.Name, link.Messages, link.Bytes, link.LostMessages)),
    ];

    /// <summary>Crashes a node now, fail-stop.</summary>
    public void CrashNode(string node) => _faults.Crash(Find(node), "asked for");

    /// <summary>Brings a crashed node back, with nothing in memory.</summary>
    public void RestartNode(string node) => _faults.Restart(Find(node));

    /// <summary>From now on no message passes between two groups of nodes, each a name, a class or "*".</summary>
    /// <param name="durationSeconds">For how long; may be infinite.</param>
    public void Partition(string from, string to, double durationSeconds) => _faults.Part(from, to, durationSeconds);

    /// <summary>
    /// Moves grains between the living silos, by the requests that each has got since the rebalancing before.
    /// </summary>
    /// <exception cref="OrleansEdgeException">An option is out of its range.</exception>
    public RebalanceReport Rebalance(RebalanceOptions options)
    {
        using var scope = _loop.Begin();
        var report = _rebalancer.Run(options);
        _loop.RunReady();
        return report;
    }

    /// <summary>Ends the threads that compute.</summary>
    public void Dispose() => _threads.Dispose();

    private VirtualNode Find(string name) => _directory.Nodes.TryGetValue(name, out var node)
        ? node
        : throw new ArgumentException($"There is no node {name}.", nameof(name));

    private sealed class ClientContext(EventLoop loop, VirtualNode node) : TurnContext(loop, node)
    {
        public override ulong Identity => Node.Identity;

        public override string ToString() => "the client";
    }
}
