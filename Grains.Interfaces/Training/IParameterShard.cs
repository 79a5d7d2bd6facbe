namespace OrleansEdge.Grains.Interfaces.Training;

/// <summary>
/// A parameter shard: a contiguous range of the model's parameters with its own clock. Key: "job/shard/index".
/// </summary>
[Alias("oe.parameter-shard")]
public interface IParameterShard : IGrainWithStringKey
{
    /// <summary>Gives the shard its range, initial values and rule. Repeating it with the same epoch changes nothing.</summary>
    [Alias("configure")]
    Task Configure(ShardConfiguration configuration);

    /// <summary>The shard's values and clock; starts the staleness count of the worker's next push.</summary>
    [Alias("pull")]
    Task<PullReply> Pull(PullRequest request);

    /// <summary>Applies an update exactly once, however often it is delivered.</summary>
    [Alias("push")]
    Task<PushReply> Push(PushRequest request);

    [Alias("status")]
    Task<ShardStatus> Status();

    /// <summary>Accepts no update beyond the current clock; answers the final clock.</summary>
    [Alias("close")]
    Task<long> Close();

    /// <summary>The whole state, to restore it from.</summary>
    [Alias("export")]
    Task<ShardSnapshot> Export();
}

/// <summary>How numbers are laid out in a payload.</summary>
[GenerateSerializer, Alias("oe.payload-format")]
public enum PayloadFormat
{
    /// <summary>Little-endian single precision, every element in order.</summary>
    DenseFloat32 = 0,

    /// <summary>Selected elements in the sparse update coding (Core/Compression).</summary>
    Sparse = 1,

    /// <summary>The coding of a whole shard's state (Core/ParameterServer).</summary>
    ShardState = 2,
}

/// <summary>Numbers on the wire.</summary>
/// <param name="ElementCount">Elements of the range that the payload speaks of.</param>
[GenerateSerializer, Immutable, Alias("oe.payload")]
public sealed record Payload(
    [property: Id(0)] PayloadFormat Format,
    [property: Id(1)] int ElementCount,
    [property: Id(2)] ReadOnlyMemory<byte> Bytes);

/// <summary>What a shard needs to begin.</summary>
/// <param name="Epoch">Which segment of the job this is; a resumed job has a higher one.</param>
/// <param name="Start">First parameter of the range.</param>
/// <param name="Rule">"asgd", "adacomp" or "adagrad".</param>
/// <param name="LastClock">The shard accepts updates until its clock reaches this.</param>
/// <param name="EvaluateEvery">The evaluator is sent the values whenever the clock is a multiple of this.</param>
/// <param name="State">Initial values (dense) or the state to restore.</param>
/// <param name="Evaluator">Key of the evaluator.</param>
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
    [property: Id(8)] long EvaluateEvery,
    [property: Id(9)] string Evaluator,
    [property: Id(10)] Payload State);

[GenerateSerializer, Immutable, Alias("oe.pull-request")]
public sealed record PullRequest([property: Id(0)] int Epoch, [property: Id(1)] int Worker);

/// <param name="Closed">The shard takes no more updates; there is nothing left to compute.</param>
[GenerateSerializer, Immutable, Alias("oe.pull-reply")]
public sealed record PullReply(
    [property: Id(0)] long Clock,
    [property: Id(1)] bool Closed,
    [property: Id(2)] Payload Values);

/// <param name="Sequence">Number of this update among the worker's updates to the shard, from 1 and rising.</param>
/// <param name="PulledAt">The clock of the pull that the gradient was computed from.</param>
[GenerateSerializer, Immutable, Alias("oe.push-request")]
public sealed record PushRequest(
    [property: Id(0)] int Epoch,
    [property: Id(1)] int Worker,
    [property: Id(2)] long Sequence,
    [property: Id(3)] long PulledAt,
    [property: Id(4)] Payload Update);

/// <summary>What became of a push.</summary>
[GenerateSerializer, Alias("oe.push-verdict")]
public enum PushVerdict
{
    Applied = 0,

    /// <summary>It had been applied before.</summary>
    Duplicate = 1,

    /// <summary>The shard has reached its last clock.</summary>
    Closed = 2,

    /// <summary>The push belongs to another epoch of the job.</summary>
    WrongEpoch = 3,
}

/// <param name="Clock">The shard's clock after the push.</param>
[GenerateSerializer, Immutable, Alias("oe.push-reply")]
public sealed record PushReply(
    [property: Id(0)] PushVerdict Verdict,
    [property: Id(1)] long Clock);

/// <param name="IngressBytes">Encoded bytes of the pushes received since the job began.</param>
/// <param name="EgressBytes">Encoded bytes of the pull replies sent since the job began.</param>
/// <param name="StalenessHistogram">
/// Updates by staleness: element k counts those of staleness k while k is below 1024, the last element the rest.
/// </param>
/// <param name="UpdatesByWorker">Updates applied, by worker.</param>
[GenerateSerializer, Immutable, Alias("oe.shard-status")]
public sealed record ShardStatus(
    [property: Id(0)] long Clock,
    [property: Id(1)] bool Closed,
    [property: Id(2)] long IngressBytes,
    [property: Id(3)] long EgressBytes,
    [property: Id(4)] double MeanStaleness,
    [property: Id(5)] long MaxStaleness,
    [property: Id(6)] long[] StalenessHistogram,
    [property: Id(7)] long[] UpdatesByWorker);

[GenerateSerializer, Immutable, Alias("oe.shard-snapshot")]
public sealed record ShardSnapshot(
    [property: Id(0)] int Shard,
    [property: Id(1)] long Clock,
    [property: Id(2)] Payload State);
