using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Core.Training;

/// <param name="Loss">Mean loss of the batch in nats.</param>
/// <param name="IsFinite">Loss and gradient are finite; otherwise there are no updates.</param>
/// <param name="Updates">The encoded update of each shard; empty when the step does not push.</param>
public sealed record StepResult(float Loss, bool IsFinite, ReadOnlyMemory<byte>[] Updates);

/// <summary>What was fetched from one shard.</summary>
/// <param name="Clock">The shard's clock.</param>
/// <param name="Values">Its values, dense.</param>
public readonly record struct FetchedShard(long Clock, ReadOnlyMemory<byte> Values);

/// <summary>
/// One worker's side of asynchronous SGD: gradient of a minibatch at the fetched parameters, selection, encoding
/// (AdaComp Algorithm 1; with <see cref="GradientSettings.KeepsParameters"/> and
/// <see cref="GradientSettings.AccumulatesGradients"/> DistBelief's Downpour client). One step at a time.
/// </summary>
public sealed class LocalReplica
{
    private readonly GradientWorkspaces _workspaces;
    private readonly ExampleSet _examples;
    private readonly BatchSampler _sampler;
    private readonly float[]? _parameters;
    private readonly float[] _localRates;
    private readonly float[]? _accumulated;
    private bool _hasParameters;

    public LocalReplica(
        GradientWorkspaces workspaces, ExampleSet examples, BatchSampler sampler, GradientSettings settings)
    {
        (_workspaces, _examples, _sampler, Settings) = (workspaces, examples, sampler, settings);
        var model = workspaces.Use(settings, workspace => workspace.Model);
        Require(examples.FeatureCount == model.InputLength && examples.ClassCount <= model.ClassCount, examples, model);
        Ranges = KeyRange.Split(model.ParameterCount, settings.Shards);
        FloatingPointOperationsPerStep = model.FloatingPointOperationsPerExample * settings.BatchSize;
        _parameters = settings.KeepsParameters ? new float[model.ParameterCount] : null;
        _localRates = new float[settings.Shards];
        _accumulated = settings.AccumulatesGradients ? new float[model.ParameterCount] : null;
    }

    public GradientSettings Settings { get; }

    /// <summary>The parameters of each shard.</summary>
    public IReadOnlyList<KeyRange> Ranges { get; }

    public double FloatingPointOperationsPerStep { get; }

    /// <summary>Computes one gradient and, when <paramref name="push"/>, the updates for the shards.</summary>
    /// <param name="step">Which minibatch, from 0.</param>
    /// <param name="fetched">What was fetched from each shard; none to go on from the worker's own parameters.</param>
    /// <param name="push">Whether this step ends with a push.</param>
    /// <exception cref="InvalidOperationException">
    /// Something else was fetched than every shard's range, or nothing and there are no own parameters.
    /// </exception>
    public StepResult Step(long step, FetchedShard[] fetched, bool push) =>
        _workspaces.Use(Settings, workspace => Step(workspace, step, fetched, push));

    private StepResult Step(GradientWorkspace workspace, long step, FetchedShard[] fetched, bool push)
    {
        var parameters = ParametersFor(workspace, fetched);
        _sampler.Fill(step, workspace.Rows);
        _examples.CopyBatch(workspace.Rows, workspace.Inputs, workspace.Labels);
        var gradient = workspace.Gradient;
        var loss = workspace.Model.LossAndGradient(parameters, workspace.Inputs, workspace.Labels, gradient);
        if (_parameters is not null)
        {
            StepLocally(_parameters, gradient);
        }
        if (_accumulated is not null)
        {
            TensorPrimitives.Add(_accumulated, gradient, _accumulated);
            gradient = _accumulated;
        }
        if (!float.IsFinite(loss) || (push && !FiniteCheck.AllFinite(gradient)))
        {
            return new StepResult(loss, IsFinite: false, []);
        }
        var updates = push ? Encode(workspace, gradient) : [];
        if (push && _accumulated is not null)
        {
            Array.Clear(_accumulated);
        }
        return new StepResult(loss, IsFinite: true, updates);
    }

    private static void Require(bool fits, ExampleSet examples, IModel model)
    {
        if (!fits)
        {
            throw OrleansEdgeException.Usage(
                $"model '{model.Name}' takes {model.InputLength} features and {model.ClassCount} classes; " +
                $"data '{examples.Name}' has {examples.FeatureCount} and {examples.ClassCount}");
        }
    }

    /// <summary>
    /// The vector to differentiate at: the only shard's payload itself where there is one, else put together.
    /// </summary>
    private ReadOnlySpan<float> ParametersFor(GradientWorkspace workspace, FetchedShard[] fetched)
    {
        RequireWhole(fetched);
        if (_parameters is null && fetched is [var whole])
        {
            return MemoryMarshal.Cast<byte, float>(whole.Values.Span);
        }
        var parameters = _parameters ?? workspace.Parameters;
        for (var i = 0; i < fetched.Length; i++)
        {
            _localRates[i] = Settings.LocalLearningRate.At(fetched[i].Clock);
            fetched[i].Values.Span.CopyTo(MemoryMarshal.AsBytes(parameters.AsSpan(Ranges[i].Start, Ranges[i].Length)));
        }
        _hasParameters = _parameters is not null;
        return parameters;
    }

    /// <summary>
    /// The workspace's memory holds whatever another worker left in it: all of it must be written over.
    /// </summary>
    private void RequireWhole(FetchedShard[] fetched)
    {
        var isWhole = fetched.Length == 0
            ? _hasParameters
            : fetched.Length == Ranges.Count && fetched.Index().All(
                shard => shard.Item.Values.Length == Ranges[shard.Index].Length * sizeof(float));
        if (!isWhole)
        {
            throw new InvalidOperationException(
                $"fetched {fetched.Length} shards with {fetched.Sum(shard => (long)shard.Values.Length)} bytes; " +
                $"expected {Ranges.Count} with {Ranges.Sum(range => (long)range.Length) * sizeof(float)}");
        }
    }

    private void StepLocally(Span<float> parameters, ReadOnlySpan<float> gradient)
    {
        for (var i = 0; i < _localRates.Length; i++)
        {
            var own = parameters.Slice(Ranges[i].Start, Ranges[i].Length);
            TensorPrimitives.MultiplyAdd(gradient.Slice(Ranges[i].Start, Ranges[i].Length), -_localRates[i], own, own);
        }
    }

    private ReadOnlyMemory<byte>[] Encode(GradientWorkspace workspace, float[] gradient)
    {
        var updates = new ReadOnlyMemory<byte>[Ranges.Count];
        if (Settings.IsSparse)
        {
            workspace.Selector.Select(gradient, workspace.Selected);
        }
        for (var i = 0; i < updates.Length; i++)
        {
            updates[i] = Settings.IsSparse
                ? SparseUpdateCodec.Encode(Ranges[i], workspace.Selected, Precision)
                : EncodeDense(gradient.AsSpan(Ranges[i].Start, Ranges[i].Length));
        }
        return updates;
    }

    private static byte[] EncodeDense(ReadOnlySpan<float> values)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(DenseCodec.EncodedLength(values.Length));
        DenseCodec.Encode(values, bytes);
        return bytes;
    }

    private ValuePrecision Precision => Settings.HalfPrecisionValues ? ValuePrecision.BFloat16 : ValuePrecision.Float32;
}
