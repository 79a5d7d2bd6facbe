using OrleansEdge.Core;
using OrleansEdge.Core.Models;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Grains.Interfaces.Training;

/// <summary>The asynchronous algorithms and the shard rule of each.</summary>
public static class TrainingAlgorithms
{
    public const string Asgd = "asgd";
    public const string CompAsgd = "comp-asgd";
    public const string AdaComp = "adacomp";
    public const string Downpour = "downpour";

    public static IReadOnlyList<string> Names { get; } = [Asgd, CompAsgd, AdaComp, Downpour];

    /// <summary>The update rule that an algorithm's shards follow.</summary>
    public static string RuleOf(string algorithm) => algorithm switch
    {
        Asgd or CompAsgd => "asgd",
        AdaComp => "adacomp",
        Downpour => "adagrad",
        _ => throw OrleansEdgeException.Usage(
            $"algorithm '{algorithm}' is unknown; expected {string.Join(", ", Names)}"),
    };
}

/// <summary>Where a learning rate that falls in a straight line from clock 0 on ends and stays.</summary>
/// <param name="Rate">0 to the learning rate at clock 0.</param>
/// <param name="AtClock">
/// Clock of the shards at which it is there; at least 1. The updates of the whole run, of which a job may be a part.
/// </param>
[GenerateSerializer, Immutable, Alias("oe.final-rate")]
public readonly record struct FinalRate([property: Id(0)] float Rate, [property: Id(1)] long AtClock);

/// <summary>Sites of silos that the workers are pinned to, because their data is there.</summary>
/// <param name="Names">Names of sites with a comma between; the workers go to them in turn.</param>
[GenerateSerializer, Immutable, Alias("oe.worker-sites")]
public readonly record struct WorkerSites([property: Id(0)] string Names)
{
    /// <summary>The site of one worker.</summary>
    public string Of(int worker)
    {
        var names = List;
        return names[worker % names.Length];
    }

    internal string[] List => Names.Split(',');
}

/// <summary>
/// One training job. Every number that decides its outcome is here, so that equal jobs have equal results.
/// </summary>
[GenerateSerializer, Immutable, Alias("oe.training-job")]
public sealed record TrainingJob
{
    private const string NameExpected = "1 to 100 characters without '/' and '@'";

    /// <summary>Key of the job and first part of the keys of its grains.</summary>
    [Id(0)] public string Name { get; init; } = "job";

    /// <summary>One of <see cref="TrainingAlgorithms.Names"/>.</summary>
    [Id(1)] public string Algorithm { get; init; } = TrainingAlgorithms.AdaComp;

    /// <summary>A name of the model catalogue.</summary>
    [Id(2)] public string Model { get; init; } = "cnn";

    /// <summary>A name or folder that the data catalogue knows, or "synthetic".</summary>
    [Id(3)] public string Data { get; init; } = "synthetic";

    /// <summary>Training examples used; 0 for all.</summary>
    [Id(4)] public int TrainExamples { get; init; }

    /// <summary>"equal", "label" or "dirichlet:ALPHA".</summary>
    [Id(5)] public string Partition { get; init; } = "equal";

    /// <summary>At least 1.</summary>
    [Id(6)] public int Workers { get; init; } = 200;

    /// <summary>At least 1.</summary>
    [Id(7)] public int Shards { get; init; } = 1;

    /// <summary>Examples in one gradient, at least 1.</summary>
    [Id(8)] public int BatchSize { get; init; } = 10;

    /// <summary>Above 0; the rate at clock 0 when there is a <see cref="FinalRate"/>.</summary>
    [Id(9)] public float LearningRate { get; init; } = 0.1f;

    /// <summary>Share of each block's gradient entries that is pushed, above 0; 1 pushes dense updates.</summary>
    [Id(10)] public double Compression { get; init; } = 1;

    /// <summary>Pushed values have 16 bits instead of 32; those of dense updates always have 32.</summary>
    [Id(11)] public bool HalfPrecisionValues { get; init; }

    /// <summary>Clock of the shards at which the job ends.</summary>
    [Id(12)] public long Updates { get; init; } = 10_000;

    /// <summary>
    /// Updates between evaluations; the first ten intervals have ten evaluations each. 0: only at the end.
    /// </summary>
    [Id(13), Observation] public long EvaluateEvery { get; init; } = 1_000;

    /// <summary>
    /// Mean of the exponential wait between gradient and push on a device of speed 1, in seconds. It makes the order of
    /// the pushes random, as AdaComp's platform does (section V.A).
    /// </summary>
    [Id(14)] public double MeanWaitSeconds { get; init; } = 1;

    /// <summary>Downpour's n_fetch: gradients between pulls.</summary>
    [Id(15)] public int FetchEvery { get; init; } = 1;

    /// <summary>Downpour's n_push: gradients between pushes.</summary>
    [Id(16)] public int PushEvery { get; init; } = 1;

    /// <summary>Updates that worker 0 makes alone before the others begin (DistBelief's warm start).</summary>
    [Id(17)] public long WarmUpUpdates { get; init; }

