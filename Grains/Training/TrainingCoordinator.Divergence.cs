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

    /// <summary>The exit reason when the curve tells of a divergence, or null.</summary>
    private string? DivergenceOf(TrainingJob job) => Divergence.IsIn(
        _curve.ConvertAll(point => (point.Updates, point.Accuracy, point.Loss)),
        models.Use(job.Model, model => model.ClassCount), job.Workers)
        ? DivergedAt(_curve[^1].Updates, _curve[^1].Loss)
        : null;
}
