using OrleansEdge.Core.Data;

namespace OrleansEdge.Core.Models;

/// <summary>Accuracy and loss of a model on a set of examples.</summary>
public static class ModelEvaluation
{
    private const int ChunkSize = 50;

    /// <summary>
    /// The share of examples whose highest logit is at their label, and the mean cross-entropy in nats.
    /// </summary>
    /// <param name="parameters">[<see cref="IModel.ParameterCount"/>].</param>
    public static (double Accuracy, double Loss) Measure(
        IModel model, ReadOnlySpan<float> parameters, ExampleSet examples)
    {
        var (correct, loss) = Sum(model, parameters, examples, 0, examples.Count);
        return ((double)correct / examples.Count, loss / examples.Count);
    }

    /// <summary>
    /// The number of examples whose highest logit is at their label, and the sum of their cross-entropies in nats.
    /// </summary>
    /// <param name="parameters">[<see cref="IModel.ParameterCount"/>].</param>
    /// <param name="first">The first example.</param>
    /// <param name="length">How many from there on.</param>
    public static (int Correct, double Loss) Sum(
        IModel model, ReadOnlySpan<float> parameters, ExampleSet examples, int first, int length)
    {
        var end = first + length;
        var inputs = new float[ChunkSize * model.InputLength];
        var logits = new float[ChunkSize * model.ClassCount];
        var (labels, rows) = (new int[ChunkSize], new int[ChunkSize]);
        var (correct, loss) = (0, 0.0);
        for (var start = first; start < end; start += ChunkSize)
        {
            var count = Math.Min(ChunkSize, end - start);
            for (var i = 0; i < count; i++)
            {
                rows[i] = start + i;
            }
            examples.CopyBatch(rows.AsSpan(0, count), inputs, labels);
            model.Predict(
                parameters, inputs.AsSpan(0, count * model.InputLength), logits.AsSpan(0, count * model.ClassCount));
            for (var i = 0; i < count; i++)
            {
                var scores = logits.AsSpan(i * model.ClassCount, model.ClassCount);
                var best = scores.IndexOf(MaxOf(scores));
                correct += best == labels[i] ? 1 : 0;
                loss += CrossEntropy(scores, labels[i]);
            }
        }
        return (correct, loss);
    }

    private static float MaxOf(ReadOnlySpan<float> values)
    {
        var max = values[0];
        foreach (var value in values)
        {
            max = Math.Max(max, value);
        }
        return max;
    }

    /// <summary>log sum exp(scores) - scores[label], by the highest score to stay in range.</summary>
    private static double CrossEntropy(ReadOnlySpan<float> scores, int label)
    {
        var max = MaxOf(scores);
        var sum = 0.0;
        foreach (var score in scores)
        {
            sum += Math.Exp(score - max);
        }
        return max + Math.Log(sum) - scores[label];
    }
}
