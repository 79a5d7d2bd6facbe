using Orleans.Serialization.Invocation;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Silo.Ports;

/// <summary>
/// Refuses a request or an answer whose payloads exceed <see cref="MessageSize.MaxBytes"/> before it is sent: Orleans
/// ends the connection of an oversized frame, and with it everything queued there.
/// </summary>
internal sealed class MessageSizeGuard : IOutgoingGrainCallFilter, IIncomingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        MessageSize.Require(OfRequest(context.Request), context.InterfaceName, context.MethodName, "request");
        return context.Invoke();
    }

    /// <summary>Bytes of a request's arguments.</summary>
    public static long OfRequest(IInvokable request)
    {
        var bytes = 0L;
        for (var i = 0; i < request.GetArgumentCount(); i++)
        {
            bytes += MessageSize.Estimate(request.GetArgument(i));
        }
        return bytes;
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Response?.Exception is null)
        {
            MessageSize.Require(
                MessageSize.Estimate(context.Result), context.InterfaceName, context.MethodName, "answer");
        }
    }
}
