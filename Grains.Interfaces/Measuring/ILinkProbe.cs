using Orleans.Concurrency;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Interfaces.Measuring;

/// <summary>What one call of a measurement carries.</summary>
public enum LinkCall
{
    /// <summary>Nothing, there and back.</summary>
    Ping = 0,

    /// <summary>A payload to the other grain, its length back.</summary>
    Push = 1,

    /// <summary>A length to the other grain, a payload back.</summary>
    Pull = 2,
}

/// <summary>One end of a link between two grains, which measures it. Key: "NAME/index".</summary>
[Alias("oe.link-probe")]
public interface ILinkProbe : IGrainWithStringKey
{
    /// <summary>Machine and process that the activation is in.</summary>
    [Alias("process"), AlwaysInterleave]
    Task<string> Process();

    [Alias("ping"), AlwaysInterleave]
    Task Ping();

    /// <returns>Bytes of the payload.</returns>
    [Alias("push"), AlwaysInterleave]
    Task<int> Push(Payload payload);

    /// <returns>A payload of this many bytes.</returns>
    [Alias("pull"), AlwaysInterleave]
    Task<Payload> Pull(int bytes);

    /// <summary>Calls another probe for a while, each call in flight being followed by the next.</summary>
    [Alias("measure"), AlwaysInterleave]
    Task<LinkMeasurement> Measure(LinkTrial trial);
}

/// <summary>What is measured.</summary>
/// <param name="Target">Key of the probe that is called.</param>
/// <param name="PayloadBytes">Bytes of a payload, 0 to <see cref="Payload.MaximumBytes"/>.</param>
/// <param name="InFlight">Calls that wait for an answer at any time, at least 1.</param>
/// <param name="Seconds">How long calls are made; above 0, and below the response time-out of the cluster.</param>
[GenerateSerializer, Immutable, Alias("oe.link-trial")]
public sealed record LinkTrial(
    [property: Id(0)] string Target,
    [property: Id(1)] LinkCall Call,
    [property: Id(2)] int PayloadBytes,
    [property: Id(3)] int InFlight,
    [property: Id(4)] double Seconds);

/// <summary>What was measured.</summary>
/// <param name="Calls">Calls that were answered.</param>
/// <param name="Seconds">From the first call to the last answer.</param>
/// <param name="MicrosecondsP50">Median time from call to answer.</param>
/// <param name="MicrosecondsP99">99th percentile.</param>
[GenerateSerializer, Immutable, Alias("oe.link-measurement")]
public sealed record LinkMeasurement(
    [property: Id(0)] long Calls,
    [property: Id(1)] double Seconds,
    [property: Id(2)] double MicrosecondsP50,
    [property: Id(3)] double MicrosecondsP99)
{
    public double CallsPerSecond => Calls / Seconds;
}
