using OrleansEdge.Core.Data;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Storage;
using OrleansEdge.Simulation.Training;
using OrleansEdge.Tests.Simulation;

namespace OrleansEdge.Tests.Training;

/// <summary>Faults that a job gets over only if one certain thing is done again.</summary>
public sealed class RecoveryTests
{
    private static readonly TrainingJob Small = new()
    {
        Model = "logreg",
        Data = "synthetic:200x50",
        Algorithm = TrainingAlgorithms.AdaComp,
        Compression = 0.1,
        Workers = 6,
        Updates = 150,
        EvaluateEvery = 0,
        LearningRate = 0.05f,
        Seed = 7,
    };

    private static readonly FaultPlan SiloCrash = new() { Crashes = [new CrashFault("silo-1", AtSeconds: 12, RestartAfterSeconds: 3)] };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_lost_pull_is_pulled_again(int shards)
    {
        var result = Health.Run(Small with { Shards = shards }, new EdgeFleet { LossProbability = 0.1 });
        Assert.Equal("updates-reached", result.Status.ExitReason);
    }

    /// <summary>
    /// A write of which the answer was lost leaves the old entity tag: the next one must read it first.
    /// </summary>
    [Fact]
    public void After_a_write_that_seemed_to_fail_the_store_is_read_before_the_next()
    {
        var fleet = new EdgeFleet { Silos = 2, Faults = SiloCrash, Storage = new StorageOptions { LostAnswerProbability = 0.4 } };
        var result = Health.Run(Small with { Shards = 2, PersistEvery = 5, EvaluateEvery = 20 }, fleet);
        Assert.Equal("updates-reached", result.Status.ExitReason);
    }

