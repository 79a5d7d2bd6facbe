namespace OrleansEdge.Core.Training;

/// <summary>When a job counts as diverged although its numbers are finite.</summary>
public static class Divergence
{
    /// <summary>Suspect evaluations in a row that make a divergence, at least.</summary>
    public const int Evaluations = 5;

    /// <summary>Updates of each worker that the row spans, in the mean, at least: time enough to come back.</summary>
    public const int UpdatesOfEachWorker = 10;

    /// <summary>
    /// A loss above so many times that of guessing, ln(classes) nats, is suspect. Honest runs with coarse rates pass it
    /// for a while, with an accuracy that tells them from guessing.
    /// </summary>
    public const double TimesChance = 20;

    /// <summary>
    /// Whether a job has diverged by its last evaluations: the last loss is not finite, or a long enough row of them is
    /// suspect.
    /// </summary>
    /// <param name="curve">Evaluations, in order.</param>
    /// <param name="classes">Classes of the model, at least 1.</param>
    /// <param name="workers">Workers of the job.</param>
    public static bool IsIn(
        IReadOnlyList<(long Updates, double Accuracy, double Loss)> curve, int classes, int workers)
    {
        var first = curve.Count;
        while (first > 0 && IsSuspect(curve[first - 1].Accuracy, curve[first - 1].Loss, classes))
        {
            first--;
        }
        return first < curve.Count && (!double.IsFinite(curve[^1].Loss) || (curve.Count - first >= Evaluations
            && curve[^1].Updates - curve[first].Updates >= (long)UpdatesOfEachWorker * workers));
    }

    /// <summary>
    /// Whether a measured model is worse than none: its loss is not finite; or it is far above that of guessing, and the
    /// accuracy is at most twice that of guessing.
    /// </summary>
    /// <param name="accuracy">0 to 1.</param>
    /// <param name="loss">Mean cross-entropy in nats.</param>
    /// <param name="classes">Classes of the model, at least 1.</param>
    public static bool IsSuspect(double accuracy, double loss, int classes) => !double.IsFinite(loss)
        || (loss > TimesChance * Math.Log(classes) && accuracy <= 2.0 / classes);
}
