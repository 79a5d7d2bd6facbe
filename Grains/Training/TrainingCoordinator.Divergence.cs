using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>How a job is found to diverge: by its workers, or by its curve.</summary>
public sealed partial class TrainingCoordinator
{
    public Task Diverged(long update, double loss)
    {
        Recover();
        return Close(DivergedAt(update, loss));
    }

    private static string DivergedAt(long update, double loss) =>
        FormattableString.Invariant($"{JobStatus.DivergedReason}{update}, loss {loss:G4}");

    /// <summary>
    /// The exit reason when the last loss is not finite, or the last few evaluations are all worse than guessing.
    /// </summary>
    private string? DivergenceOf(TrainingJob job)
    {
        var classes = models.Use(job.Model, model => model.ClassCount);
        return _curve is [.., var last] && (!double.IsFinite(last.Loss) || (_curve.Count >= Divergence.Evaluations
            && _curve.TakeLast(Divergence.Evaluations).All(
                point => Divergence.IsSuspect(point.Accuracy, point.Loss, classes))))
            ? DivergedAt(last.Updates, last.Loss)
            : null;
    }
}
