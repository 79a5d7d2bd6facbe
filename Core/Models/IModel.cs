using System.Collections.Immutable;

namespace OrleansEdge.Core.Models;

/// <summary>A weight matrix, filter bank or bias inside the flat parameter vector.</summary>
/// <param name="Name">Such as "conv2.weight".</param>
/// <param name="Offset">Index of its first element in the parameter vector.</param>
/// <param name="Shape">Extents, slowest first; their product is <see cref="Length"/>.</param>
public sealed record ParameterBlock(string Name, int Offset, ImmutableArray<int> Shape)
{
    /// <summary>Number of elements.</summary>
    public int Length { get; } = Shape.Aggregate(1, (product, extent) => product * extent);
}

/// <summary>
/// A differentiable classifier over one flat vector of single-precision parameters. An instance owns scratch memory
/// for one caller at a time; take one per thread from a <see cref="ModelPool"/>.
/// </summary>
public interface IModel
{
    /// <summary>The name by which <see cref="ModelCatalog"/> makes it.</summary>
    string Name { get; }

    int ParameterCount { get; }

    /// <summary>The blocks in order; together they cover the vector without gaps.</summary>
    ImmutableArray<ParameterBlock> ParameterBlocks { get; }

    /// <summary>Features of one example.</summary>
    int InputLength { get; }

    int ClassCount { get; }

    /// <summary>Operations of loss and gradient of one example, a multiply-add counted as two.</summary>
    double FloatingPointOperationsPerExample { get; }

    /// <summary>Draws initial parameters.</summary>
    void Initialize(Span<float> parameters, ref RandomStream random);

    /// <summary>Mean softmax cross-entropy of a batch and its gradient; allocates nothing.</summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    /// <param name="inputs">[batch x <see cref="InputLength"/>], row-major.</param>
    /// <param name="labels">[batch], each in 0..<see cref="ClassCount"/>-1.</param>
    /// <param name="gradient">[<see cref="ParameterCount"/>], overwritten.</param>
    /// <returns>The mean loss in nats.</returns>
    float LossAndGradient(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Span<float> gradient);

    /// <summary>Class scores (logits) of a batch.</summary>
    /// <param name="output">[batch x <see cref="ClassCount"/>], overwritten.</param>
    void Predict(ReadOnlySpan<float> parameters, ReadOnlySpan<float> inputs, Span<float> output);
}