    /// <summary>The next write, at update 200, would come after the crash.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_write_that_failed_is_made_again_without_waiting_for_the_next(ulong seed)
    {
        var fleet = new EdgeFleet
        {
            Silos = 2,
            Faults = new FaultPlan { Crashes = [new CrashFault("silo-1", AtSeconds: 40, RestartAfterSeconds: 3)] },
            Storage = new StorageOptions { WriteFailureProbability = 0.5 },
        };
        var clocks = new List<long>();
        var result = new SimulatedTraining(new WorkerData(new DataCatalog([])), 1).Run(
            Small with { Shards = 2, PersistEvery = 100, Updates = 400, Seed = seed }, fleet, from: null,
            (status, now) =>
            {
                if (now.TotalSeconds > 40 && status.Shards.Length > 0)
                {
                    clocks.Add(status.Shards.Min(shard => shard.Clock));
                }
            },
            TestContext.Current.CancellationToken);
        Assert.Equal("updates-reached", result.Status.ExitReason);
        Assert.All(clocks, clock => Assert.InRange(clock, 100, 400));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Pushes_do_not_wait_for_a_store_that_is_slow_and_fails(ulong seed)
    {
        Assert.Equal(
            Seconds(new StorageOptions()),
            Seconds(new StorageOptions { LatencySeconds = 20, WriteFailureProbability = 0.5 }),
            tolerance: 10);

        // From the first update that is seen to the three hundredth.
        double Seconds(StorageOptions storage)
        {
            var (first, last) = (double.NaN, double.NaN);
            new SimulatedTraining(new WorkerData(new DataCatalog([])), 1).Run(
                Small with { PersistEvery = 50, Updates = 400, Seed = seed }, new EdgeFleet { Storage = storage }, from: null,
                (status, now) =>
                {
                    first = status.Updates > 0 && double.IsNaN(first) ? now.TotalSeconds : first;
                    last = status.Updates >= 300 && double.IsNaN(last) ? now.TotalSeconds : last;
                },
                TestContext.Current.CancellationToken);
            return last - first;
        }
    }

    [Fact]
    public async Task A_shard_that_was_not_configured_takes_no_request()
    {
        using var host = SimulatedHost.OfProduct();
        await host.Run(async grains =>
        {
            var shard = grains.Get<IParameterShard>(GrainKeys.Shard("nobody's", 0));
            var push = new PushRequest(0, 1, 0, new Payload(PayloadFormat.DenseFloat32, 1, new byte[4]));
            foreach (var request in (Func<Task>[])[() => shard.Pull(0), () => shard.Push(push), shard.Close, shard.Export])
            {
                var refused = await Assert.ThrowsAsync<InvalidOperationException>(request);
                Assert.Equal("the shard has not been configured", refused.Message);
            }
            return (await shard.Status()).Configured ? throw new InvalidOperationException() : true;
        });
    }

    /// <summary>Nothing is stored and there are no replicas: what a shard did not take along would be lost.</summary>
    [Fact]
    public async Task Shards_and_workers_that_move_in_mid_run_lose_nothing()
    {
        var job = Small with { Name = "moving", Shards = 2, Updates = 400, PersistEvery = 0 };
        using var host = SimulatedHost.OfProduct();
        await host.Run(async grains =>
        {
            await grains.Get<ITrainingCoordinator>(job.Name).Start(job, null);
            return true;
        });
        var (shards, workers, status) = (0, 0, (JobStatus?)null);
        while ((await Status()).Phase != JobPhase.Ended && host.Cluster.Now < TimeSpan.FromHours(1))
        {
            host.Cluster.RunFor(TimeSpan.FromSeconds(20)); // a worker that moves begins its step anew
            shards += Move(typeof(ParameterShardGrain));
            workers += Move(typeof(Worker));
            if (host.Cluster.Now < TimeSpan.FromSeconds(30))
            {
                var moved = await host.Run(grains => grains.Get<IWorker>(GrainKeys.Worker(job, 0)).Status());
                Assert.Equal((0, true), (moved.Epoch, moved.Running)); // before the coordinator could start it again
            }
        }
        Assert.Equal("updates-reached", status?.ExitReason);
        Assert.Empty(status!.LostWorkers);
        Assert.All(status.Shards, shard => Assert.Equal(400, shard.UpdatesByWorker.Sum()));
        Assert.True(shards > 2 && workers > 6, $"{shards} shards and {workers} workers moved");

        int Move(Type grain) => host.Cluster.Rebalance(
            new RebalanceOptions { Policy = new Elsewhere(), MayMove = (type, _) => type == grain }).Moved;

        async Task<JobStatus> Status() =>
            status = await host.Run(grains => grains.Get<ITrainingCoordinator>(job.Name).Status());
    }

    /// <summary>All workers are asked once a minute; who knows that a silo was lost does not wait for that.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_coordinator_that_is_told_to_look_asks_all_workers_at_once(bool isTold)
    {
        var job = Small with { Name = "looked after", Updates = 1_000_000 };
        using var host = new SimulatedHost(SimulatedHost.Product with
        {
            Placement = new PinnedPlacement((type, _) => type == typeof(Worker) ? "south" : "north"),
            Faults = new FaultPlan { Crashes = [new CrashFault("south", AtSeconds: 30, RestartAfterSeconds: 0.1)] },
        });
        var epochs = await host.Run(async grains =>
        {
            var coordinator = grains.Get<ITrainingCoordinator>(job.Name);
            await coordinator.Start(job, null);
            await Task.Delay(TimeSpan.FromSeconds(35), host.Time);
            if (isTold)
            {
                await coordinator.LookAfter();
            }
            await Task.Delay(TimeSpan.FromSeconds(10), host.Time);
            return await Task.WhenAll(Enumerable.Range(0, job.Workers).Select(
                async worker => (await grains.Get<IWorker>(GrainKeys.Worker(job, worker)).Status()).Epoch));
        });
        Assert.All(epochs, epoch => Assert.Equal(isTold ? 0 : -1, epoch));
    }

    /// <summary>A shard of another model: what the worker pulls cannot be computed with.</summary>
    [Fact]
    public async Task A_worker_whose_gradient_cannot_be_computed_says_why()
    {
        var job = Small with { Name = "misfit", Workers = 1 };
        using var host = SimulatedHost.OfProduct();
        var status = await host.Run(async grains =>
        {
            await grains.Get<IParameterShard>(GrainKeys.Shard(job.Name, 0)).Configure(new ShardConfiguration(
                0, 0, 0, TrainingAlgorithms.Asgd, 0.1f, 1, Workers: 1, LastClock: 100, EvaluateEvery: 0,
                PersistEvery: 0, Evaluator: "nobody", new Payload(PayloadFormat.DenseFloat32, 1, new byte[4]), Replicas: 0));
            var worker = grains.Get<IWorker>(GrainKeys.Worker(job, 0));
            await worker.Start(new WorkerAssignment(job, 0, Epoch: 0));
            await Task.Delay(TimeSpan.FromMinutes(1), host.Time);
            return await worker.Status();
        });
        Assert.False(status.Running);
        Assert.Contains("1", status.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_is_stopped_takes_no_further_step()
    {
        var job = Small with { Name = "halted", Workers = 1, Updates = 1_000_000 };
        using var host = SimulatedHost.OfProduct();
        var (before, after) = await host.Run(async grains =>
        {
            await grains.Get<ITrainingCoordinator>(job.Name).Start(job, null);
            await Task.Delay(TimeSpan.FromSeconds(50), host.Time);
            var worker = grains.Get<IWorker>(GrainKeys.Worker(job, 0));
            await worker.Stop();
            var before = await worker.Status();
            await Task.Delay(TimeSpan.FromSeconds(5), host.Time); // before the coordinator asks whether it runs
            return (before, await worker.Status());
        });
        Assert.False(before.Running);
        Assert.InRange(before.Steps, 1, 1_000);
        Assert.Equal((false, before.Steps), (after.Running, after.Steps));
    }

    /// <summary>The coordinator asks again when the answer to its first request got lost.</summary>
    [Fact]
    public async Task A_shard_that_is_configured_again_has_what_its_replica_holds()
    {
        var apart = new PinnedPlacement((type, _) => type == typeof(ParameterShardGrain) ? "north" : "south");
        using var host = new SimulatedHost(SimulatedHost.Product with { Placement = apart });
        var start = new Payload(PayloadFormat.DenseFloat32, 1, new byte[4]);
        var configuration = new ShardConfiguration(
            0, 0, 0, TrainingAlgorithms.Asgd, 0.1f, 1, Workers: 1, LastClock: 100, EvaluateEvery: 0, PersistEvery: 0,
            Evaluator: "nobody", start, Replicas: 1);
        await host.Run(async grains =>
        {
            var shard = grains.Get<IParameterShard>(GrainKeys.Shard("asked again", 0));
            await shard.Configure(configuration);
            var pulled = await shard.Pull(0);
            var push = new PushRequest(0, 1, pulled.Clock, new Payload(PayloadFormat.DenseFloat32, 1, new byte[4]));
            Assert.Equal(PushVerdict.Applied, (await shard.Push(push)).Verdict);
            return true;
        });
        host.Cluster.CrashNode("north");
        host.Cluster.RestartNode("north");
        var clock = await host.Run(async grains =>
        {
            var shard = grains.Get<IParameterShard>(GrainKeys.Shard("asked again", 0));
            await shard.Configure(configuration);
            return (await shard.Status()).Clock;
        });
        Assert.Equal(1, clock);
    }

    [Fact]
    public async Task A_job_that_is_stopped_when_it_has_all_its_updates_has_reached_them()
    {
        var job = Small with { Name = "late", Workers = 2, Updates = 40, PersistEvery = 100 };
        using var host = new SimulatedHost(SimulatedHost.Product with { Storage = new() { LatencySeconds = 1 } });
        var (before, status) = await host.Run(async grains =>
        {
            var coordinator = grains.Get<ITrainingCoordinator>(job.Name);
            await coordinator.Start(job, null);
            while (!(await grains.Get<IParameterShard>(GrainKeys.Shard(job.Name, 0)).Status()).Closed)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), host.Time);
            }
            var before = await coordinator.Status();
            await coordinator.Stop();
            await Task.Delay(TimeSpan.FromMinutes(5), host.Time);
            return (before, await coordinator.Status());
        });
        Assert.Equal(JobPhase.Running, before.Phase);
        Assert.Equal("updates-reached", status.ExitReason);
    }

