namespace OrleansEdge.Client.Training;

/// <summary>Runs of one setting that differ in their seed alone, shown as one line with a band.</summary>
/// <param name="Name">Stands in the legends.</param>
/// <param name="Repeats">At least one.</param>
/// <param name="Paper">What a paper reports for this setting, or null.</param>
internal sealed record ReportedRun(string Name, IReadOnlyList<TrainingResult> Repeats, PaperResult? Paper)
{
    public TrainingResult First => Repeats[0];

    /// <summary>Mean over the repeats of the highest accuracy of each, the papers' "final accuracy".</summary>
    public double MeanMaxAccuracy => Repeats.Average(run => run.MaxAccuracy);

    /// <summary>Mean over the repeats of the last accuracy of each.</summary>
    public double MeanFinalAccuracy => Repeats.Average(run => run.FinalAccuracy);

    /// <summary>
    /// Mean ingress at the first evaluation of at least this accuracy; null when one of the repeats never had it.
    /// </summary>
    public double? MeanBytesToAccuracy(double accuracy) => Repeats.All(run => run.BytesToAccuracy(accuracy) is not null)
        ? Repeats.Average(run => (double)run.BytesToAccuracy(accuracy)!.Value)
        : null;

    /// <summary>
    /// Mean updates at the first evaluation of at least this accuracy; null when one of the repeats never had it.
    /// </summary>
    public double? MeanUpdatesToAccuracy(double accuracy) =>
        Repeats.All(run => run.Curve.Any(point => point.Accuracy >= accuracy))
            ? Repeats.Average(run => run.Curve.First(point => point.Accuracy >= accuracy).Updates)
            : null;

    /// <summary>
    /// The curve's points, averaged over the repeats at each clock at which all of them were evaluated.
    /// </summary>
    public IReadOnlyList<CurvePoint> Curve()
    {
        var others = Repeats.Skip(1)
            .Select(run => run.Curve.GroupBy(point => point.Updates).ToDictionary(group => group.Key, group => group.Last()))
            .ToList();
        return
        [
            .. First.Curve.Where(point => others.All(other => other.ContainsKey(point.Updates))).Select(point =>
            {
                var all = others.Select(other => other[point.Updates]).Append(point).ToList();
                return new CurvePoint(
                    point.Updates, all.Average(p => p.IngressBytes), all.Average(p => p.Seconds),
                    all.Average(p => p.Accuracy), all.Min(p => p.Accuracy), all.Max(p => p.Accuracy));
            }),
        ];
    }
}

/// <summary>A point of an averaged learning curve.</summary>
/// <param name="Seconds">Virtual time.</param>
/// <param name="Accuracy">Mean over the repeats.</param>
/// <param name="Lowest">Over the repeats.</param>
/// <param name="Highest">Over the repeats.</param>
internal sealed record CurvePoint(
    double Updates, double IngressBytes, double Seconds, double Accuracy, double Lowest, double Highest);
