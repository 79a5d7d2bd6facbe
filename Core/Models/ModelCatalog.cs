using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Core.Models;

/// <summary>The models that the console knows by name.</summary>
/// <remarks>
/// Every block is row-major with the unit it belongs to as slowest index: convolution weights
/// [filter][kernelY][kernelX][inputChannel], dense weights [output][input]. Images are [y][x][channel] and are
/// flattened in that order before a dense layer. Weight and bias blocks alternate, first layer first.
/// </remarks>
public static class ModelCatalog
{
    private const int MaxConvolutionalBatch = 16_384;
    private const int MaxDenseBatch = 65_536;

    /// <summary>
    /// cnn: the AdaComp paper's network for 28x28 images with 32 filters in both convolutions, 211,690 parameters.
    /// cnn64: 32 and 64 filters, 421,642. mlp: 784-128-128-10 with ReLU, 118,282. logreg: multinomial logistic
    /// regression on 784 features and 10 classes, 7,850.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = ["cnn", "cnn64", "mlp", "logreg"];

    /// <summary>
    /// The largest batch of a model: its activations are kept for the gradient, about 60 kB an example in a convolutional
    /// network, and none of its buffers may have 2 GB.
    /// </summary>
    public static int MaxBatch(string name) =>
        name.StartsWith("cnn", StringComparison.Ordinal) ? MaxConvolutionalBatch : MaxDenseBatch;

    /// <summary>Refuses a batch that the model cannot take.</summary>
    /// <param name="option">Named in the error line.</param>
    /// <exception cref="OrleansEdgeException">It is out of range (64).</exception>
    public static void CheckBatch(string option, string model, int batch)
    {
        if (batch < 1 || batch > MaxBatch(model))
        {
            throw OrleansEdgeException.Usage(
                $"{option} is {batch}; expected 1 to {MaxBatch(model)} with model {model}");
        }
    }

    /// <summary>Makes a model with scratch memory of its own.</summary>
    /// <param name="path">Null for the widest that this machine supports. All give the same bits.</param>
    /// <exception cref="OrleansEdgeException">The name is unknown (64).</exception>
    public static IModel Create(string name, SimdPath? path = null) => (path ?? SimdPaths.Best) switch
    {
        SimdPath.Vector512 => Create<Simd512>(name),
        SimdPath.Vector256 => Create<Simd256>(name),
        _ => Create<Simd1>(name),
    };

    /// <summary>
    /// Makes a multilayer perceptron, or multinomial logistic regression where there are no hidden layers.
    /// </summary>
    /// <param name="sizes">
    /// Input length, widths of hidden layers, classes; each at least 1, classes at least 2.
    /// </param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static IModel CreatePerceptron(string name, ReadOnlySpan<int> sizes, SimdPath? path = null)
    {
        if (sizes.Length < 2 || sizes[^1] < 2 || sizes.IndexOfAnyInRange(int.MinValue, 0) >= 0)
        {
            throw new ArgumentException(
                $"{name}: layer sizes {string.Join('-', sizes.ToArray())}; "
                + "expected an input length and hidden widths of at least 1 and at least 2 classes",
                nameof(sizes));
        }
        return (path ?? SimdPaths.Best) switch
        {
            SimdPath.Vector512 => new DenseNetwork<Simd512>(name, sizes),
            SimdPath.Vector256 => new DenseNetwork<Simd256>(name, sizes),
            _ => new DenseNetwork<Simd1>(name, sizes),
        };
    }

    private static FlatModel Create<T>(string name)
        where T : struct, ISimdVector<T> => name switch
        {
            "cnn" => new ConvolutionalNetwork<T>(name, 32, 32),
            "cnn64" => new ConvolutionalNetwork<T>(name, 32, 64),
            "mlp" => new DenseNetwork<T>(name, [784, 128, 128, 10]),
            "logreg" => new DenseNetwork<T>(name, [784, 10]),
            _ => throw OrleansEdgeException.Usage(
                $"model '{name}' is unknown; expected one of {string.Join(", ", Names)}"),
        };
}
