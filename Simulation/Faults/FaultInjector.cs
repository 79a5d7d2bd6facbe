using OrleansEdge.Core;
using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Faults;

/// <summary>A crash that happened.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="CrashedAt">Virtual time since the start.</param>
/// <param name="Cause">"planned", "asked for", or "after IInterface.Method".</param>
public sealed record Crash(string Node, TimeSpan CrashedAt, string Cause);

/// <summary>Carries out a fault plan, and faults asked for while the cluster runs.</summary>
internal sealed class FaultInjector
{
    private readonly EventLoop _loop;
    private readonly GrainDirectory _directory;
    private readonly MessageCenter _center;
    private readonly VirtualNetwork _network;
    private readonly ulong _seed;
    private readonly long _detection;
    private readonly IReadOnlyList<CrashAfterCall> _rules;
    private readonly Dictionary<(int Rule, int Node), RandomStream> _streams = [];
    private readonly Dictionary<GrainMethod, int[]> _rulesByMethod = [];

    public FaultInjector(
        EventLoop loop, GrainDirectory directory, MessageCenter center, VirtualNetwork network, ulong seed,
        TimeSpan failureDetection, FaultPlan plan)
    {
        (_loop, _directory, _center, _network, _seed) = (loop, directory, center, network, seed);
        _detection = VirtualTime.FromTimeSpan(failureDetection);
        _rules = plan.CrashesAfterCalls;
        if (_rules.Count > 0)
        {
            center.CallCompleted = OnCallCompleted;
        }
        Schedule(plan);
    }

    public List<Crash> Crashes { get; } = [];

    public void Crash(VirtualNode node, string cause)
    {
        if (!node.IsUp)
        {
            return;
        }
        node.IsUp = false;
        node.Life++;
        node.Processor.Reset();
        Crashes.Add(new Crash(node.Name, VirtualTime.ToTimeSpan(_loop.Queue.Now), cause));
        Trace(TraceEventKind.Crash, node);
        _directory.Crash(node);
        _center.NodeCrashed(node);
        var life = node.Life;
        After(_detection, () =>
        {
            if (node.Life == life)
            {
                _directory.Forget(node);
            }
        });
    }

    public void Restart(VirtualNode node)
    {
        if (node.IsUp)
        {
            return;
        }
        node.IsUp = true;
        node.Life++;
        node.UplinkFreeAt = 0;
        node.DownlinkFreeAt = 0;
        _directory.Forget(node);
        _directory.RefreshSilos();
        Trace(TraceEventKind.Restart, node);
    }

    private void Schedule(FaultPlan plan)
    {
        foreach (var crash in plan.Crashes)
        {
            var node = _directory.Nodes[crash.Node];
            At(crash.AtSeconds, () => CrashFor(node, "planned", crash.RestartAfterSeconds));
        }
        foreach (var partition in plan.Partitions)
        {
            At(partition.AtSeconds, () => Part(partition.From, partition.To, partition.DurationSeconds));
        }
        foreach (var slowDown in plan.SlowDowns)
        {
            _directory.Nodes[slowDown.Node].Processor.SlowDown(slowDown.When);
        }
    }

    /// <summary>Parts the nodes of one pattern from those of another, which does not count the former.</summary>
    public void Part(string from, string to, double durationSeconds)
    {
        var cut = _network.Part(
            node => LinkProfile.Names(from, node.Profile),
            node => LinkProfile.Names(to, node.Profile) && (to != "*" || !LinkProfile.Names(from, node.Profile)));
        if (!double.IsInfinity(durationSeconds))
        {
            After(VirtualTime.FromSeconds(durationSeconds), () => _network.Heal(cut));
        }
    }

    private void CrashFor(VirtualNode node, string cause, double? seconds)
    {
        Crash(node, cause);
        if (seconds is { } down)
        {
            var life = node.Life;
            After(VirtualTime.FromSeconds(down), () =>
            {
                if (node.Life == life)
                {
                    Restart(node);
                }
            });
        }
    }

    private void OnCallCompleted(Call call)
    {
        if (call.Caller is not Activation caller || call.Failure is not null)
        {
            return;
        }
        foreach (var index in RulesOf(call.Method))
        {
            var (rule, node) = (_rules[index], caller.Node);
            if (node.IsUp && LinkProfile.Names(rule.Nodes, node.Profile) && Draw(index, node) < rule.Probability)
            {
                CrashFor(node, $"after {call.Method.FullName}", rule.RestartAfterSeconds);
            }
        }
    }

    private int[] RulesOf(GrainMethod method)
    {
        if (!_rulesByMethod.TryGetValue(method, out var rules))
        {
            rules = [.. Enumerable.Range(0, _rules.Count).Where(i =>
                _rules[i].Method == method.Name && _rules[i].Interface.IsAssignableFrom(method.Interface))];
            _rulesByMethod.Add(method, rules);
        }
        return rules;
    }

    private double Draw(int rule, VirtualNode node)
    {
        if (!_streams.TryGetValue((rule, node.Index), out var stream))
        {
            stream = new RandomStream(_seed, "crash after call", node.Identity, (ulong)rule);
        }
        var number = stream.NextDouble();
        _streams[(rule, node.Index)] = stream;
        return number;
    }

    private void At(double seconds, Action action) =>
        _loop.Queue.Schedule(new ActionEvent(action), VirtualTime.FromSeconds(seconds));

    private void After(long duration, Action action) =>
        _loop.Queue.Schedule(new ActionEvent(action), VirtualTime.After(_loop.Queue.Now, duration));

    private void Trace(TraceEventKind kind, VirtualNode node)
    {
        var time = _loop.Queue.Now;
        _loop.Trace.Add(kind, time, node.Identity, node.Identity, 0, _loop.Queue.Scheduled, 0);
        _loop.Trace.Show(kind, time, node, node, "", _loop.Queue.Scheduled, 0);
    }
}
