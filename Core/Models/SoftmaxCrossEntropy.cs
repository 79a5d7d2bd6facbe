namespace OrleansEdge.Core.Models;

/// <summary>Softmax followed by cross-entropy against integer labels.</summary>
internal static class SoftmaxCrossEntropy
{
    /// <summary>
    /// Replaces logits z by the gradient of the mean loss, (softmax(z) - onehot(label)) / batch, and returns the mean
    /// loss log(sum of exp(z)) - z[label]. The largest logit is subtracted first, so that no exponential overflows.
    /// </summary>
    /// <param name="logits">[batch x classes], overwritten.</param>
    public static float LossAndGradient(Span<float> logits, ReadOnlySpan<int> labels, int classes)
    {
        var total = 0.0;
        for (var n = 0; n < labels.Length; n++)
        {
            var row = logits.Slice(n * classes, classes);
            var target = row[labels[n]];
            var largest = row[0];
            foreach (var logit in row)
            {
                largest = MathF.Max(largest, logit);
            }
            var sum = 0.0;
            foreach (ref var logit in row)
            {
                var exponential = Math.Exp(logit - largest);
                logit = (float)exponential;
                sum += exponential;
            }
            total += Math.Log(sum) + largest - target;
            foreach (ref var logit in row)
            {
                logit = (float)(logit / (sum * labels.Length));
            }
            row[labels[n]] -= 1f / labels.Length;
        }
        return (float)(total / labels.Length);
    }
}