    [Fact]
    public async Task A_shard_that_is_cut_off_when_its_job_is_stopped_is_closed_later()
    {
        var job = Small with { Name = "cut off", Shards = 2, Workers = 2, Updates = 1_000_000 };
        var cut = new FaultPlan { Partitions = [new PartitionFault("north", "south", AtSeconds: 20, DurationSeconds: 60)] };
        using var host = new SimulatedHost(SimulatedHost.Product with { Faults = cut });
        var status = await host.Run(async grains =>
        {
            var coordinator = grains.Get<ITrainingCoordinator>(job.Name);
            await coordinator.Start(job, null);
            await Task.Delay(TimeSpan.FromSeconds(21), host.Time);
            try
            {
                await coordinator.Stop();
            }
            catch (TimeoutException)
            {
                // It waits for the shard for longer than its client does.
            }
            await Task.Delay(TimeSpan.FromMinutes(5), host.Time);
            return await coordinator.Status();
        });
        Assert.Equal("stopped", status.ExitReason);
        Assert.All(status.Shards, shard => Assert.True(shard.Closed));
        Assert.InRange(status.Updates, 1, 999_999);
        Assert.True(status.Shards[0].Clock != status.Shards[1].Clock, "the shards were closed at the same clock");
        var last = status.Curve[^1];
        Assert.Equal(
            (true, status.Shards.Min(shard => shard.Clock), status.Shards.Sum(shard => shard.EgressBytes)),
            (last.Final, last.Updates, last.EgressBytes));
    }

