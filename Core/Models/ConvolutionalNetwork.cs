using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Core.Models;

/// <summary>
/// The convolutional network of the AdaComp paper for 28x28 images: twice (3x3 convolution with zero padding, ReLU,
/// 2x2 max-pooling), a hidden dense layer with ReLU, a dense layer of logits.
/// </summary>
/// <remarks>
/// Blocks, row-major, slowest index first: conv1.weight [filters1][kernelY][kernelX][1], conv1.bias, conv2.weight
/// [filters2][kernelY][kernelX][filters1], conv2.bias, dense1.weight [hidden][y][x][filters2] over the 7x7 pooled
/// image, dense1.bias, dense2.weight [classes][hidden], dense2.bias. An input is [y][x].
/// </remarks>
internal sealed unsafe class ConvolutionalNetwork<T> : FlatModel
    where T : struct, ISimdVector<T>
{
    private const int Size = 28;
    private const int Half = Size / 2;
    private const int Quarter = Size / 4;
    private readonly int _filters1;
    private readonly int _filters2;
    private readonly int _hidden;
    private readonly ConvolutionStage<T> _stage1;
    private readonly ConvolutionStage<T> _stage2;
    private readonly FirstLayerGradient<T> _gradient1;
    private readonly PooledGradient<T> _gradient2;
    private readonly AlignedBuffer<float> _pooled1Gradient;
    private Scratch _scratch;

    /// <param name="filters1">Of the first convolution; a multiple of 32.</param>
    /// <param name="filters2">Of the second convolution; a multiple of 32.</param>
    public ConvolutionalNetwork(string name, int filters1, int filters2, int hidden = 128, int classes = 10)
        : base(name, Size * Size, classes,
        [
            ("conv1.weight", [filters1, 3, 3, 1]), ("conv1.bias", [filters1]),
            ("conv2.weight", [filters2, 3, 3, filters1]), ("conv2.bias", [filters2]),
            ("dense1.weight", [hidden, Quarter, Quarter, filters2]), ("dense1.bias", [hidden]),
            ("dense2.weight", [classes, hidden]), ("dense2.bias", [classes]),
        ])
    {
        (_filters1, _filters2, _hidden) = (filters1, filters2, hidden);
        (_stage1, _stage2) = (new(Size, 1, filters1), new(Half, filters1, filters2));
        (_gradient1, _gradient2) = (new(Size, filters1), new(Half, filters1, filters2));
        _pooled1Gradient = new(_stage2.InputLength);
        _scratch = new(this, 1);
    }

    /// <summary>The input gradient of the first convolution is not needed and not counted.</summary>
    public override double FloatingPointOperationsPerExample =>
        (4.0 * _stage1.MultiplyAdds) + (6.0 * _stage2.MultiplyAdds)
        + (6.0 * _hidden * (_stage2.OutputLength + ClassCount));

    /// <summary>
    /// Weights truncated normal with deviation 0.1, biases 0.1, as the paper's authors' code has them.
    /// </summary>
    protected override void InitializeBlock(ParameterBlock block, Span<float> values, ref RandomStream random)
    {
        if (block.Shape.Length == 1)
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
        if (_scratch.Batch < batch)
        {
            _scratch = new(this, batch);
        }
    }

    protected override void Prepare(float* parameters)
    {
        _stage1.SetWeights(parameters + ParameterBlocks[0].Offset);
        _stage2.SetWeights(parameters + ParameterBlocks[2].Offset);
    }

    protected override float* Forward(float* parameters, float* inputs, int batch)
    {
        for (var n = 0; n < batch; n++)
        {
            var image = _scratch.Images.Pointer + (n * _stage1.InputLength);
            for (var y = 0; y < Size; y++)
            {
                new Span<float>(inputs + (n * InputLength) + (y * Size), Size)
                    .CopyTo(new(image + ((y + 1) * (Size + 2)) + 1, Size));
            }
            var pooled1 = _scratch.Pooled1.Pointer + (n * _stage2.InputLength);
            _stage1.Forward(
                image, parameters + ParameterBlocks[1].Offset, pooled1 + ((Half + 3) * _filters1),
                (Half + 2) * _filters1, _scratch.Winners1.Pointer + (n * _stage1.OutputLength));
            _stage2.Forward(
                pooled1, parameters + ParameterBlocks[3].Offset, _scratch.Pooled2.Pointer + (n * _stage2.OutputLength),
                Quarter * _filters2, _scratch.Winners2.Pointer + (n * _stage2.OutputLength));
        }
        Dense<T>.Forward(
            _scratch.Pooled2.Pointer, parameters + ParameterBlocks[4].Offset, parameters + ParameterBlocks[5].Offset,
            _scratch.Hidden.Pointer, batch, _stage2.OutputLength, _hidden);
        Rectifier.Apply(new(_scratch.Hidden.Pointer, batch * _hidden));
        Dense<T>.Forward(
            _scratch.Hidden.Pointer, parameters + ParameterBlocks[6].Offset, parameters + ParameterBlocks[7].Offset,
            _scratch.Logits.Pointer, batch, _hidden, ClassCount);
        return _scratch.Logits.Pointer;
    }

    protected override void Backward(float* parameters, float* inputs, int batch, float* gradient)
    {
        Dense<T>.WeightGradient(
            _scratch.Logits.Pointer, _scratch.Hidden.Pointer, gradient + ParameterBlocks[6].Offset,
            gradient + ParameterBlocks[7].Offset, batch, _hidden, ClassCount);
        Dense<T>.InputGradient(
            _scratch.Logits.Pointer, parameters + ParameterBlocks[6].Offset, _scratch.HiddenGradient.Pointer, batch,
            _hidden, ClassCount);
        Rectifier.Mask(
            new(_scratch.Hidden.Pointer, batch * _hidden), new(_scratch.HiddenGradient.Pointer, batch * _hidden));
        Dense<T>.WeightGradient(
            _scratch.HiddenGradient.Pointer, _scratch.Pooled2.Pointer, gradient + ParameterBlocks[4].Offset,
            gradient + ParameterBlocks[5].Offset, batch, _stage2.OutputLength, _hidden);
        Dense<T>.InputGradient(
            _scratch.HiddenGradient.Pointer, parameters + ParameterBlocks[4].Offset, _scratch.Pooled2Gradient.Pointer,
            batch, _stage2.OutputLength, _hidden);
        new Span<float>(gradient, ParameterBlocks[4].Offset).Clear();
        _gradient1.Clear();
        for (var n = 0; n < batch; n++)
        {
            BackwardImage(parameters, n, gradient);
        }
        _gradient1.CopyTo(gradient + ParameterBlocks[0].Offset);
    }

    private void BackwardImage(float* parameters, int n, float* gradient)
    {
        _pooled1Gradient.Span.Clear();
        var winners2 = _scratch.Winners2.Pointer + (n * _stage2.OutputLength);
        var pooled2Gradient = _scratch.Pooled2Gradient.Pointer + (n * _stage2.OutputLength);
        _gradient2.AddToParameters(
            _scratch.Pooled1.Pointer + (n * _stage2.InputLength), winners2, pooled2Gradient,
            gradient + ParameterBlocks[2].Offset, gradient + ParameterBlocks[3].Offset);
        _gradient2.AddToInput(
            winners2, pooled2Gradient, parameters + ParameterBlocks[2].Offset, _pooled1Gradient.Pointer);
        _gradient1.Accumulate(
            _scratch.Images.Pointer + (n * _stage1.InputLength),
            _scratch.Winners1.Pointer + (n * _stage1.OutputLength),
            _pooled1Gradient.Pointer + ((Half + 3) * _filters1), (Half + 2) * _filters1,
            gradient + ParameterBlocks[1].Offset);
    }

    /// <summary>Activations of a batch, kept for the gradient.</summary>
    private sealed class Scratch(ConvolutionalNetwork<T> network, int batch)
    {
        public int Batch => batch;

        public AlignedBuffer<float> Images { get; } = new(batch * network._stage1.InputLength);

        public AlignedBuffer<float> Pooled1 { get; } = new(batch * network._stage2.InputLength);

        public AlignedBuffer<byte> Winners1 { get; } = new(batch * network._stage1.OutputLength);

        public AlignedBuffer<float> Pooled2 { get; } = new(batch * network._stage2.OutputLength);

        public AlignedBuffer<float> Pooled2Gradient { get; } = new(batch * network._stage2.OutputLength);

        public AlignedBuffer<byte> Winners2 { get; } = new(batch * network._stage2.OutputLength);

        public AlignedBuffer<float> Hidden { get; } = new(batch * network._hidden);

        public AlignedBuffer<float> HiddenGradient { get; } = new(batch * network._hidden);

        public AlignedBuffer<float> Logits { get; } = new(batch * network.ClassCount);
    }
}
