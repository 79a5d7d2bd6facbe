using System.Runtime.InteropServices;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer.UpdateRules;

namespace OrleansEdge.Core.ParameterServer;

/// <summary>
/// A contiguous range of a model's parameters with a clock of its own: workers pull its values and push gradients,
/// each of which it applies exactly once, by its update rule. It belongs to one caller at a time.
/// </summary>
/// <remarks>
/// A call that throws has changed nothing, the counters included. Pulls and pushes allocate nothing once their
/// memory has grown to what the job needs.
/// </remarks>
public sealed partial class ParameterShard
{
    private readonly ParameterShardOptions _options;
    private readonly IUpdateRule _rule;
    private readonly ShardValues _values;
    private readonly PullTable _pulls;
    private readonly long[] _lastSequences;
    private readonly long[] _updatesByWorker;
    private readonly SparseUpdate _decoded;

    /// <summary>A new shard at clock 0.</summary>
    /// <param name="options">What decides how it behaves.</param>
    /// <param name="initialValues">[options.Range.Length].</param>
    /// <exception cref="OrleansEdgeException">
    /// An option is outside its range (64), or the values are of another number or not finite (65).
    /// </exception>
    public ParameterShard(ParameterShardOptions options, ReadOnlySpan<float> initialValues)
        : this(options, clock: 0)
    {
        if (initialValues.Length != Range.Length)
        {
            throw OrleansEdgeException.WrongData(
                $"shard of {Describe(Range)} got {initialValues.Length} initial values; expected {Range.Length}");
        }
        DenseCodec.RequireFinite(initialValues);
        initialValues.CopyTo(_values.Current);
    }

    private ParameterShard(ParameterShardOptions options, long clock)
    {
        options.Validate();
        _options = options;
        _rule = UpdateRule.Create(options, clock);
        _values = new ShardValues(options.Range.Length);
        _pulls = new PullTable(options.Workers);
        _lastSequences = new long[options.Workers];
        _updatesByWorker = new long[options.Workers];
        _decoded = new SparseUpdate((int)Math.Ceiling(options.ExpectedDensity * options.Range.Length));
        Clock = clock;
    }

    public KeyRange Range => _options.Range;

    /// <summary>Updates applied since the job began.</summary>
    public long Clock { get; private set; }

    /// <summary>[Range.Length]; valid until the next push.</summary>
    public ReadOnlySpan<float> Values => _values.Current;

    /// <summary>Bytes of all values as <see cref="CopyValues"/> writes them.</summary>
    public int ValuesLength => DenseCodec.EncodedLength(Range.Length);

    /// <summary>
    /// Staleness of the applied updates: updates between a pull and the push that was computed from it.
    /// </summary>
    public StalenessStatistics Staleness { get; } = new();

    /// <summary>[options.Workers], updates applied, by worker.</summary>
    public ReadOnlySpan<long> UpdatesByWorker => _updatesByWorker;

    /// <summary>Number of a worker's last applied update, 0 if none.</summary>
    /// <exception cref="OrleansEdgeException">The worker is unknown (65).</exception>
    public long LastSequence(int worker)
    {
        RequireWorker(worker);
        return _lastSequences[worker];
    }

    /// <summary>
    /// Payload bytes of all pushes received since the job began, duplicates included, refused ones not.
    /// </summary>
    public long IngressBytes { get; private set; }

    /// <summary>Payload bytes of all pulls answered since the job began.</summary>
    public long EgressBytes { get; private set; }

    /// <summary>Bytes that the update rule holds beyond the values, such as AdaComp's history.</summary>
    public long RuleMemoryBytes => _rule.MemoryBytes;

    /// <summary>
    /// Registers that a worker takes the present values: its next push is computed from them. The caller then
    /// copies the values with <see cref="CopyValues"/> before any push.
    /// </summary>
    /// <returns>The clock, which the push must name.</returns>
    /// <exception cref="OrleansEdgeException">The worker is unknown (65).</exception>
    public long Pull(int worker)
    {
        RequireWorker(worker);
        _pulls.Pull(worker, Clock, _rule);
        EgressBytes += ValuesLength;
        return Clock;
    }

