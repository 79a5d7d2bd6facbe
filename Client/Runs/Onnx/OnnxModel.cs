using System.Collections.Immutable;
using OrleansEdge.Core;
using OrleansEdge.Core.Models;
using static OrleansEdge.Client.Runs.Onnx.OnnxGraph;

namespace OrleansEdge.Client.Runs.Onnx;

/// <summary>
/// Writes a trained classifier as ONNX. The graph takes raw pixels, 0 to 255, and standardises each image itself
/// (<see cref="OrleansEdge.Core.Data.ExampleSet.CopyBatch"/>), so that it answers what the trained model answers.
/// </summary>
/// <remarks>
/// The layers are read from the blocks: "conv..." with weights [out, height, width, in] is a convolution that keeps the
/// extents, followed by ReLU and a 2 x 2 maximum pool; "dense..." with weights [out, in], or [out, height, width, in]
/// over an image, is a dense layer, followed by ReLU unless it is the last.
/// </remarks>
internal static class OnnxModel
{
    /// <summary>Writes the model.</summary>
    /// <param name="parameters">[<see cref="IModel.ParameterCount"/>].</param>
    /// <param name="version">Version of the product.</param>
    /// <exception cref="OrleansEdgeException">The blocks are not of the kinds named above (65).</exception>
    public static void Write(Stream stream, IModel model, ReadOnlySpan<float> parameters, string version)
    {
        var graph = new OnnxGraph(model.Name);
        var value = Standardize(graph, graph.Input("pixels", model.InputLength), model.InputLength);
        var blocks = model.ParameterBlocks;
        var image = ImageExtents(model, blocks);
        value = image is null ? value : ToChannelsFirst(graph, value, image);
        for (var layer = 0; layer < blocks.Length; layer += 2)
        {
            var (weight, bias) = (blocks[layer], blocks[layer + 1]);
            var isLast = layer + 2 == blocks.Length;
            if (IsConvolution(weight))
            {
                value = Convolution(graph, value, weight, bias, parameters);
                image = image! with { Height = image.Height / 2, Width = image.Width / 2, Channels = weight.Shape[0] };
            }
            else
            {
                value = Dense(graph, value, weight, bias, parameters, image, isLast);
                image = null;
            }
        }
        graph.Output(value, model.ClassCount);
        graph.Output(graph.Node("probabilities", "Softmax", [value], Single("axis", 1)), model.ClassCount);
        graph.WriteTo(stream, version, "Input: pixels 0 to 255, rows of one image in order.", new Dictionary<string, string>
        {
            ["model"] = model.Name,
            ["parameters"] = model.ParameterCount.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
    }

    private static string Standardize(OnnxGraph graph, string pixels, int length)
    {
        NodeAttribute[] perImage = [new NodeAttribute("axes", 1), Single("keepdims", 1)];
        var unit = graph.Node("unit", "Div", [pixels, graph.Constant("unit.range", [1], [255f])]);
        var mean = graph.Node("mean", "ReduceMean", [unit], perImage);
        var centered = graph.Node("centered", "Sub", [unit, mean]);
        var squares = graph.Node("squares", "Mul", [centered, centered]);
        var variance = graph.Node("variance", "ReduceMean", [squares], perImage);
        var deviation = graph.Node("deviation", "Sqrt", [variance]);
        var least = graph.Constant("deviation.least", [1, 1], [1 / MathF.Sqrt(length)]);
        var safe = graph.Node("deviation.safe", "Max", [deviation, least]);
        return graph.Node("standardized", "Div", [centered, safe]);
    }

    private static bool IsConvolution(ParameterBlock weight) =>
        weight.Shape.Length == 4 && weight.Name.StartsWith("conv", StringComparison.Ordinal);

    private static Extents? ImageExtents(IModel model, ImmutableArray<ParameterBlock> blocks)
    {
        if (blocks.Length == 0 || blocks.Length % 2 != 0
            || blocks.Any(block => block.Shape.Length is not (1 or 2 or 4)))
        {
            throw OrleansEdgeException.WrongData($"model '{model.Name}' has layers that ONNX is not written for");
        }
        if (!IsConvolution(blocks[0]))
        {
            return null;
        }
        var channels = blocks[0].Shape[3];
        var side = (int)Math.Round(Math.Sqrt(model.InputLength / (double)channels));
        return side * side * channels == model.InputLength
            ? new Extents(side, side, channels)
            : throw OrleansEdgeException.WrongData($"model '{model.Name}' takes no square images; ONNX needs them");
    }

    private static string ToChannelsFirst(OnnxGraph graph, string value, Extents image)
    {
        var shape = graph.Constant("image.shape", -1L, image.Height, image.Width, image.Channels);
        var channelsLast = graph.Node("image", "Reshape", [value, shape]);
        return graph.Node("image.channels-first", "Transpose", [channelsLast], new NodeAttribute("perm", 0, 3, 1, 2));
    }

    private static string Convolution(
        OnnxGraph graph, string value, ParameterBlock weight, ParameterBlock bias, ReadOnlySpan<float> parameters)
    {
        var (count, height, width, depth) = (weight.Shape[0], weight.Shape[1], weight.Shape[2], weight.Shape[3]);
        var source = parameters.Slice(weight.Offset, weight.Length);
        var filters = new float[weight.Length];
        for (var i = 0; i < filters.Length; i++)
        {
            var (x, y) = (i % width, i / width % height);
            var (input, output) = (i / (width * height) % depth, i / (width * height * depth));
            filters[i] = source[(((((output * height) + y) * width) + x) * depth) + input];
        }
        var layer = weight.Name.Split('.')[0];
        long[] pads = [(height - 1) / 2, (width - 1) / 2, height / 2, width / 2];
        var convolution = graph.Node(
            layer, "Conv",
            [value, graph.Constant(weight.Name, [count, depth, height, width], filters), Bias(graph, bias, parameters)],
            new NodeAttribute("kernel_shape", height, width), new NodeAttribute("pads", pads), new NodeAttribute("strides", 1, 1));
        var rectified = graph.Node(layer + ".relu", "Relu", [convolution]);
        return graph.Node(
            layer + ".pool", "MaxPool", [rectified], new NodeAttribute("kernel_shape", 2, 2), new NodeAttribute("strides", 2, 2));
    }

    private static string Dense(
        OnnxGraph graph, string value, ParameterBlock weight, ParameterBlock bias, ReadOnlySpan<float> parameters,
        Extents? image, bool isLast)
    {
        var (outputs, inputs) = (weight.Shape[0], weight.Length / weight.Shape[0]);
        var matrix = parameters.Slice(weight.Offset, weight.Length).ToArray();
        if (image is not null)
        {
            matrix = ToChannelsFirst(matrix, inputs, image);
            value = graph.Node("flat", "Flatten", [value], Single("axis", 1));
        }
        var layer = weight.Name.Split('.')[0];
        var scores = graph.Node(
            isLast ? "logits" : layer, "Gemm",
            [value, graph.Constant(weight.Name, [outputs, inputs], matrix), Bias(graph, bias, parameters)],
            Single("transB", 1));
        return isLast ? scores : graph.Node(layer + ".relu", "Relu", [scores]);
    }

    /// <summary>Our images are flattened row, column, channel; ONNX flattens channel, row, column.</summary>
    private static float[] ToChannelsFirst(float[] matrix, int inputs, Extents image)
    {
        var turned = new float[matrix.Length];
        for (var i = 0; i < matrix.Length; i++)
        {
            var (output, input) = (i / inputs, i % inputs);
            var (place, channel) = (input / image.Channels, input % image.Channels);
            turned[(output * inputs) + (channel * image.Height * image.Width) + place] = matrix[i];
        }
        return turned;
    }

    private static string Bias(OnnxGraph graph, ParameterBlock bias, ReadOnlySpan<float> parameters) =>
        graph.Constant(bias.Name, bias.Shape, parameters.Slice(bias.Offset, bias.Length));

    private static NodeAttribute Single(string name, long value) => new(name, value) { IsSingle = true };

    private sealed record Extents(int Height, int Width, int Channels);
}
