using OrleansEdge.Core.Data;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Storage;
using OrleansEdge.Simulation.Training;

namespace OrleansEdge.Tests.Training;

/// <summary>A model is the same bits however often it is looked at.</summary>
public sealed class ObserverTests
{
    private static readonly WorkerData Data = new(new DataCatalog([]));

    private static readonly TrainingJob Small = new()
    {
        Model = "logreg",
        Data = "synthetic:400x60",
        Algorithm = TrainingAlgorithms.AdaComp,
        Compression = 0.1,
        Workers = 12,
        Updates = 250,
        MeanWaitSeconds = 0.3,
        LearningRate = 0.05f,
    };

    public static TheoryData<string> Worlds =>
        ["plain", "two-silos", "loss", "crashes", "replicas", "persistence", "slow-links", "bad-storage", "coordinator-crash"];

    [Theory]
    [MemberData(nameof(Worlds))]
    public void The_model_does_not_depend_on_how_often_it_is_measured(string world)
    {
        for (var seed = 1UL; seed <= 3; seed++)
        {
            var (job, fleet) = World(world);
            var once = Run(job with { Seed = seed, EvaluateEvery = 0 }, fleet);
            foreach (var every in new[] { 1L, 37L, 200L })
            {
                var often = Run(job with { Seed = seed, EvaluateEvery = every }, fleet);
                Assert.True(often.Status.Curve.Length > once.Status.Curve.Length);
                Assert.Equal(once.Parameters, often.Parameters);
                Assert.Equal(Describe(once), Describe(often));
            }
        }
    }

    [Fact]
    public void Measuring_on_the_network_shares_the_shards_links()
    {
        var fleet = new EdgeFleet { MeasureOnNetwork = true, SiloBytesPerSecond = 2e5 };
        var once = Run(Small with { EvaluateEvery = 0 }, fleet);
        var often = Run(Small with { EvaluateEvery = 1 }, fleet);
        Assert.NotEqual(once.Parameters, often.Parameters);
        var outside = fleet with { MeasureOnNetwork = false };
        Assert.Equal(Run(Small with { EvaluateEvery = 0 }, outside).Parameters, Run(Small with { EvaluateEvery = 1 }, outside).Parameters);
    }

    [Fact]
    public void The_target_is_reached_at_the_update_that_was_measured_whatever_the_cores()
    {
        var job = Small with { TargetAccuracy = 0.3, Updates = 20_000, EvaluateEvery = 10, Shards = 2 };
        var fleet = new EdgeFleet { LossProbability = 0.02, Silos = 2 };
        var (one, two) = (Run(job, fleet, cores: 1), Run(job, fleet, cores: 2));
        Assert.Equal("target-reached", one.Status.ExitReason);
        Assert.Equal(one.Parameters, two.Parameters);
        Assert.Equal(one.TraceHash, two.TraceHash);
        var reached = one.Status.Curve.First(point => point.Accuracy >= 0.3);
        Assert.InRange(one.Status.Updates, reached.Updates, reached.Updates + job.Workers);
    }

    private static (TrainingJob Job, EdgeFleet Fleet) World(string name) => name switch
    {
        "two-silos" => (Small with { Shards = 3 }, new EdgeFleet { Silos = 2 }),
        "loss" => (Small with { Shards = 2 }, new EdgeFleet { LossProbability = 0.05, Silos = 2 }),
        "crashes" => (
            Small with { Shards = 2 },
            new EdgeFleet
            {
                LossProbability = 0.02,
                CrashProbability = 0.005,
                Faults = new FaultPlan { Crashes = [.. Enumerable.Range(0, 4).Select(i => new CrashFault($"device-{i}", 2 + i, 3))] },
            }),
        "replicas" => (Small with { Shards = 2, Replicas = 1, PersistEvery = 20 }, new EdgeFleet { Silos = 3, LossProbability = 0.01 }),
        "persistence" => (
            Small with { Shards = 2, PersistEvery = 10 },
            new EdgeFleet
            {
                Silos = 2,
                Storage = new StorageOptions { LatencySeconds = 0.02, BytesPerSecond = 1e6 },
                Faults = new FaultPlan { Crashes = [new CrashFault("silo-1", AtSeconds: 3, RestartAfterSeconds: 2)] },
            }),
        "slow-links" => (Small with { Shards = 2 }, new EdgeFleet { Silos = 2, SiloBytesPerSecond = 2e5 }),
        "bad-storage" => (
            Small with { PersistEvery = 10 },
            new EdgeFleet { Storage = new StorageOptions { LatencySeconds = 0.05, WriteFailureProbability = 0.3 } }),
        "coordinator-crash" => (
            Small with { Shards = 2, PersistEvery = 10, Replicas = 1 },
            new EdgeFleet
            {
                Silos = 3,
                Faults = new FaultPlan { Crashes = [new CrashFault("silo-0", AtSeconds: 3, RestartAfterSeconds: 4)] },
            }),
        _ => (Small, new EdgeFleet()),
    };

    private static string Describe(SimulatedTrainingResult run) => string.Join(
        ' ', run.Status.Updates, run.Status.ExitReason, run.CrashedWorkers,
        string.Join(',', run.Status.Shards.Select(s => $"{s.Clock}:{s.IngressBytes}:{s.EgressBytes}:{s.MeanStaleness:R}")));

    private static SimulatedTrainingResult Run(TrainingJob job, EdgeFleet fleet, int cores = 2) =>
        new SimulatedTraining(Data, cores).Run(
            job, fleet, from: null, progress: null, TestContext.Current.CancellationToken);
}