    /// <summary>Nobody fetches by the interval here: only the shard's verdict makes a worker pull again.</summary>
    [Fact]
    public void A_worker_whose_pull_is_unknown_pulls_again()
    {
        var job = Small with
        {
            Algorithm = TrainingAlgorithms.Downpour,
            Compression = 1,
            FetchEvery = 10_000,
            Shards = 2,
            PersistEvery = 5,
            Updates = 400,
        };
        var early = new FaultPlan { Crashes = [new CrashFault("silo-1", AtSeconds: 5, RestartAfterSeconds: 3)] };
        var result = Health.Run(job, new EdgeFleet { Silos = 2, Faults = early });
        Assert.Equal("updates-reached", result.Status.ExitReason);
        Assert.All(result.Status.Shards[1].UpdatesByWorker, updates => Assert.InRange(updates, 30, 130)); // a sixth is 67
    }

    /// <summary>The shard that had the last slice to send is lost before it could.</summary>
    [Fact]
    public void A_shard_that_comes_back_closed_sends_its_last_slice()
    {
        var fleet = new EdgeFleet
        {
            Silos = 2,
            MeasureOnNetwork = true,
            Faults = new FaultPlan
            {
                Crashes = [new CrashFault("silo-1", AtSeconds: 100, RestartAfterSeconds: 3)],
                Partitions = [new PartitionFault("silo-1", "evaluator", AtSeconds: 0, DurationSeconds: 150)],
            },
        };
        var result = Health.Run(Small with { Shards = 2, PersistEvery = 1 }, fleet);
        Assert.Equal("updates-reached", result.Status.ExitReason);
        Assert.InRange(result.Status.Curve[^1].Seconds, 150, 1_000);
    }

    [Fact]
    public void A_coordinator_that_cannot_ask_the_shards_waits_for_their_figures()
    {
        var fleet = new EdgeFleet
        {
            Silos = 2,
            Faults = new FaultPlan { Partitions = [new PartitionFault("silo-0", "silo-1", AtSeconds: 5, DurationSeconds: 100)] },
        };
        Assert.Equal("updates-reached", Health.Run(Small with { Shards = 2 }, fleet).Status.ExitReason);
    }

    [Fact]
    public void A_warm_start_whose_worker_is_silent_or_gone_is_no_lost_fleet()
    {
        var job = Small with
        {
            Algorithm = TrainingAlgorithms.Downpour,
            Compression = 1,
            WarmUpUpdates = 20,
        };
        var cutOff = new FaultPlan { Partitions = [new PartitionFault("device-0", "*", AtSeconds: 3, DurationSeconds: 200)] };
        Assert.Equal("updates-reached", Health.Run(job, new EdgeFleet { Faults = cutOff }).Status.ExitReason);
        var gone = Health.Run(job, new EdgeFleet { Faults = new FaultPlan { Crashes = [new CrashFault("device-0", 3)] } });
        Assert.Equal("updates-reached", gone.Status.ExitReason);
        Assert.Equal([0], gone.Status.LostWorkers);
    }

    [Fact]
    public void Only_workers_that_stay_silent_are_lost_at_the_end()
    {
        var result = Health.Run(Small with { Shards = 3 }, new EdgeFleet { LossProbability = 0.15 });
        Assert.Empty(result.Status.LostWorkers);
    }
}
