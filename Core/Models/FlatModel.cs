using System.Collections.Immutable;

namespace OrleansEdge.Core.Models;

/// <summary>What every model shares: its blocks, the checks of its arguments, and prediction chunk by chunk.</summary>
internal abstract unsafe class FlatModel : IModel
{
    /// <summary>Examples that <see cref="Predict"/> takes at once.</summary>
    private const int PredictChunk = 20;

    protected FlatModel(
        string name, int inputLength, int classCount, IEnumerable<(string Name, ImmutableArray<int> Shape)> blocks)
    {
        (Name, InputLength, ClassCount) = (name, inputLength, classCount);
        var builder = ImmutableArray.CreateBuilder<ParameterBlock>();
        foreach (var (blockName, shape) in blocks)
        {
            builder.Add(new(blockName, ParameterCount, shape));
            ParameterCount += builder[^1].Length;
        }
        ParameterBlocks = builder.ToImmutable();
    }

    public string Name { get; }

    public int ParameterCount { get; }

    public ImmutableArray<ParameterBlock> ParameterBlocks { get; }

    public int InputLength { get; }

    public int ClassCount { get; }

    public abstract double FloatingPointOperationsPerExample { get; }

    public void Initialize(Span<float> parameters, ref RandomStream random)
    {
        CheckLength(parameters.Length, ParameterCount, nameof(parameters));
        foreach (var block in ParameterBlocks)
        {
            InitializeBlock(block, parameters.Slice(block.Offset, block.Length), ref random);
        }
    }

    public float LossAndGradient(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Span<float> gradient)
    {
        CheckLength(parameters.Length, ParameterCount, nameof(parameters));
        CheckLength(gradient.Length, ParameterCount, nameof(gradient));
        if (labels.IsEmpty)
        {
            throw new ArgumentException($"{Name}: the batch is empty; expected at least 1 label", nameof(labels));
        }
        CheckLength(inputs.Length, labels.Length * (long)InputLength, nameof(inputs));
        CheckLabels(labels);
        Reserve(labels.Length);
        fixed (float* parameterPointer = parameters, inputPointer = inputs, gradientPointer = gradient)
        {
            Prepare(parameterPointer);
            var logits = Forward(parameterPointer, inputPointer, labels.Length);
            var loss = SoftmaxCrossEntropy.LossAndGradient(
                new Span<float>(logits, labels.Length * ClassCount), labels, ClassCount);
            Backward(parameterPointer, inputPointer, labels.Length, gradientPointer);
            // The scratch memory is reached by pointers, which the collector does not see.
            GC.KeepAlive(this);
            return loss;
        }
    }

    public void Predict(ReadOnlySpan<float> parameters, ReadOnlySpan<float> inputs, Span<float> output)
    {
        CheckLength(parameters.Length, ParameterCount, nameof(parameters));
        var examples = output.Length / ClassCount;
        CheckLength(output.Length, (long)examples * ClassCount, nameof(output));
        CheckLength(inputs.Length, (long)examples * InputLength, nameof(inputs));
        Reserve(Math.Min(examples, PredictChunk));
        fixed (float* parameterPointer = parameters, inputPointer = inputs)
        {
            Prepare(parameterPointer);
            for (var first = 0; first < examples; first += PredictChunk)
            {
                var count = Math.Min(PredictChunk, examples - first);
                var logits = Forward(parameterPointer, inputPointer + ((nint)first * InputLength), count);
                new Span<float>(logits, count * ClassCount).CopyTo(output[(first * ClassCount)..]);
            }
            GC.KeepAlive(this);
        }
    }

    /// <summary>Draws one block's initial values.</summary>
    protected abstract void InitializeBlock(ParameterBlock block, Span<float> values, ref RandomStream random);

    /// <summary>Makes scratch memory for a batch, if there is not enough.</summary>
    protected abstract void Reserve(int batch);

    /// <summary>Brings parameters into the layout that <see cref="Forward"/> needs.</summary>
    protected virtual void Prepare(float* parameters)
    {
    }

    /// <summary>Computes the logits of a batch.</summary>
    /// <returns>[batch x classes] in scratch memory.</returns>
    protected abstract float* Forward(float* parameters, float* inputs, int batch);

    /// <summary>
    /// Writes the gradient of the batch that <see cref="Forward"/> saw last, whose logits have been replaced by their
    /// gradient.
    /// </summary>
    protected abstract void Backward(float* parameters, float* inputs, int batch, float* gradient);

    /// <summary>Normal with mean 0, redrawn beyond two deviations.</summary>
    protected static void DrawTruncatedNormal(Span<float> values, double deviation, ref RandomStream random)
    {
        foreach (ref var value in values)
        {
            var draw = random.NextNormal();
            while (Math.Abs(draw) > 2)
            {
                draw = random.NextNormal();
            }
            value = (float)(deviation * draw);
        }
    }

    private void CheckLength(long actual, long expected, string parameter)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{Name}: {parameter} has {actual} elements; expected {expected}", parameter);
        }
    }

    private void CheckLabels(ReadOnlySpan<int> labels)
    {
        for (var n = 0; n < labels.Length; n++)
        {
            if ((uint)labels[n] >= (uint)ClassCount)
            {
                throw new ArgumentException(
                    $"{Name}: label {labels[n]} of example {n} is out of range; expected 0 to {ClassCount - 1}",
                    nameof(labels));
            }
        }
    }
}
