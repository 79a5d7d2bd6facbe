using OrleansEdge.Core;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Simulation.Faults;

/// <summary>A crash at a given time: fail-stop, everything in memory is lost.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="AtSeconds">Virtual time, at least 0.</param>
/// <param name="RestartAfterSeconds">Down for so long, at least 0; null: for ever.</param>
public sealed record CrashFault(string Node, double AtSeconds, double? RestartAfterSeconds = null);

/// <summary>A time during which no message passes between two groups of nodes.</summary>
/// <param name="From">Name or class of the nodes on one side, or "*".</param>
/// <param name="To">Name or class of the nodes on the other side, or "*" for all others.</param>
/// <param name="AtSeconds">Virtual time at which it begins, at least 0.</param>
/// <param name="DurationSeconds">How long it lasts, at least 0; may be infinite.</param>
public sealed record PartitionFault(string From, string To, double AtSeconds, double DurationSeconds);

/// <summary>A time during which a node computes slower.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="When">When, and by how much.</param>
public sealed record SlowDownFault(string Node, SlowDown When);

/// <summary>
/// Nodes crash with a probability after each answered call of a method, before the caller sees the answer: how devices
/// fail in the AdaComp paper, with 0.004 after a push.
/// </summary>
public sealed record CrashAfterCall
{
    /// <summary>The grain interface.</summary>
    public required Type Interface { get; init; }

    /// <summary>Name of its method.</summary>
    public required string Method { get; init; }

    /// <summary>Probability of a crash after a call, 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>Name or class of the nodes that crash, or "*"; the client's node never does.</summary>
    public string Nodes { get; init; } = "*";

    /// <summary>Down for so long, in seconds, at least 0; null: for ever.</summary>
    public double? RestartAfterSeconds { get; init; }
}

/// <summary>The faults of a run.</summary>
public sealed record FaultPlan
{
    /// <summary>Crashes at given times.</summary>
    public IReadOnlyList<CrashFault> Crashes { get; init; } = [];

    /// <summary>Partitions at given times.</summary>
    public IReadOnlyList<PartitionFault> Partitions { get; init; } = [];

    /// <summary>Slow-downs at given times.</summary>
    public IReadOnlyList<SlowDownFault> SlowDowns { get; init; } = [];

    /// <summary>Crashes after calls.</summary>
    public IReadOnlyList<CrashAfterCall> CrashesAfterCalls { get; init; } = [];

    /// <summary>Draws crashes, partitions and slow-downs for the nodes from the seed.</summary>
    /// <param name="rates">How often and how long.</param>
    /// <param name="nodes">The nodes of the cluster.</param>
    /// <param name="seed">Decides the plan, together with the nodes' names.</param>
    /// <param name="horizonSeconds">Faults begin before this virtual time, at least 0.</param>
    public static FaultPlan Draw(FaultRates rates, IReadOnlyList<NodeProfile> nodes, ulong seed, double horizonSeconds)
    {
        rates.Validate();
        Check.AtLeast(0, horizonSeconds, nameof(FaultPlan), nameof(horizonSeconds));
        return FaultDraw.Draw(rates, nodes, seed, horizonSeconds);
    }

    /// <summary>This plan and another one together.</summary>
    public FaultPlan With(FaultPlan other) => new()
    {
        Crashes = [.. Crashes, .. other.Crashes],
        Partitions = [.. Partitions, .. other.Partitions],
        SlowDowns = [.. SlowDowns, .. other.SlowDowns],
        CrashesAfterCalls = [.. CrashesAfterCalls, .. other.CrashesAfterCalls],
    };

    /// <param name="nodes">The nodes that may crash and slow down.</param>
    /// <param name="client">The client's node, which may be parted from them.</param>
    /// <exception cref="OrleansEdgeException">A value is out of its range, or a node does not exist.</exception>
    public void Validate(IReadOnlyList<NodeProfile> nodes, NodeProfile client)
    {
        foreach (var crash in Crashes)
        {
            RequireNode(nodes, crash.Node, nameof(CrashFault));
            Check.AtLeast(0, crash.AtSeconds, $"crash of {crash.Node}", nameof(crash.AtSeconds));
            Check.AtLeast(
                0, crash.RestartAfterSeconds ?? 0, $"crash of {crash.Node}", nameof(crash.RestartAfterSeconds));
        }
        foreach (var partition in Partitions)
        {
            var owner = $"partition {partition.From} - {partition.To}";
            Check.AtLeast(0, partition.AtSeconds, owner, nameof(partition.AtSeconds));
            Check.AtLeast(0, partition.DurationSeconds, owner, nameof(partition.DurationSeconds), orInfinite: true);
            RequireSome([.. nodes, client], partition.From, owner);
            RequireSome([.. nodes, client], partition.To, owner);
        }
        foreach (var slowDown in SlowDowns)
        {
            RequireNode(nodes, slowDown.Node, nameof(SlowDownFault));
            slowDown.When.Validate($"slow-down of {slowDown.Node}");
        }
        foreach (var rule in CrashesAfterCalls)
        {
            ValidateRule(rule, nodes);
        }
    }

    private static void ValidateRule(CrashAfterCall rule, IReadOnlyList<NodeProfile> nodes)
    {
        var owner = $"crash after {rule.Interface.Name}.{rule.Method}";
        Check.Probability(rule.Probability, owner, nameof(rule.Probability));
        Check.AtLeast(0, rule.RestartAfterSeconds ?? 0, owner, nameof(rule.RestartAfterSeconds));
        RequireSome(nodes, rule.Nodes, owner);
        if (!rule.Interface.GetInterfaces().Prepend(rule.Interface).Any(type => type.GetMethod(rule.Method) is not null))
        {
            throw OrleansEdgeException.Usage($"{owner}: {rule.Interface.Name} has no method {rule.Method}.");
        }
    }

    private static void RequireSome(IReadOnlyList<NodeProfile> nodes, string pattern, string owner)
    {
        if (!nodes.Any(node => LinkProfile.Names(pattern, node)))
        {
            throw OrleansEdgeException.Usage($"{owner}: {pattern} is neither a node's name nor a class nor \"*\".");
        }
    }

    private static void RequireNode(IReadOnlyList<NodeProfile> nodes, string name, string fault)
    {
        if (nodes.All(node => node.Name != name))
        {
            throw OrleansEdgeException.Usage($"{fault}: there is no node {name}.");
        }
    }
}