    /// <summary>Writes the values as <see cref="DenseCodec"/> does.</summary>
    /// <returns>The bytes written, <see cref="ValuesLength"/>.</returns>
    public int CopyValues(Span<byte> destination) => DenseCodec.Encode(Values, destination);

    /// <summary>Applies an update, unless it was applied before.</summary>
    /// <param name="worker">Who computed it.</param>
    /// <param name="sequence">
    /// Its number among the worker's updates to this shard, from 1 and rising; gaps are lost updates.
    /// </param>
    /// <param name="pulledAt">The clock of the pull that it was computed from.</param>
    /// <param name="format">The layout of <paramref name="update"/>.</param>
    /// <param name="update">The gradient of the shard's range.</param>
    /// <exception cref="OrleansEdgeException">
    /// The worker is unknown, the sequence below 1, the pull in the future, or the update does not decode, is of
    /// another range, or holds a number that is not finite (65).
    /// </exception>
    public PushOutcome Push(int worker, long sequence, long pulledAt, UpdateFormat format, ReadOnlySpan<byte> update)
    {
        RequireWorker(worker);
        if (sequence < 1)
        {
            throw Wrong(worker, $"sequence is {sequence}; expected 1 or above");
        }
        if (sequence <= _lastSequences[worker])
        {
            return Refuse(PushVerdict.Duplicate, update.Length);
        }
        if (pulledAt < 0 || pulledAt > Clock)
        {
            throw Wrong(worker, $"computed from a pull at clock {pulledAt}; expected a clock from 0 to {Clock}");
        }
        if (Clock - pulledAt > _rule.MaxStaleness || !_pulls.Contains(worker, pulledAt))
        {
            return Refuse(PushVerdict.UnknownPull, update.Length);
        }
        if (!TryApply(worker, pulledAt, format, update))
        {
            return new PushOutcome(PushVerdict.Overflow, Clock, 0);
        }
        _pulls.Push(worker, pulledAt, _rule);
        _lastSequences[worker] = sequence;
        _updatesByWorker[worker]++;
        var staleness = Clock - pulledAt;
        Staleness.Record(staleness);
        IngressBytes += update.Length;
        Clock++;
        return new PushOutcome(PushVerdict.Applied, Clock, staleness);
    }

    private PushOutcome Refuse(PushVerdict verdict, int updateLength)
    {
        IngressBytes += updateLength;
        return new PushOutcome(verdict, Clock, 0);
    }

    /// <summary>False when a value would not be finite.</summary>
    private bool TryApply(int worker, long pulledAt, UpdateFormat format, ReadOnlySpan<byte> update) => format switch
    {
        UpdateFormat.Sparse => TryApplySparse(pulledAt, update),
        UpdateFormat.DenseFloat32 => TryApplyDense(pulledAt, update),
        _ => throw Wrong(worker, $"format is {format}; expected DenseFloat32 or Sparse"),
    };

    private bool TryApplySparse(long pulledAt, ReadOnlySpan<byte> update)
    {
        SparseUpdateCodec.Decode(update, Range, _decoded);
        return _rule.TryApply(_values, _decoded.Indices, _decoded.Values, Clock, pulledAt);
    }

    private bool TryApplyDense(long pulledAt, ReadOnlySpan<byte> update)
    {
        DenseCodec.RequireLength(update, Range.Length);
        var gradient = MemoryMarshal.Cast<byte, float>(update);
        if (_rule.TryApply(_values, gradient, Clock, pulledAt))
        {
            return true;
        }
        DenseCodec.RequireFinite(gradient);
        return false;
    }

    private void RequireWorker(int worker)
    {
        if (worker < 0 || worker >= _options.Workers)
        {
            throw OrleansEdgeException.WrongData(
                $"worker {worker} is unknown to the shard; expected 0 to {_options.Workers - 1}");
        }
    }

    private static OrleansEdgeException Wrong(int worker, FormattableString problem) =>
        OrleansEdgeException.WrongData(FormattableString.Invariant($"push of worker {worker}: {problem}"));

    private static string Describe(KeyRange range) => $"parameters {range.Start} to {range.End - 1}";
}
