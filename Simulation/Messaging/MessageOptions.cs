using OrleansEdge.Core;

namespace OrleansEdge.Simulation.Messaging;

/// <summary>How long callers wait. Times are virtual.</summary>
public sealed record MessageOptions
{
    /// <summary>Orleans' own default.</summary>
    public static readonly TimeSpan DefaultResponseTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A call without an answer ends with a <see cref="TimeoutException"/> after this; above zero, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>. A deadlock of grains that call each other ends this way too.
    /// </summary>
    public TimeSpan ResponseTimeout { get; init; } = DefaultResponseTimeout;

    /// <summary>
    /// When set, calls to a node that is down are refused with a <see cref="MessageRejectedException"/> after this, as
    /// Orleans does about 2 ms after it lost a connection, and calls under way when the node crashes end likewise.
    /// Null: they time out. At least zero.
    /// </summary>
    public TimeSpan? RejectionDelay { get; init; }

    /// <summary>
    /// After a silo's crash its grains are placed anew by the first call after this; until then calls go to the dead
    /// silo. About what Orleans needs with a probe timeout of one second. At least zero.
    /// </summary>
    public TimeSpan FailureDetection { get; init; } = TimeSpan.FromSeconds(1);

    /// <exception cref="OrleansEdgeException">A value is out of its range.</exception>
    public void Validate()
    {
        if (ResponseTimeout != Timeout.InfiniteTimeSpan && ResponseTimeout <= TimeSpan.Zero)
        {
            throw Wrong(nameof(ResponseTimeout), ResponseTimeout, "above 0 s, or infinite");
        }
        if (RejectionDelay < TimeSpan.Zero)
        {
            throw Wrong(nameof(RejectionDelay), RejectionDelay.Value, "at least 0 s, or null");
        }
        if (FailureDetection < TimeSpan.Zero)
        {
            throw Wrong(nameof(FailureDetection), FailureDetection, "at least 0 s");
        }
    }

    private static OrleansEdgeException Wrong(string property, TimeSpan value, string expected) =>
        OrleansEdgeException.Usage($"{nameof(MessageOptions)}: {property} is {value}; expected {expected}.");
}
