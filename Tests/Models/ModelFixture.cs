using OrleansEdge.Core;
using OrleansEdge.Core.Models;

namespace OrleansEdge.Tests.Models;

/// <summary>Random parameters and a random batch for a model.</summary>
internal sealed class ModelFixture
{
    public ModelFixture(IModel model, int batch, ulong seed = 1)
    {
        var random = new RandomStream(seed, "model-fixture");
        Parameters = new float[model.ParameterCount];
        Inputs = new float[batch * model.InputLength];
        Labels = new int[batch];
        Gradient = new float[model.ParameterCount];
        for (var i = 0; i < Parameters.Length; i++)
        {
            Parameters[i] = (float)(0.1 * random.NextNormal());
        }
        for (var i = 0; i < Inputs.Length; i++)
        {
            Inputs[i] = (float)random.NextNormal();
        }
        for (var i = 0; i < batch; i++)
        {
            Labels[i] = random.NextInt(model.ClassCount);
        }
    }

    public float[] Parameters { get; }

    public float[] Inputs { get; }

    public int[] Labels { get; }

    public float[] Gradient { get; }

    public double[] ParametersInDouble => Array.ConvertAll(Parameters, value => (double)value);

    /// <summary>One step of the model on this batch into <see cref="Gradient"/>.</summary>
    public float Step(IModel model) => model.LossAndGradient(Parameters, Inputs, Labels, Gradient);

    /// <summary>The logits of this batch.</summary>
    public float[] Predict(IModel model)
    {
        var output = new float[Labels.Length * model.ClassCount];
        model.Predict(Parameters, Inputs, output);
        return output;
    }
}
