using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Wire;

namespace OrleansEdge.Simulation.Messaging;

/// <summary>
/// One call of a grain's method, request and reply in one object: it travels to the grain, runs there, and travels back
/// with the result. A subclass per grain method, made by <see cref="ProxyFactory"/>, holds the arguments.
/// </summary>
internal abstract class Call : Request
{
    public MessageCenter Center = null!;
    public GrainEntry Entry = null!;
    public TurnContext Caller = null!;

    /// <summary>
    /// Where the request was sent to, and in which of the node's lives; null when no node could take it.
    /// </summary>
    public VirtualNode? TargetNode;
    public int TargetLife;

    /// <summary>Hash of the arguments, then of the result.</summary>
    public ulong PayloadHash;

    /// <summary>Links of the list of calls without an answer.</summary>
    public Call? PreviousPending;
    public Call? NextPending;
    public long Deadline;

    /// <summary>The caller has its answer, whatever still travels.</summary>
    public bool IsSettled;

    /// <summary>On the way back.</summary>
    public bool IsReply;

    /// <summary>What the grain threw.</summary>
    public Exception? Failure;

    public abstract GrainMethod Method { get; }

    public sealed override bool AlwaysInterleave => Method.AlwaysInterleave;

    public sealed override bool ReadOnly => Method.ReadOnly;

    public sealed override string Description => Method.FullName;

    public sealed override void Fire()
    {
        if (IsReply)
        {
            Center.ReplyArrived(this);
        }
        else
        {
            Center.RequestArrived(this);
        }
    }

    /// <summary>Adds the arguments to the meter.</summary>
    public abstract void MeasureArguments(ref WireMeter meter);

    /// <summary>Adds the result to the meter.</summary>
    public abstract void MeasureResult(ref WireMeter meter);

    /// <summary>
    /// Completes the caller's task with <paramref name="failure"/> or, when that is null, with the result.
    /// </summary>
    public abstract void Settle(Exception? failure);

    public sealed override void Refuse(Activation activation, Exception failure)
    {
        Failure = failure;
        Center.SendReply(this, activation);
    }

    /// <summary>The method has ended: frees the activation and sends the reply.</summary>
    protected void Replied()
    {
        var runner = Runner!;
        try
        {
            runner.Finished(this);
            Center.SendReply(this, runner);
        }
        catch (Exception exception)
        {
            runner.Loop.Fail(exception);
        }
    }
}
