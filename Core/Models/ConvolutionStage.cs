using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Core.Models;

/// <summary>
/// A 3x3 convolution, ReLU and 2x2 max-pooling of one square image at a time, fused row pair by row pair.
/// </summary>
/// <param name="size">
/// Height and width of the image; a multiple of twice <see cref="Convolution3x3{T}.TileWidth"/>.
/// </param>
/// <param name="outChannels">A multiple of 32.</param>
internal sealed unsafe class ConvolutionStage<T>(int size, int inChannels, int outChannels)
    where T : struct, ISimdVector<T>
{
    private readonly AlignedBuffer<float> _filters = new(9 * inChannels * outChannels);
    private readonly AlignedBuffer<float> _rows = new(2 * size * outChannels);

    /// <summary>Elements of a padded input image, [size + 2][size + 2][inChannels].</summary>
    public int InputLength => (size + 2) * (size + 2) * inChannels;

    /// <summary>Elements of an output image, [size / 2][size / 2][outChannels].</summary>
    public int OutputLength => size / 2 * (size / 2) * outChannels;

    /// <summary>Multiply-adds of one image.</summary>
    public long MultiplyAdds => (long)size * size * 9 * inChannels * outChannels;

    /// <summary>Takes the weights that <see cref="Forward"/> uses.</summary>
    /// <param name="weights">[outChannels][3][3][inChannels].</param>
    public void SetWeights(float* weights) =>
        Matrix.Transpose(weights, _filters.Pointer, outChannels, 9 * inChannels);

    /// <summary>Computes one image.</summary>
    /// <param name="input">Padded, [size + 2][size + 2][inChannels].</param>
    /// <param name="bias">[outChannels].</param>
    /// <param name="output">[size / 2] rows of [size / 2][outChannels].</param>
    /// <param name="outputRowStride">From one output row to the next.</param>
    /// <param name="winners">[size / 2][size / 2][outChannels], for the gradient.</param>
    public void Forward(float* input, float* bias, float* output, int outputRowStride, byte* winners)
    {
        var rowStride = (size + 2) * inChannels;
        float* upper = _rows.Pointer, lower = upper + (size * outChannels);
        for (var y = 0; y < size; y += 2)
        {
            Convolution3x3<T>.Row(input, _filters.Pointer, bias, upper, size, inChannels, outChannels);
            Convolution3x3<T>.Row(input + rowStride, _filters.Pointer, bias, lower, size, inChannels, outChannels);
            MaxPool2x2<T>.Rows(upper, lower, output, winners, size, outChannels);
            input += 2 * rowStride;
            output += outputRowStride;
            winners += size / 2 * outChannels;
        }
    }
}
