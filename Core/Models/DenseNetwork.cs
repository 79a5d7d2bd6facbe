using System.Collections.Immutable;
using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Core.Models;

/// <summary>
/// Dense layers with ReLU between them: a multilayer perceptron, or multinomial logistic regression where there is
/// one layer.
/// </summary>
/// <remarks>
/// Blocks of layer l from 1, row-major: dense{l}.weight [outputs][inputs], dense{l}.bias [outputs].
/// </remarks>
internal sealed unsafe class DenseNetwork<T> : FlatModel
    where T : struct, ISimdVector<T>
{
    private readonly int[] _sizes;
    private AlignedBuffer<float>[] _activations = [];
    private AlignedBuffer<float>[] _gradients = [];
    private int _batch;

    /// <param name="sizes">Input length, widths of hidden layers, classes.</param>
    public DenseNetwork(string name, ReadOnlySpan<int> sizes)
        : base(name, sizes[0], sizes[^1], Blocks(sizes.ToArray()))
    {
        _sizes = sizes.ToArray();
        Reserve(1);
    }

    /// <summary>The input gradient of the first layer is not needed and not counted.</summary>
    public override double FloatingPointOperationsPerExample =>
        Enumerable.Range(0, Layers).Sum(layer => (layer == 0 ? 4.0 : 6.0) * _sizes[layer] * _sizes[layer + 1]);

    private int Layers => _sizes.Length - 1;

    /// <summary>
    /// Hidden layers: weights truncated normal with deviation 0.1, biases 0.1. Logistic regression is convex and
    /// starts at 0.
    /// </summary>
    protected override void InitializeBlock(ParameterBlock block, Span<float> values, ref RandomStream random)
    {
        if (Layers == 1)
        {
            values.Clear();
        }
        else if (block.Shape.Length == 1)
        {
            values.Fill(0.1f);
        }
        else
        {
            DrawTruncatedNormal(values, 0.1, ref random);
        }
    }

    protected override void Reserve(int batch)
    {
        if (_batch < batch)
        {
            _batch = batch;
            _activations = Buffers(_sizes[1..], batch);
            _gradients = Buffers(_sizes[1..^1], batch);
        }
    }

    protected override float* Forward(float* parameters, float* inputs, int batch)
    {
        for (var layer = 0; layer < Layers; layer++)
        {
            var output = _activations[layer];
            Dense<T>.Forward(
                inputs, parameters + Weight(layer), parameters + Bias(layer), output.Pointer, batch, _sizes[layer],
                _sizes[layer + 1]);
            if (layer < Layers - 1)
            {
                Rectifier.Apply(output.Span[..(batch * _sizes[layer + 1])]);
            }
            inputs = output.Pointer;
        }
        return inputs;
    }

    protected override void Backward(float* parameters, float* inputs, int batch, float* gradient)
    {
        var outputGradient = _activations[^1].Pointer;
        for (var layer = Layers - 1; layer >= 0; layer--)
        {
            var input = layer == 0 ? inputs : _activations[layer - 1].Pointer;
            var width = _sizes[layer];
            Dense<T>.WeightGradient(
                outputGradient, input, gradient + Weight(layer), gradient + Bias(layer), batch, width,
                _sizes[layer + 1]);
            if (layer > 0)
            {
                var below = _gradients[layer - 1];
                Dense<T>.InputGradient(
                    outputGradient, parameters + Weight(layer), below.Pointer, batch, width, _sizes[layer + 1]);
                Rectifier.Mask(_activations[layer - 1].Span[..(batch * width)], below.Span[..(batch * width)]);
                outputGradient = below.Pointer;
            }
        }
    }

    private static IEnumerable<(string Name, ImmutableArray<int> Shape)> Blocks(int[] sizes)
    {
        for (var layer = 1; layer < sizes.Length; layer++)
        {
            yield return ($"dense{layer}.weight", [sizes[layer], sizes[layer - 1]]);
            yield return ($"dense{layer}.bias", [sizes[layer]]);
        }
    }

    private static AlignedBuffer<float>[] Buffers(int[] sizes, int batch) =>
        Array.ConvertAll(sizes, size => new AlignedBuffer<float>(batch * size));

    private int Weight(int layer) => ParameterBlocks[2 * layer].Offset;

    private int Bias(int layer) => ParameterBlocks[(2 * layer) + 1].Offset;
}
