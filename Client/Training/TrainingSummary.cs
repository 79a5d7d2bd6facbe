using System.Globalization;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Training;

/// <summary>The JSON object of <c>oe train</c>, field by field.</summary>
internal sealed record TrainingSummary
{
    public string Command => "train";
    public required string Algorithm { get; init; }
    public required string Model { get; init; }
    public required int ParameterCount { get; init; }
    public required string Data { get; init; }

    /// <summary>Null when the examples are with the workers of a cluster.</summary>
    public required int? TrainExamples { get; init; }
    public required int? TestExamples { get; init; }
    public required int Workers { get; init; }
    public required int Shards { get; init; }
    public required int BatchSize { get; init; }
    public required double LearningRate { get; init; }

    /// <summary>The learning rate at the end of the whole run.</summary>
    public required double FinalRate { get; init; }
    public required double Compression { get; init; }
    public required ulong Seed { get; init; }

    /// <summary>Null when the run was not in virtual time.</summary>
    public required string? TraceHash { get; init; }
    public required long Updates { get; init; }
    public required double FinalAccuracy { get; init; }
    public required double MaxAccuracy { get; init; }
    public required double FinalLoss { get; init; }
    public required long IngressBytes { get; init; }
    public required long EgressBytes { get; init; }
    public required IReadOnlyDictionary<string, long> BytesToAccuracy { get; init; }
    public required double MeanStaleness { get; init; }
    public required long MaxStaleness { get; init; }
    public required int CrashedWorkers { get; init; }
    public required double VirtualSeconds { get; init; }
    public required double WallSeconds { get; init; }
    public required double ImagesPerSecond { get; init; }
    public required string ExitReason { get; init; }

    /// <summary>The run folder; null when it could not be written.</summary>
    public required string? Output { get; init; }

    /// <summary>The figures of a run.</summary>
    public static TrainingSummary Of(TrainingResult result, TrainingInput input, string? output) => new()
    {
        Algorithm = result.Job.Algorithm,
        Model = result.Job.Model,
        ParameterCount = input.Model.ParameterCount,
        Data = result.Job.Data,
        TrainExamples = input.Data?.Train.Count,
        TestExamples = input.Data?.Test.Count,
        Workers = result.Job.Workers,
        Shards = result.Job.Shards,
        BatchSize = result.Job.BatchSize,
        LearningRate = ShortestDouble(result.Job.LearningRate),
        FinalRate = ShortestDouble(result.Job.FinalRate?.Rate ?? result.Job.LearningRate),
        Compression = result.Job.Compression,
        Seed = result.Job.Seed,
        TraceHash = result.IsVirtual ? result.Outcome.TraceHash : null,
        Updates = result.Updates,
        FinalAccuracy = result.FinalAccuracy,
        MaxAccuracy = result.MaxAccuracy,
        FinalLoss = result.FinalLoss,
        IngressBytes = result.IngressBytes,
        EgressBytes = result.EgressBytes,
        BytesToAccuracy = result.BytesToLevels(),
        MeanStaleness = result.MeanStaleness,
        MaxStaleness = result.MaxStaleness,
        CrashedWorkers = result.Outcome.CrashedWorkers,
        VirtualSeconds = result.Outcome.VirtualSeconds,
        WallSeconds = result.WallSeconds,
        ImagesPerSecond = result.ImagesPerSecond,
        ExitReason = result.ExitReason,
        Output = output,
    };

    /// <summary>0.1f as 0.1 and not as 0.10000000149.</summary>
    private static double ShortestDouble(float value) =>
        double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>
    /// <see cref="ExitCode.Success"/> when the run did what was asked: all updates, or the target accuracy where one
    /// was set.
    /// </summary>
    public static ExitCode ExitCodeOf(TrainingResult result) => result.ExitReason switch
    {
        ExitReasons.TargetReached => ExitCode.Success,
        ExitReasons.UpdatesReached when result.Job.TargetAccuracy == 0 => ExitCode.Success,
        ExitReasons.UpdatesReached or ExitReasons.Stopped or ExitReasons.AllWorkersLost => ExitCode.NotReached,
        _ when result.Outcome.Status.HasDiverged() => ExitCode.NotReached,
        _ => ExitCode.Software,
    };
}
