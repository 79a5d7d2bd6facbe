using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;

namespace OrleansEdge.Client.Benchmarking;

/// <summary>
/// Gradients as they occur in training: their large entries overlap from step to step as real ones do.
/// </summary>
internal static class TrainingGradients
{
    private const int BatchSize = 10;
    private const int Examples = 400;
    private const float LearningRate = 0.05f;

    /// <summary>Trains a model for 28x28 images on drawn digits and keeps every second gradient.</summary>
    /// <returns>The parameters at the end, and the gradients.</returns>
    /// <exception cref="OperationCanceledException">Stopped on the way.</exception>
    /// <exception cref="OrleansEdgeException">The model is for other inputs (64).</exception>
    public static (float[] Parameters, float[][] Gradients) Of(
        IModel model, int count, ulong seed, CancellationToken stop = default)
    {
        if (model.InputLength != SyntheticDigits.PixelCount || model.ClassCount != SyntheticDigits.ClassCount)
        {
            throw OrleansEdgeException.Usage(
                $"model '{model.Name}' takes {model.InputLength} inputs; expected one for 28x28 digits");
        }
        var (pixels, labels) = (new byte[Examples * model.InputLength], new byte[Examples]);
        new SyntheticDigits(seed, "bench").Fill(0, pixels, labels);
        var random = new RandomStream(seed, "bench-gradients");
        var (parameters, gradients) = (new float[model.ParameterCount], new float[count][]);
        var (inputs, batchLabels) = (new float[BatchSize * model.InputLength], new int[BatchSize]);
        model.Initialize(parameters, ref random);
        for (var step = 0; step < 2 * count; step++)
        {
            stop.ThrowIfCancellationRequested();
            for (var i = 0; i < BatchSize; i++)
            {
                var example = random.NextInt(Examples);
                batchLabels[i] = labels[example];
                Standardize(
                    pixels.AsSpan(example * model.InputLength, model.InputLength),
                    inputs.AsSpan(i * model.InputLength, model.InputLength));
            }
            var gradient = gradients[step / 2] = new float[model.ParameterCount];
            model.LossAndGradient(parameters, inputs, batchLabels, gradient);
            for (var k = 0; k < parameters.Length; k++)
            {
                parameters[k] -= LearningRate * gradient[k];
            }
        }
        return (parameters, gradients);
    }

    // To mean 0 and variance 1.
    private static void Standardize(ReadOnlySpan<byte> pixels, Span<float> inputs)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var pixel in pixels)
        {
            sum += pixel;
            squares += (double)pixel * pixel;
        }
        var mean = sum / pixels.Length;
        var deviation = Math.Max(1, Math.Sqrt((squares / pixels.Length) - (mean * mean)));
        for (var i = 0; i < pixels.Length; i++)
        {
            inputs[i] = (float)((pixels[i] - mean) / deviation);
        }
    }
}
