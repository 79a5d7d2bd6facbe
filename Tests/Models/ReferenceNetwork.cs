using OrleansEdge.Core.Models;

namespace OrleansEdge.Tests.Models;

/// <summary>
/// The models once more, in double precision, with plain loops over the textbook definitions; which layers there are
/// follows from the blocks' shapes. Against it the kernels are checked, and it is checked against central
/// differences.
/// </summary>
internal sealed class ReferenceNetwork(IModel model)
{
    private readonly List<Layer> _layers = Layers(model);

    /// <summary>Class scores of one example.</summary>
    public double[] Logits(double[] parameters, ReadOnlySpan<float> input)
    {
        var values = Array.ConvertAll(input.ToArray(), value => (double)value);
        foreach (var layer in _layers)
        {
            values = layer.Forward(parameters, values);
        }
        return values;
    }

    /// <summary>The mean cross-entropy of a batch.</summary>
    public double Loss(double[] parameters, float[] inputs, int[] labels) =>
        labels.Select((label, n) =>
        {
            var logits = Logits(parameters, inputs.AsSpan(n * model.InputLength, model.InputLength));
            return LogSumExp(logits) - logits[label];
        }).Average();

    /// <summary>The gradient of <see cref="Loss"/> by back-propagation.</summary>
    public double[] Gradient(double[] parameters, float[] inputs, int[] labels)
    {
        var gradient = new double[parameters.Length];
        for (var n = 0; n < labels.Length; n++)
        {
            var logits = Logits(parameters, inputs.AsSpan(n * model.InputLength, model.InputLength));
            var total = LogSumExp(logits);
            var values = Array.ConvertAll(logits, logit => Math.Exp(logit - total) / labels.Length);
            values[labels[n]] -= 1.0 / labels.Length;
            foreach (var layer in Enumerable.Reverse(_layers))
            {
                values = layer.Backward(parameters, values, gradient);
            }
        }
        return gradient;
    }

    private static double LogSumExp(double[] logits)
    {
        var largest = logits.Max();
        return largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
    }

    private static List<Layer> Layers(IModel model)
    {
        var layers = new List<Layer>();
        var size = (int)Math.Sqrt(model.InputLength);
        for (var i = 0; i < model.ParameterBlocks.Length; i += 2)
        {
            var (weights, bias) = (model.ParameterBlocks[i], model.ParameterBlocks[i + 1]);
            if (weights.Name.StartsWith("conv", StringComparison.Ordinal))
            {
                layers.Add(new Convolution(size, weights.Shape[3], weights.Shape[0], weights.Offset, bias.Offset));
                layers.Add(new Rectifier());
                layers.Add(new MaxPool(size, weights.Shape[0]));
                size /= 2;
            }
            else
            {
                layers.Add(new Dense(weights.Length / bias.Length, bias.Length, weights.Offset, bias.Offset));
                layers.Add(new Rectifier());
            }
        }
        layers.RemoveAt(layers.Count - 1);
        return layers;
    }

    private abstract class Layer
    {
        protected double[] Input { get; private set; } = [];

        public double[] Forward(double[] parameters, double[] input)
        {
            Input = input;
            return Compute(parameters);
        }

        public abstract double[] Backward(double[] parameters, double[] flow, double[] gradient);

        protected abstract double[] Compute(double[] parameters);
    }

    private sealed class Rectifier : Layer
    {
        public override double[] Backward(double[] parameters, double[] flow, double[] gradient) =>
            flow.Zip(Input, (value, input) => input > 0 ? value : 0).ToArray();

        protected override double[] Compute(double[] parameters) =>
            Array.ConvertAll(Input, value => Math.Max(value, 0));
    }

    private sealed class Dense(int inputs, int outputs, int weights, int bias) : Layer
    {
        public override double[] Backward(double[] parameters, double[] flow, double[] gradient)
        {
            var below = new double[inputs];
            for (var o = 0; o < outputs; o++)
            {
                gradient[bias + o] += flow[o];
                for (var i = 0; i < inputs; i++)
                {
                    gradient[weights + (o * inputs) + i] += flow[o] * Input[i];
                    below[i] += flow[o] * parameters[weights + (o * inputs) + i];
                }
            }
            return below;
        }

        protected override double[] Compute(double[] parameters)
        {
            var output = parameters[bias..(bias + outputs)];
            for (var o = 0; o < outputs; o++)
            {
                for (var i = 0; i < inputs; i++)
                {
                    output[o] += parameters[weights + (o * inputs) + i] * Input[i];
                }
            }
            return output;
        }
    }

    /// <summary>[y][x][channel] images, weights [out][3][3][in], zero padding.</summary>
    private sealed class Convolution(int size, int inChannels, int outChannels, int weights, int bias) : Layer
    {
        public override double[] Backward(double[] parameters, double[] flow, double[] gradient)
        {
            var below = new double[Input.Length];
            for (var at = 0; at < size * size; at++)
            {
                for (var o = 0; o < outChannels; o++)
                {
                    gradient[bias + o] += flow[(at * outChannels) + o];
                }
            }
            Visit((output, input, weight) =>
            {
                gradient[weight] += flow[output] * Input[input];
                below[input] += flow[output] * parameters[weight];
            });
            return below;
        }

        protected override double[] Compute(double[] parameters)
        {
            var output = new double[size * size * outChannels];
            for (var i = 0; i < output.Length; i++)
            {
                output[i] = parameters[bias + (i % outChannels)];
            }
            Visit((at, input, weight) => output[at] += Input[input] * parameters[weight]);
            return output;
        }

        /// <summary>Every product of the convolution, by its output, input and weight.</summary>
        private void Visit(Action<int, int, int> visit)
        {
            for (var (y, at) = (0, 0); y < size; y++)
            {
                for (var x = 0; x < size; x++, at++)
                {
                    for (var tap = 0; tap < 9; tap++)
                    {
                        var (fromY, fromX) = (y + (tap / 3) - 1, x + (tap % 3) - 1);
                        if ((uint)fromY >= (uint)size || (uint)fromX >= (uint)size)
                        {
                            continue;
                        }
                        for (var i = 0; i < inChannels; i++)
                        {
                            var input = (((fromY * size) + fromX) * inChannels) + i;
                            for (var o = 0; o < outChannels; o++)
                            {
                                visit((at * outChannels) + o, input, weights + (((o * 9) + tap) * inChannels) + i);
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>2x2 windows; of equal values the first in row-major order passes the gradient.</summary>
    private sealed class MaxPool(int size, int channels) : Layer
    {
        private int[] _winners = [];

        public override double[] Backward(double[] parameters, double[] flow, double[] gradient)
        {
            var below = new double[Input.Length];
            for (var i = 0; i < flow.Length; i++)
            {
                below[_winners[i]] += flow[i];
            }
            return below;
        }

        protected override double[] Compute(double[] parameters)
        {
            _winners = new int[Input.Length / 4];
            for (var i = 0; i < _winners.Length; i++)
            {
                var (pixel, channel) = int.DivRem(i, channels);
                var (y, x) = int.DivRem(pixel, size / 2);
                var corner = (((2 * y * size) + (2 * x)) * channels) + channel;
                var below = corner + (size * channels);
                int[] window = [corner, corner + channels, below, below + channels];
                _winners[i] = window.MaxBy(at => Input[at]);
            }
            return Array.ConvertAll(_winners, at => Input[at]);
        }
    }
}
