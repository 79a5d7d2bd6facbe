using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Tracing;
using OrleansEdge.Simulation.Wire;

namespace OrleansEdge.Simulation.Messaging;

/// <summary>
/// Takes calls from their callers to the grains and the replies back. Delivery is at most once: what the network or a
/// crash swallows is never sent again, and the caller learns it by its timeout.
/// </summary>
internal sealed class MessageCenter(
    EventLoop loop, VirtualNetwork network, GrainDirectory directory, MessageOptions options, int envelopeBytes)
{
    private readonly long _responseTimeout = options.ResponseTimeout == Timeout.InfiniteTimeSpan
        ? VirtualTime.Never
        : VirtualTime.FromTimeSpan(options.ResponseTimeout);

    /// <summary>Requests and replies sent since the start.</summary>
    public long Messages { get; private set; }

    public TrafficCounters Traffic { get; } = new();

    /// <summary>Called after a call of a grain on a node was answered and before the grain sees the answer.</summary>
    public Action<Call>? CallCompleted { get; set; }

    /// <summary>Sends a request on behalf of whoever runs now.</summary>
    public void Send(Call call, GrainEntry entry)
    {
        var caller = loop.Caller();
        call.Center = this;
        call.Entry = entry;
        call.Caller = caller;
        var meter = default(WireMeter);
        call.MeasureArguments(ref meter);
        call.PayloadHash = meter.Hash;
        call.WireBytes = meter.Bytes + envelopeBytes;
        call.Deadline = VirtualTime.After(loop.Queue.Now, _responseTimeout);
        loop.Pending.Add(call);
        if (caller.Node.Profile.IsObserver && entry.Activation is null && !ReferenceEquals(entry.Node, caller.Node))
        {
            RejectAfter(TimeSpan.Zero, call); // an observer wakes nobody
            return;
        }
        if (caller.IsDead || directory.Locate(entry, caller.Node) is not { } node)
        {
            LoseOnDeadNode(call);
            return;
        }
        call.TargetNode = node;
        call.TargetLife = node.Life;
        CountRequest(call, network.Carries(caller.Node, node));
        if (!network.Send(call, caller.Node, node))
        {
            Lose(call);
        }
    }

    /// <summary>A request is at its node, or at the node's downlink.</summary>
    public void RequestArrived(Call call)
    {
        var node = call.TargetNode!;
        if (!node.IsUp || node.Life != call.TargetLife)
        {
            LoseOnDeadNode(call);
            return;
        }
        if (!call.IsAtReceiver)
        {
            network.Receive(call, call.Caller.Node, node);
            return;
        }
        var entry = call.Entry;
        if (!directory.Claim(entry, node))
        {
            Forward(call, entry.Node!);
            return;
        }
        Trace(TraceEventKind.Request, call);
        entry.Requests++;
        directory.ActivationOf(entry).Accept(call);
    }

    /// <summary>Sends what a method returned or threw back to the caller.</summary>
    public void SendReply(Call call, Activation sender)
    {
        if (sender.IsDead)
        {
            return;
        }
        var meter = MeasureReply(call);
        call.PayloadHash = meter.Hash;
        call.WireBytes = meter.Bytes + envelopeBytes;
        call.IsReply = true;
        CountReply(call, network.Carries(sender.Node, call.Caller.Node));
        if (!network.Send(call, sender.Node, call.Caller.Node))
        {
            Lose(call);
        }
    }

    /// <summary>A reply is at its caller's node, or at the node's downlink.</summary>
    public void ReplyArrived(Call call)
    {
        var caller = call.Caller;
        if (caller.IsDead)
        {
            Lose(call);
            return;
        }
        if (!call.IsAtReceiver)
        {
            network.Receive(call, call.TargetNode!, caller.Node);
            return;
        }
        Trace(TraceEventKind.Reply, call);
        if (call.IsSettled)
        {
            return;
        }
        loop.Pending.Remove(call);
        call.IsSettled = true;
        CallCompleted?.Invoke(call);
        if (!caller.IsDead)
        {
            loop.EnterNone(caller);
            call.Settle(call.Failure);
        }
    }

    /// <summary>A call's time is up.</summary>
    public void Expire(Call call)
    {
        Traffic.Of(call.Method).Timeouts++;
        Abort(call, TraceEventKind.Timeout, new TimeoutException(
            $"{call.Description} of {call.Entry} got no reply within {options.ResponseTimeout.TotalSeconds:R} s of virtual time."));
    }

    /// <summary>A node is down: calls that wait for it end early, where that is asked for.</summary>
    public void NodeCrashed(VirtualNode node)
    {
        if (options.RejectionDelay is { } delay)
        {
            foreach (var call in loop.Pending.WaitingFor(call => ReferenceEquals(call.TargetNode, node)))
            {
                RejectAfter(delay, call);
            }
        }
    }

    /// <summary>A result that cannot stand in a message becomes an exception for the caller.</summary>
    private static WireMeter MeasureReply(Call call)
    {
        var meter = default(WireMeter);
        try
        {
            if (call.Failure is null)
            {
                call.MeasureResult(ref meter);
                return meter;
            }
        }
        catch (InvalidOperationException exception)
        {
            call.Failure = exception;
            meter = default;
        }
        meter.Text(call.Failure.GetType().FullName);
        meter.Text(call.Failure.Message);
        return meter;
    }

    private void RejectAfter(TimeSpan delay, Call call) => loop.Queue.Schedule(
        new ActionEvent(() => Reject(call)), VirtualTime.After(loop.Queue.Now, VirtualTime.FromTimeSpan(delay)));

    private void Reject(Call call) => Abort(call, TraceEventKind.Rejected, new MessageRejectedException(
        $"{call.Description} of {call.Entry}: {Cause(call)}."));

    private static string Cause(Call call) =>
        call.Caller.Node.Profile.IsObserver ? "the grain is not active, and an observer wakes none"
        : call.TargetNode is { } node ? $"node {node} is down" : "no silo is up";

    private void Abort(Call call, TraceEventKind kind, Exception exception)
    {
        if (call.IsSettled)
        {
            return;
        }
        loop.Pending.Remove(call);
        call.IsSettled = true;
        Trace(kind, call);
        if (!call.Caller.IsDead)
        {
            loop.EnterNone(call.Caller);
            call.Settle(exception);
        }
    }

    /// <summary>The grain moved while the request travelled.</summary>
    private void Forward(Call call, VirtualNode node)
    {
        var from = call.TargetNode!;
        call.TargetNode = node;
        call.TargetLife = node.Life;
        if (!network.Send(call, from, node))
        {
            Lose(call);
        }
    }

    private void LoseOnDeadNode(Call call)
    {
        Lose(call);
        if (options.RejectionDelay is { } delay)
        {
            RejectAfter(delay, call);
        }
    }

    private void Lose(Call call) => Trace(TraceEventKind.Lost, call);

    private void CountRequest(Call call, bool leavesNode)
    {
        Messages++;
        var counter = Traffic.Of(call.Method);
        counter.Requests++;
        counter.RequestBytes += call.WireBytes;
        counter.RequestBytesBetweenNodes += leavesNode ? call.WireBytes : 0;
    }

    private void CountReply(Call call, bool leavesNode)
    {
        Messages++;
        var counter = Traffic.Of(call.Method);
        counter.Replies++;
        counter.ReplyBytes += call.WireBytes;
        counter.ReplyBytesBetweenNodes += leavesNode ? call.WireBytes : 0;
    }

    private void Trace(TraceEventKind kind, Call call)
    {
        var trace = loop.Trace;
        var (time, method) = (loop.Queue.Now, call.Method);
        trace.Add(kind, time, call.Caller.Identity, call.Entry.Identity, method.Identity, call.Sequence,
            StableHash.Mix(call.PayloadHash, (ulong)call.WireBytes));
        if (trace.HasSink)
        {
            var (from, to) = call.IsReply ? ((object)call.Entry, (object)call.Caller) : (call.Caller, call.Entry);
            trace.Show(kind, time, from, to, method.FullName, call.Sequence, call.WireBytes);
        }
    }
}
