using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Storage;
using OrleansEdge.Simulation.Training;

namespace OrleansEdge.Tests.Training;

public sealed class SimulatedTrainingTests
{
    private static readonly WorkerData Data = new(new DataCatalog([]));

    private static readonly TrainingJob Small = new()
    {
        Model = "logreg",
        Data = "synthetic:2000x500",
        Algorithm = TrainingAlgorithms.AdaComp,
        Compression = 0.1,
        Workers = 20,
        Updates = 1_000,
        EvaluateEvery = 500,
        LearningRate = 0.05f,
        Seed = 7,
    };

    /// <summary>
    /// Long enough, at a rate that falls to 0, for its accuracy not to depend on the order of the pushes.
    /// </summary>
    private static readonly TrainingJob Calming = Small with
    {
        Data = "synthetic:2000x2000",
        Updates = 3_000,
        EvaluateEvery = 0,
        FinalRate = new(0, 3_000),
    };

    [Theory]
    [InlineData(TrainingAlgorithms.Asgd, 1)]
    [InlineData(TrainingAlgorithms.CompAsgd, 0.1)]
    [InlineData(TrainingAlgorithms.AdaComp, 0.1)]
    [InlineData(TrainingAlgorithms.Downpour, 1)]
    public void Every_algorithm_learns_and_ends_at_the_last_update(string algorithm, double compression)
    {
        var rate =
            algorithm == TrainingAlgorithms.AdaComp ? 0.05f : algorithm == TrainingAlgorithms.Downpour ? 0.1f : 0.5f;
        var result = Run(Small with { Algorithm = algorithm, Compression = compression, LearningRate = rate });
        Assert.Equal("updates-reached", result.Status.ExitReason);
        Assert.Equal(1_000, result.Status.Updates);
        Assert.Equal(1_000, result.Status.Curve[^1].Updates);
        Assert.True(result.Status.Curve[^1].Accuracy > 0.4, $"accuracy {result.Status.Curve[^1].Accuracy}");
        Assert.All(result.Parameters, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void The_curve_is_ten_times_as_close_over_the_first_ten_intervals()
    {
        var result = Run(Small with { EvaluateEvery = 100, Updates = 1_200 });
        long[] expected = [.. Enumerable.Range(1, 100).Select(i => 10L * i), 1_100, 1_200];
        Assert.Equal(expected, result.Status.Curve.Select(point => point.Updates));
    }

    [Fact]
    public void The_trace_depends_on_the_seed_and_not_on_the_cores()
    {
        var fleet = new EdgeFleet { LossProbability = 0.01, CrashProbability = 0.001 };
        var one = Health.Run(Small, fleet);
        var other = Run(Small with { Seed = 8 }, fleet);
        Assert.NotEqual(one.TraceHash, other.TraceHash);
    }

    [Fact]
    public void No_update_is_lost_or_counted_twice_when_messages_get_lost()
    {
        var result = Health.RunAndLearn(
            Calming with { Shards = 3 }, new EdgeFleet { LossProbability = 0.05, Silos = 2 });
        Assert.All(result.Status.Shards, shard =>
        {
            Assert.Equal(3_000, shard.Clock);
            Assert.Equal(3_000, shard.UpdatesByWorker.Sum());
            Assert.Equal(3_000, shard.StalenessHistogram.Sum());
        });
    }

    [Fact]
    public void The_staleness_of_a_fleet_is_about_its_size()
    {
        var shard = Run(Small with { Updates = 2_000 }).Status.Shards[0];
        Assert.InRange(shard.MeanStaleness, 15, 20);
    }

    [Fact]
    public void Pushed_bytes_are_the_encoded_bytes()
    {
        var dense = Run(Small with { Algorithm = TrainingAlgorithms.Asgd, Compression = 1, Updates = 50 });
        Assert.Equal(50 * 4 * 7_850, dense.Status.Shards[0].IngressBytes);
        var sparse = Run(Small with { Updates = 50 });
        var entries = 50 * (784 + 1);
        Assert.InRange(sparse.Status.Shards[0].IngressBytes, entries * 2, entries * 5);
    }

    [Fact]
    public void A_fleet_that_crashes_away_ends_the_job_with_what_was_learnt()
    {
        var result = Health.Run(Small with { Updates = 100_000 }, new EdgeFleet { CrashProbability = 0.05 });
        Assert.Equal("all-workers-lost", result.Status.ExitReason);
        Assert.Equal(20, result.CrashedWorkers);
        Assert.Equal(result.Status.Updates, result.Status.Curve[^1].Updates);
        Assert.Equal(result.Status.Updates, result.Status.Shards[0].UpdatesByWorker.Sum());
    }

    /// <summary>Whether or not anybody has noticed that they are gone.</summary>
    [Fact]
    public void Devices_that_are_lost_before_a_boundary_are_lost_after_it()
    {
        var fleet = new EdgeFleet { CrashProbability = 0.02 };
        var first = Run(Small with { Updates = 300, EvaluateEvery = 0 }, fleet);
        var lost = first.Checkpoint.LostWorkers;
        Assert.InRange(lost.Length, 2, 12);
        Assert.Equal(lost.Length, first.CrashedWorkers);
        Assert.True(first.Status.LostWorkers.Length < lost.Length); // or the test says nothing
        var second = new SimulatedTraining(new WorkerData(new DataCatalog([])), cores: 2).Run(
            Small with { Updates = 600, EvaluateEvery = 0 }, fleet, first.Checkpoint, progress: null,
            TestContext.Current.CancellationToken);
        Assert.Superset(lost.ToHashSet(), second.Checkpoint.LostWorkers.ToHashSet());
        Assert.All(lost, worker => Assert.Equal(
            first.Status.Shards[0].UpdatesByWorker[worker], second.Status.Shards[0].UpdatesByWorker[worker]));
    }

    [Fact]
    public void A_run_that_is_stopped_knows_who_is_lost()
    {
        using var stop = new CancellationTokenSource();
        var result = new SimulatedTraining(new WorkerData(new DataCatalog([])), cores: 2).Run(
            Small with { Updates = 100_000 }, new EdgeFleet { CrashProbability = 0.02 }, from: null,
            (status, _) =>
            {
                if (status.Updates > 300)
                {
                    stop.Cancel();
                }
            },
            stop.Token);
        Assert.Equal("stopped", result.Status.ExitReason);
        Assert.InRange(result.CrashedWorkers, 2, 15);
    }

    [Fact]
    public void A_crashed_silo_goes_on_from_the_stored_state()
    {
        var fleet = new EdgeFleet
        {
            Faults = new FaultPlan { Crashes = [new CrashFault("silo-1", AtSeconds: 20, RestartAfterSeconds: 3)] },
            Silos = 2,
        };
        var result = Health.Run(Small with { Shards = 2, PersistEvery = 50, Updates = 800 }, fleet);
        Assert.Equal("updates-reached", result.Status.ExitReason);
        Assert.All(result.Status.Shards, shard => Assert.Equal(800, shard.Clock));
        Assert.All(result.Status.Shards, shard => Assert.Equal(800, shard.UpdatesByWorker.Sum()));
    }

    [Fact]
    public void Updates_do_not_wait_for_storage()
    {
        var job = Small with { PersistEvery = 1, EvaluateEvery = 0 };
        var result = Run(job, new EdgeFleet { Storage = new StorageOptions { LatencySeconds = 3 } });
        Assert.Equal("updates-reached", result.Status.ExitReason);
        Assert.Equal(1_000, result.Status.Shards[0].Clock);
        Assert.InRange(result.Status.Curve[^1].Seconds, 30, 300); // waiting for each write would take 3,000 s
    }

    [Fact]
    public void A_shard_gets_stored_though_storage_fails_now_and_then()
    {
        var fleet = new EdgeFleet
        {
            Faults = new FaultPlan { Crashes = [new CrashFault("silo-1", AtSeconds: 20, RestartAfterSeconds: 3)] },
            Silos = 2,
            Storage = new StorageOptions { WriteFailureProbability = 0.3 },
        };
        var result = Health.Run(Small with { Shards = 2, PersistEvery = 20, Updates = 800 }, fleet);
        Assert.Equal("updates-reached", result.Status.ExitReason);
        Assert.All(result.Status.Shards, shard => Assert.Equal(800, shard.UpdatesByWorker.Sum()));
    }

    [Fact]
    public void A_job_that_cannot_be_stored_does_not_begin() => Assert.Throws<StorageFaultException>(() => Run(
        Small, new EdgeFleet { Storage = new StorageOptions { WriteFailureProbability = 1 } }));

    [Fact]
    public void A_crashed_silo_without_stored_state_ends_the_job_and_says_so()
    {
        var fleet = new EdgeFleet
        {
            Faults = new FaultPlan { Crashes = [new CrashFault("silo-1", AtSeconds: 20, RestartAfterSeconds: 3)] },
            Silos = 2,
        };
        var result = Assert.Throws<InvalidOperationException>(() => Run(Small with { Shards = 2 }, fleet));
        Assert.Contains("has not been configured", result.Message);
    }

    [Fact]
    public void A_restarted_worker_is_given_its_work_again()
    {
        var fleet = new EdgeFleet
        {
            Faults = new FaultPlan
            {
                Crashes = [.. Enumerable.Range(0, 20).Select(i => new CrashFault($"device-{i}", 10 + i, 5))],
            },
        };
        var result = Health.RunAndLearn(Calming, fleet);
        Assert.Equal("updates-reached", result.Status.ExitReason);
        Assert.Equal(0, result.CrashedWorkers);
        Assert.Equal(3_000, result.Status.Shards[0].UpdatesByWorker.Sum());
    }

    [Fact]
    public void Going_on_from_a_checkpoint_repeats_bit_for_bit()
    {
        var first = Run(Small with { Updates = 500 });
        var (a, b) = (Run(Small, from: first.Checkpoint, cores: 1), Run(Small, from: first.Checkpoint, cores: 2));
        Assert.Equal(1_000, a.Status.Updates);
        Assert.Equal(a.TraceHash, b.TraceHash);
        Assert.Equal(a.Parameters, b.Parameters);
        Assert.Equal(first.Status.Curve[^1].Accuracy, a.Status.Curve[first.Status.Curve.Length - 1].Accuracy);
        Assert.True(a.Status.Shards[0].IngressBytes > first.Status.Shards[0].IngressBytes);
    }

    [Fact]
    public void Slow_devices_push_in_proportion_to_their_speed()
    {
        double[] speeds = [.. Enumerable.Range(0, 20).Select(i => i < 10 ? 1 : 0.1)];
        var shard = Run(Small with { WorkerSpeeds = speeds, Updates = 3_000 }).Status.Shards[0];
        var (fast, slow) = (shard.UpdatesByWorker[..10].Sum(), shard.UpdatesByWorker[10..].Sum());
        Assert.InRange((double)fast / slow, 8, 14);
    }

    [Fact]
    public void Downpour_fetches_and_pushes_every_few_steps_after_a_warm_start()
    {
        var job = Small with
        {
            Algorithm = TrainingAlgorithms.Downpour,
            Compression = 1,
            FetchEvery = 4,
            PushEvery = 2,
            WarmUpUpdates = 30,
            LearningRate = 0.02f,
            Updates = 400,
        };
        var result = Run(job);
        var shard = result.Status.Shards[0];
        Assert.Equal("updates-reached", result.Status.ExitReason);
        Assert.True(shard.UpdatesByWorker[0] >= 30);
        Assert.InRange((double)shard.EgressBytes / shard.IngressBytes, 0.45, 0.65); // one fetch for two pushes
        Assert.True(result.Status.Curve[^1].Accuracy > 0.4);
    }

    [Fact]
    public void The_job_stops_at_its_target_accuracy()
    {
        var result = Run(Small with { TargetAccuracy = 0.3, Updates = 100_000, EvaluateEvery = 200 });
        Assert.Equal("target-reached", result.Status.ExitReason);
        Assert.True(result.Status.Updates < 100_000);
    }

    [Fact]
    public void Asking_to_stop_keeps_what_was_learnt()
    {
        using var stop = new CancellationTokenSource();
        var result = new SimulatedTraining(Data, cores: 1).Run(
            Small with { Updates = 1_000_000 }, new EdgeFleet(), from: null,
            (status, _) =>
            {
                if (status.Updates > 300)
                {
                    stop.Cancel();
                }
            },
            stop.Token);
        Assert.Equal("stopped", result.Status.ExitReason);
        Assert.InRange(result.Status.Updates, 301, 999_999);
        Assert.Equal(result.Status.Updates, result.Status.Shards[0].UpdatesByWorker.Sum());
        Assert.Equal(result.Parameters, ShardStates.Parameters(Small, result.Checkpoint.Shards, result.Status.Updates));
    }

    [Fact]
    public void Missing_data_ends_the_job_before_it_begins()
    {
        var error = Assert.Throws<OrleansEdgeException>(() => Run(Small with { Data = "no-such-set" }));
        Assert.Equal(ExitCode.MissingInput, error.ExitCode);
    }

    private static SimulatedTrainingResult Run(
        TrainingJob job, EdgeFleet? fleet = null, JobCheckpoint? from = null, int cores = 2) =>
        new SimulatedTraining(Data, cores).Run(
            job, fleet ?? new EdgeFleet(), from, progress: null, TestContext.Current.CancellationToken);
}
