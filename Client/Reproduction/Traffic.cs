using System.Globalization;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Training;
using OrleansEdge.Core.Models;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Reproduction;

/// <summary>
/// How many times less AdaComp sends than ASGD until an accuracy is reached, counted in more than one way.
/// </summary>
/// <param name="Way">What is counted.</param>
/// <param name="Asgd">Until ASGD reached the accuracy, or until its end.</param>
/// <param name="AdaComp">Until AdaComp reached the accuracy.</param>
/// <param name="IsLowerBound">ASGD never reached the accuracy, so that the true ratio is larger.</param>
internal sealed record TrafficRatio(string Way, double Asgd, double AdaComp, bool IsLowerBound)
{
    public double Ratio => Asgd / AdaComp;

    /// <summary>Such as "203 times" or "more than 203 times".</summary>
    public string RatioText => (IsLowerBound ? "more than " : "")
        + string.Create(CultureInfo.InvariantCulture, $"{Ratio:#,0.#} times");

    /// <summary>The ratios, or none when AdaComp never reached the accuracy.</summary>
    public static IReadOnlyList<TrafficRatio> Of(ReportedRun asgd, ReportedRun adaComp, double accuracy)
    {
        if (adaComp.MeanUpdatesToAccuracy(accuracy) is not { } updates
            || adaComp.MeanBytesToAccuracy(accuracy) is not { } bytes)
        {
            return [];
        }
        var model = ModelCatalog.Create(adaComp.First.Job.Model);
        var asgdUpdates = asgd.MeanUpdatesToAccuracy(accuracy);
        var denseUpdates = asgdUpdates ?? asgd.Repeats.Average(run => run.Updates);
        var denseBytes = asgd.MeanBytesToAccuracy(accuracy) ?? asgd.Repeats.Average(run => run.IngressBytes);
        TrafficRatio Way(string way, double ours, double theirs) => new(way, ours, theirs, asgdUpdates is null);
        return
        [
            Way("bytes as encoded here", denseBytes, bytes),
            Way("bytes with 4-byte indices and 4-byte values", denseUpdates * 4 * model.ParameterCount,
                updates * 8 * EntriesOf(model, adaComp.First.Job)),
            Way("updates", denseUpdates, updates),
        ];
    }

    /// <summary>The ratios as a table beside the paper's.</summary>
    public static ReportTable Table(IReadOnlyList<TrafficRatio> ratios, string accuracy) => new(
        ["Counted as", $"ASGD to {accuracy}", $"AdaComp to {accuracy}", "Less"],
        [
            .. ratios.Select(ratio => (IReadOnlyList<string>)
                [ratio.Way, Amount(ratio, ratio.Asgd), Amount(ratio, ratio.AdaComp), ratio.RatioText]),
            ["the paper's bytes, to 97 %", Quantity.Bytes(PaperResults.Asgd.BytesTo97Percent!.Value),
                Quantity.Bytes(PaperResults.AdaCompBytesTo97Percent), $"{PaperResults.TimesLessThanAsgd} times"],
        ])
    {
        Title = "How many times less AdaComp c = 0.01 sends than ASGD",
    };

    /// <summary>Selected entries of one update: of each block the given share, at least one.</summary>
    private static long EntriesOf(IModel model, TrainingJob job) =>
        model.ParameterBlocks.Sum(block => Math.Max(1, (long)Math.Floor(job.Compression * block.Length)));

    private static string Amount(TrafficRatio ratio, double amount) =>
        ratio.Way == "updates" ? Quantity.Count(amount) : Quantity.Bytes(amount);
}
