namespace OrleansEdge.Core.Training;

/// <summary>When a job counts as diverged although its numbers are finite.</summary>
public static class Divergence
{
    /// <summary>Suspect evaluations in a row that make a divergence.</summary>
    public const int Evaluations = 5;

    /// <summary>
    /// A loss above so many times that of guessing, ln(classes) nats, is suspect. Honest runs with coarse rates pass it
    /// for a while, with an accuracy that tells them from guessing.
    /// </summary>
    public const double TimesChance = 20;

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