    /// <summary>Relative speed of each worker's device; empty when all are 1.</summary>
    [Id(18)] public double[] WorkerSpeeds { get; init; } = [];

    [Id(19)] public ulong Seed { get; init; } = 1;

    /// <summary>The job stops when an evaluation reaches this accuracy, 0 to 1; 0 for never.</summary>
    [Id(20)] public double TargetAccuracy { get; init; }

    /// <summary>Updates between writes of the shards' state to grain storage; 0 for never.</summary>
    [Id(21)] public long PersistEvery { get; init; }

    /// <summary>
    /// Copies of each shard on other silos that hold a push before it is acknowledged; 0 or 1. With 1 the loss of a
    /// silo costs no acknowledged push.
    /// </summary>
    [Id(22)] public int Replicas { get; init; }

    /// <summary>Where the learning rate falls to; null when it stays.</summary>
    [Id(23)] public FinalRate? FinalRate { get; init; }

    /// <summary>Where the workers are pinned to; null to spread them over all silos.</summary>
    [Id(24)] public WorkerSites? WorkerSites { get; init; }

    /// <summary>Speed of one worker's device.</summary>
    public double SpeedOf(int worker) => WorkerSpeeds.Length == 0 ? 1 : WorkerSpeeds[worker];

    /// <summary>Whether every setting is the same, the name included.</summary>
    public bool IsSameAs(TrainingJob other) =>
        other with { WorkerSpeeds = WorkerSpeeds } == this && other.WorkerSpeeds.SequenceEqual(WorkerSpeeds);

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="OrleansEdgeException">
    /// One line that names the property, the value and the range (64).
    /// </exception>
    public void Validate()
    {
        _ = TrainingAlgorithms.RuleOf(Algorithm);
        Require(ModelCatalog.Names.Contains(Model), nameof(Model), Model, string.Join(", ", ModelCatalog.Names));
        Require(IsName(Name), nameof(Name), Name, NameExpected);
        Require(TrainExamples >= 0, nameof(TrainExamples), TrainExamples, "0 (all) or more");
        Require(Workers is >= 1 and <= 1_000_000, nameof(Workers), Workers, "1 to 1000000");
        Require(Shards is >= 1 and <= 10_000, nameof(Shards), Shards, "1 to 10000");
        Require(BatchSize is >= 1 and <= 65_536, nameof(BatchSize), BatchSize, "1 to 65536");
        Require(
            LearningRate > 0 && float.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "a number above 0");
        if (FinalRate is { } final)
        {
            Require(
                final.Rate >= 0 && final.Rate <= LearningRate, nameof(FinalRate), final.Rate,
                FormattableString.Invariant($"0 to {LearningRate}, the learning rate"));
            Require(final.AtClock >= 1, $"{nameof(FinalRate)}.{nameof(final.AtClock)}", final.AtClock, "1 or more");
        }
        Require(Compression is > 0 and <= 1, nameof(Compression), Compression, "above 0, at most 1");
        Require(Updates >= 1, nameof(Updates), Updates, "1 or more");
        Require(EvaluateEvery >= 0, nameof(EvaluateEvery), EvaluateEvery, "0 (only at the end) or more");
        Require(MeanWaitSeconds is >= 0 and <= 1e6, nameof(MeanWaitSeconds), MeanWaitSeconds, "0 to 1000000");
        Require(FetchEvery >= 1, nameof(FetchEvery), FetchEvery, "1 or more");
        Require(PushEvery >= 1, nameof(PushEvery), PushEvery, "1 or more");
        Require(WarmUpUpdates >= 0, nameof(WarmUpUpdates), WarmUpUpdates, "0 or more");
        Require(TargetAccuracy is >= 0 and <= 1, nameof(TargetAccuracy), TargetAccuracy, "0 (never) to 1");
        Require(PersistEvery >= 0, nameof(PersistEvery), PersistEvery, "0 (never) or more");
        Require(Replicas is 0 or 1, nameof(Replicas), Replicas, "0 or 1");
        Require(
            WorkerSpeeds.Length == 0 || WorkerSpeeds.Length == Workers,
            nameof(WorkerSpeeds), WorkerSpeeds.Length, $"none or {Workers} speeds");
        foreach (var speed in WorkerSpeeds)
        {
            Require(speed is > 0 and <= 1e6, nameof(WorkerSpeeds), speed, "above 0, at most 1000000");
        }
        foreach (var site in WorkerSites?.List ?? [])
        {
            Require(IsName(site), nameof(WorkerSites), site, NameExpected);
        }
    }

    // In keys of grains these two part the names.
    private static bool IsName(string text) => text.Length is > 0 and <= 100 && !text.AsSpan().ContainsAny('/', '@');

    private static void Require(bool holds, string property, object value, string expected)
    {
        if (!holds)
        {
            throw OrleansEdgeException.Usage(
                FormattableString.Invariant($"{property} is {value}; expected {expected}"));
        }
    }
}
