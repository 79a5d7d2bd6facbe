using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Training;

/// <summary>What a paper reports for one setting.</summary>
/// <param name="Setting">The setting in words.</param>
/// <param name="Accuracy">Mean of the runs' highest accuracies, 0 to 1.</param>
/// <param name="BytesTo97Percent">
/// Ingress when accuracy 0.97 was reached; null where not reported or never reached.
/// </param>
internal sealed record PaperResult(string Setting, double Accuracy, double? BytesTo97Percent = null);

/// <summary>
/// Figures 3 and 4 and Table II of Hardy, Le Merrer, Sericola: Distributed deep learning on edge-devices: feasibility
/// via adaptive compression (AdaComp). MNIST, batch 10, 250,000 updates, 3 runs each.
/// </summary>
internal static class PaperResults
{
    /// <summary>Section V.C: AdaComp's ingress at 97 %, and how many times less that is than ASGD's.</summary>
    public const double AdaCompBytesTo97Percent = 1.33e9;

    /// <summary>Section V.C.</summary>
    public const double TimesLessThanAsgd = 191;

    /// <summary>Section V.C: "up to 460GB after 250,000 iterations".</summary>
    public const double AsgdBytes = 460e9;

    public static PaperResult Asgd { get; } = new("ASGD", 0.9785, AdaCompBytesTo97Percent * TimesLessThanAsgd);
    public static PaperResult CompAsgd10 { get; } = new("Comp-ASGD c = 0.1", 0.9607);
    public static PaperResult CompAsgd1 { get; } = new("Comp-ASGD c = 0.01", 0.9511);
    public static PaperResult AdaComp10 { get; } = new("AdaComp c = 0.1", 0.9870);
    public static PaperResult AdaComp1 { get; } = new("AdaComp c = 0.01", 0.9859, AdaCompBytesTo97Percent);

    /// <summary>The paper's result for a setting of figure 3 (the CNN, 200 workers, 60,000 images), or null.</summary>
    public static PaperResult? For(TrainingPlan plan)
    {
        var job = plan.Job;
        var isTheSetting = job is { Model: "cnn", Data: "mnist", Workers: 200, BatchSize: 10, TrainExamples: 0 or 60_000 }
            && plan.CrashProbability == 0 && plan.Classes.Classes.Count == 1;
        return (isTheSetting, job.Algorithm, job.Compression) switch
        {
            (true, TrainingAlgorithms.Asgd, 1) => Asgd,
            (true, TrainingAlgorithms.CompAsgd, 0.1) => CompAsgd10,
            (true, TrainingAlgorithms.CompAsgd, 0.01) => CompAsgd1,
            (true, TrainingAlgorithms.AdaComp, 0.1) => AdaComp10,
            (true, TrainingAlgorithms.AdaComp, 0.01) => AdaComp1,
            _ => null,
        };
    }
}
