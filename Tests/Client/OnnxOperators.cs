using Array = OrleansEdge.Tests.Client.OnnxInterpreter.Array;
using Node = OrleansEdge.Tests.Client.OnnxInterpreter.Node;

namespace OrleansEdge.Tests.Client;

/// <summary>The operators of operator set 13 that our models use, for a batch of one, the simplest way.</summary>
internal static class OnnxOperators
{
    public static Array Apply(Node node, Array[] inputs) => node.Operator switch
    {
        "Div" => Pairwise(inputs, (a, b) => a / b),
        "Sub" => Pairwise(inputs, (a, b) => a - b),
        "Mul" => Pairwise(inputs, (a, b) => a * b),
        "Max" => Pairwise(inputs, Math.Max),
        "Sqrt" => Each(inputs[0], MathF.Sqrt),
        "Relu" => Each(inputs[0], value => Math.Max(value, 0)),
        "ReduceMean" when node.Attributes["axes"] is [1] && node.Attributes["keepdims"] is [1] =>
            new Array([1, 1], [(float)inputs[0].Values.Average(value => (double)value)]),
        "Reshape" => new Array(
            [1, .. inputs[1].Values.Skip(1).Select(extent => (int)extent)], inputs[0].Values),
        "Transpose" => Transpose(inputs[0], node.Attributes["perm"]),
        "Conv" => Convolve(node, inputs[0], inputs[1], inputs[2]),
        "MaxPool" => Pool(inputs[0]),
        "Flatten" when node.Attributes["axis"] is [1] => new Array([1, inputs[0].Values.Length], inputs[0].Values),
        "Gemm" when node.Attributes["transB"] is [1] => Multiply(inputs[0], inputs[1], inputs[2]),
        "Softmax" => Softmax(inputs[0]),
        _ => throw new NotSupportedException(node.Operator),
    };

    private static Array Each(Array input, Func<float, float> function) =>
        input with { Values = [.. input.Values.Select(function)] };

    private static Array Pairwise(Array[] inputs, Func<float, float, float> function)
    {
        var (a, b) = (inputs[0], inputs[1]);
        return new Array(
            a.Shape,
            [.. a.Values.Select((value, i) => function(value, b.Values[b.Values.Length == 1 ? 0 : i]))]);
    }

    private static Array Transpose(Array input, long[] order)
    {
        var shape = order.Select(axis => input.Shape[axis]).ToArray();
        var result = new float[input.Values.Length];
        for (var target = 0; target < result.Length; target++)
        {
            var place = new int[shape.Length];
            for (var (axis, rest) = (shape.Length - 1, target); axis >= 0; axis--)
            {
                place[order[axis]] = rest % shape[axis];
                rest /= shape[axis];
            }
            var source = 0;
            for (var axis = 0; axis < place.Length; axis++)
            {
                source = (source * input.Shape[axis]) + place[axis];
            }
            result[target] = input.Values[source];
        }
        return new Array(shape, result);
    }

    /// <summary>Input [1, c, y, x], filters [o, c, ky, kx].</summary>
    private static Array Convolve(Node node, Array input, Array filters, Array bias)
    {
        var (channels, height, width) = (input.Shape[1], input.Shape[2], input.Shape[3]);
        var (outputs, kernelY, kernelX) = (filters.Shape[0], filters.Shape[2], filters.Shape[3]);
        var pads = node.Attributes["pads"];
        var result = new float[outputs * height * width];
        for (var i = 0; i < result.Length; i++)
        {
            var (o, y, x) = (i / (height * width), i / width % height, i % width);
            var sum = (double)bias.Values[o];
            for (var k = 0; k < channels * kernelY * kernelX; k++)
            {
                var (c, ky, kx) = (k / (kernelY * kernelX), k / kernelX % kernelY, k % kernelX);
                var (sourceY, sourceX) = (y + ky - (int)pads[0], x + kx - (int)pads[1]);
                if (sourceY >= 0 && sourceY < height && sourceX >= 0 && sourceX < width)
                {
                    sum += (double)filters.Values[(o * channels * kernelY * kernelX) + k]
                        * input.Values[(((c * height) + sourceY) * width) + sourceX];
                }
            }
            result[i] = (float)sum;
        }
        return new Array([1, outputs, height, width], result);
    }

    private static Array Pool(Array input)
    {
        var (channels, height, width) = (input.Shape[1], input.Shape[2] / 2, input.Shape[3] / 2);
        var result = new float[channels * height * width];
        for (var i = 0; i < result.Length; i++)
        {
            var (c, y, x) = (i / (height * width), i / width % height, i % width);
            float At(int dy, int dx) => input.Values[(((c * height * 2) + (2 * y) + dy) * width * 2) + (2 * x) + dx];
            result[i] = Math.Max(Math.Max(At(0, 0), At(0, 1)), Math.Max(At(1, 0), At(1, 1)));
        }
        return new Array([1, channels, height, width], result);
    }

    /// <summary>x [1, in] times the transpose of [out, in], plus [out].</summary>
    private static Array Multiply(Array x, Array matrix, Array bias)
    {
        var inputs = x.Shape[1];
        return new Array(
            [1, matrix.Shape[0]],
            [.. bias.Values.Select((offset, o) =>
                (float)(offset + Enumerable.Range(0, inputs).Sum(i => (double)x.Values[i] * matrix.Values[(o * inputs) + i])))]);
    }

    private static Array Softmax(Array input)
    {
        var exponentials = input.Values.Select(value => Math.Exp(value - input.Values.Max())).ToArray();
        return input with { Values = [.. exponentials.Select(value => (float)(value / exponentials.Sum()))] };
    }
}
