using System.Globalization;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Training;

/// <summary>How algorithms and runs are called in reports.</summary>
internal static class RunNames
{
    /// <summary>Such as "AdaComp c = 0.01".</summary>
    public static string Of(TrainingJob job) => job.Compression < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Of(job.Algorithm)} c = {job.Compression:0.####}")
        : Of(job.Algorithm);

    /// <summary>As the papers write it.</summary>
    public static string Of(string algorithm) => algorithm switch
    {
        TrainingAlgorithms.AdaComp => "AdaComp",
        TrainingAlgorithms.Asgd => "ASGD",
        TrainingAlgorithms.CompAsgd => "Comp-ASGD",
        TrainingAlgorithms.Downpour => "Downpour",
        _ => algorithm,
    };
}
