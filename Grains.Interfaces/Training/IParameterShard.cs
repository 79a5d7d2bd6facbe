using Orleans.Concurrency;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Grains.Interfaces.Training;

/// <summary>
/// A parameter shard: a contiguous range of the model's parameters with its own clock. Key: "job/shard/index".
/// </summary>
[Alias("oe.parameter-shard")]
public interface IParameterShard : IGrainWithStringKey
{
    /// <summary>
    /// Gives the shard its range, initial values and rule. Repeating it with the same epoch changes nothing.
    /// </summary>
    [Alias("configure")]
    Task Configure(ShardConfiguration configuration);

    /// <summary>The shard's values and clock; starts the staleness count of the worker's next push.</summary>
    [Alias("pull")]
    Task<PullReply> Pull(int worker);

    /// <summary>Applies an update exactly once, however often it is delivered.</summary>
    [Alias("push")]
    Task<PushReply> Push(PushRequest request);

    [Alias("status"), AlwaysInterleave]
    Task<ShardStatus> Status();

    /// <summary>Accepts no further update and sends its values for a last evaluation.</summary>
    [Alias("close")]
    Task Close();

    /// <summary>The whole state, to restore a shard from.</summary>
    [Alias("export")]
    Task<Payload> Export();
}

/// <summary>What a shard needs to begin.</summary>
/// <param name="Epoch">Which segment of the job this is; a resumed job has a higher one.</param>
/// <param name="Shard">Index of the shard, from 0.</param>
/// <param name="Start">First parameter of the range.</param>
/// <param name="Rule">"asgd", "adacomp", "adagrad" or "sgd".</param>
/// <param name="ExpectedDensity">Share of its parameters that an update is expected to touch, 0 to 1.</param>
/// <param name="LastClock">The shard accepts updates until its clock reaches this.</param>
/// <param name="EvaluateEvery">
/// The evaluator is sent the values whenever the clock is a multiple of this, and of a tenth of it up to ten times it.
/// </param>
/// <param name="PersistEvery">
/// The state is written to storage whenever the clock is a multiple of this; 0 for never.
/// </param>
/// <param name="Evaluator">Key of the evaluator.</param>
/// <param name="State">Initial values (dense) or the state to restore.</param>
/// <param name="Replicas">Replicas that hold a push before it is acknowledged, 0 or 1.</param>
/// <param name="FinalRate">Where the learning rate falls to by the shard's clock; null when it stays.</param>
[GenerateSerializer, Immutable, Alias("oe.shard-configuration")]
public sealed record ShardConfiguration(
    [property: Id(0)] int Epoch,
    [property: Id(1)] int Shard,
    [property: Id(2)] int Start,
    [property: Id(3)] string Rule,
    [property: Id(4)] float LearningRate,
    [property: Id(5)] double ExpectedDensity,
    [property: Id(6)] int Workers,
    [property: Id(7)] long LastClock,
    [property: Id(8), Observation] long EvaluateEvery,
    [property: Id(9)] long PersistEvery,
    [property: Id(10)] string Evaluator,
    [property: Id(11)] Payload State,
    [property: Id(12)] int Replicas,
    [property: Id(13)] FinalRate? FinalRate = null);

/// <param name="Closed">The shard takes no more updates.</param>
/// <param name="LastSequence">Number of the worker's last update that the shard applied, 0 if none.</param>
[GenerateSerializer, Immutable, Alias("oe.pull-reply")]
public sealed record PullReply(
    [property: Id(0)] long Clock,
    [property: Id(1)] bool Closed,
    [property: Id(2)] long LastSequence,
    [property: Id(3)] Payload Values);

/// <param name="Sequence">Number of this update among the worker's updates to the shard, from 1 and rising.</param>
/// <param name="PulledAt">The clock of the pull that the gradient was computed from.</param>
[GenerateSerializer, Immutable, Alias("oe.push-request")]
public sealed record PushRequest(
    [property: Id(0)] int Worker,
    [property: Id(1)] long Sequence,
    [property: Id(2)] long PulledAt,
    [property: Id(3)] Payload Update);

/// <summary>What became of a push.</summary>
[GenerateSerializer, Alias("oe.push-verdict")]
public enum PushVerdict
{
    Applied = 0,

    /// <summary>It had been applied before.</summary>
    Duplicate = 1,

    /// <summary>The shard takes no more updates.</summary>
    Closed = 2,

    /// <summary>The shard does not know the pull that the update was computed from; pull again.</summary>
    UnknownPull = 3,

    /// <summary>It would have made a parameter infinite and was not applied: the job diverges.</summary>
    Diverged = 4,
}

/// <param name="Clock">The shard's clock after the push.</param>
[GenerateSerializer, Immutable, Alias("oe.push-reply")]
public sealed record PushReply(
    [property: Id(0)] PushVerdict Verdict,
    [property: Id(1)] long Clock);

/// <param name="IngressBytes">Encoded bytes of the updates received since the job began.</param>
/// <param name="EgressBytes">Encoded bytes of the values sent to workers since the job began.</param>
/// <param name="StalenessHistogram">
/// Updates by staleness: element k counts those of staleness k, the last element also all beyond it.
/// </param>
/// <param name="UpdatesByWorker">Updates applied, by worker.</param>
/// <param name="Epoch">That of the configuration; -1 without one.</param>
[GenerateSerializer, Immutable, Alias("oe.shard-status")]
public sealed record ShardStatus(
    [property: Id(0)] bool Configured,
    [property: Id(1)] long Clock,
    [property: Id(2)] bool Closed,
    [property: Id(3)] long IngressBytes,
    [property: Id(4)] long EgressBytes,
    [property: Id(5)] double MeanStaleness,
    [property: Id(6)] long MaxStaleness,
    [property: Id(7)] long[] StalenessHistogram,
    [property: Id(8)] long[] UpdatesByWorker,
    [property: Id(9)] int Epoch);
