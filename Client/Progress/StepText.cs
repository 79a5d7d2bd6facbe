using OrleansEdge.Client.Reporting;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Progress;

/// <summary>What the progress line of a solver or a series of runs shows.</summary>
internal static class StepText
{
    /// <param name="elapsedSeconds">Wall time since it began; the rest is estimated from it.</param>
    public static string Of(SolverProgress progress, double elapsedSeconds)
    {
        var share = progress.Share;
        var done = double.IsNaN(share) ? "" : $"{Math.Clamp(share, 0, 1) * 100:f0} %, ";
        var left = share is > 0 and < 1
            ? $", {Quantity.Duration(elapsedSeconds * (1 - share) / share)} left"
            : "";
        return $"{done}{progress.Figures}, {Quantity.Duration(elapsedSeconds)} so far{left}";
    }
}
