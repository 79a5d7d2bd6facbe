using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Tests.Data;
using OrleansEdge.Tests.Simulation;

namespace OrleansEdge.Tests.Training;

/// <summary>
/// How a job ends that cannot end well: with what went wrong. The coordinator is on the node north, workers are on south,
/// shards on east and the evaluator on west.
/// </summary>
public sealed class CoordinatorTests : IDisposable
{
    private static readonly TrainingJob Small = new()
    {
        Name = "job",
        Model = "logreg",
        Data = "synthetic:200x50",
        Algorithm = TrainingAlgorithms.AdaComp,
        Compression = 0.1,
        Workers = 4,
        Updates = 100,
        EvaluateEvery = 0,
        LearningRate = 0.05f,
        Seed = 7,
    };

    private static readonly VirtualClusterOptions Options = SimulatedHost.Product with
    {
        Nodes = [new() { Name = "north" }, new() { Name = "south" }, new() { Name = "east" }, new() { Name = "west" }],
        Placement = new PinnedPlacement((type, _) =>
            type == typeof(Worker) ? "south" : type == typeof(ParameterShardGrain) ? "east"
            : type == typeof(Evaluator) ? "west" : "north"),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4, "failed: worker 0: --data 'digits' was not found")]
    [InlineData(2, "updates-reached")]
    public async Task Workers_that_cannot_start_are_lost_and_a_job_without_others_says_why(int without, string reason)
    {
        var status = await Run(WithoutData(key => key.Key.Value[^1] - '0' < without), Small with { Data = "digits" });
        Assert.StartsWith(reason, status.ExitReason, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, without), status.LostWorkers);
        Assert.Equal(without == 4 ? 0 : 100, status.Updates);
        Assert.True(status.Curve[^1].Final);
    }

    [Fact]
    public async Task Workers_that_can_start_after_all_are_not_lost()
    {
        var crash = new FaultPlan { Crashes = [new CrashFault("south", AtSeconds: 30, RestartAfterSeconds: 1)] };
        var options = WithoutData(key => key.Activation == 1) with { Faults = crash };
        var status = await Run(options, Small with { Data = "digits" });
        Assert.Equal("updates-reached", status.ExitReason);
        Assert.Empty(status.LostWorkers);
    }

    [Fact]
    public async Task Workers_whose_shards_do_not_answer_give_up_and_the_job_says_so()
    {
        var status = await Run(Cut("south", "east", at: 5, seconds: 3_000), Small with { Updates = 1_000 });
        Assert.StartsWith("failed: worker 0: a shard does not answer: ", status.ExitReason, StringComparison.Ordinal);
        Assert.Equal([0, 1, 2, 3], status.LostWorkers);
        Assert.InRange(status.Updates, 1, 999);
    }

    [Fact]
    public async Task A_job_whose_evaluator_is_away_for_good_ends_without_it()
    {
        var status = await Run(Cut("west", "*", at: 5, seconds: double.PositiveInfinity), Small);
        Assert.Equal("failed: the last evaluation did not arrive", status.ExitReason);
        Assert.Equal(100, status.Updates);
    }

    [Fact]
    public async Task An_evaluator_that_comes_back_learns_its_job_from_the_coordinator()
    {
        var plan = new FaultPlan { Crashes = [new CrashFault("west", AtSeconds: 8, RestartAfterSeconds: 0.1)] };
        var status = await Run(Options with { Faults = plan }, Small with { EvaluateEvery = 10 });
        Assert.Equal("updates-reached", status.ExitReason);
        Assert.Equal((100, true), (status.Curve[^1].Updates, status.Curve[^1].Final));
        Assert.Contains(status.Curve, point => point.Seconds < 8);
        Assert.Contains(status.Curve, point => point is { Seconds: > 9, Final: false });
    }

    [Fact]
    public async Task Workers_of_a_job_that_diverged_run_no_more()
    {
        using var host = new SimulatedHost(Options);
        await host.Run(grains => Start(grains, Small with { Algorithm = TrainingAlgorithms.Asgd, Compression = 1, LearningRate = 1e38f }));
        Assert.StartsWith(JobStatus.DivergedReason, (await End(host)).ExitReason, StringComparison.Ordinal);
        host.Cluster.RunFor(TimeSpan.FromMinutes(5));
        var workers = await host.Run(grains => Task.WhenAll(Enumerable.Range(0, Small.Workers).Select(
            worker => grains.Get<IWorker>(GrainKeys.Worker(Small, worker)).Status())));
        Assert.All(workers, worker => Assert.Equal((false, null), (worker.Running, worker.Failure)));
    }

    /// <summary>It is gone when the workers' node comes back without their assignments.</summary>
    [Fact]
    public async Task A_coordinator_that_comes_back_looks_after_its_workers()
    {
        var plan = new FaultPlan
        {
            Crashes = [new CrashFault("north", AtSeconds: 5, RestartAfterSeconds: 5), new CrashFault("south", 6, 1)],
        };
        var status = await Run(Options with { Faults = plan }, Small);
        Assert.Equal("updates-reached", status.ExitReason);
        Assert.Equal(100, status.Updates);
        Assert.Empty(status.LostWorkers);
    }

    [Fact]
    public async Task A_job_whose_shards_cannot_be_asked_after_the_last_evaluation_ends_all_the_same()
    {
        var status = await Run(Cut("north", "east", at: 8, seconds: double.PositiveInfinity), Small);
        Assert.Equal("failed: the figures after the last evaluation could not be had", status.ExitReason);
        Assert.True(status.Curve[^1].Final);
    }

    [Fact]
    public async Task A_job_whose_shards_are_empty_after_the_last_evaluation_has_failed()
    {
        var cut = Cut("north", "east", at: 8, seconds: 200);
        var crash = new FaultPlan { Crashes = [new CrashFault("east", AtSeconds: 150, RestartAfterSeconds: 1)] };
        var status = await Run(cut with { Faults = cut.Faults.With(crash) }, Small);
        Assert.Equal("failed: a shard restarted without stored state", status.ExitReason);
        Assert.True(status.Curve[^1].Final);
    }

    [Fact]
    public async Task A_job_whose_coordinator_is_lost_before_the_shards_are_set_up_does_not_start()
    {
        var cut = Cut("north", "east", at: 0, seconds: 60);
        using var host = new SimulatedHost(cut);
        var start = host.Cluster.Client.Get<ITrainingCoordinator>(Small.Name).Start(Small, null);
        host.Cluster.RunFor(TimeSpan.FromSeconds(10));
        host.Cluster.CrashNode("north");
        host.Cluster.RestartNode("north");
        var status = await End(host);
        Assert.False(start.IsCompletedSuccessfully);
        Assert.Equal($"{JobStatus.NotStarted}its coordinator was lost meanwhile", status.ExitReason);
    }

    /// <summary>The data set "digits" is there, but not for some activations of workers.</summary>
    private VirtualClusterOptions WithoutData(Func<(GrainKey Key, int Activation), bool> lacks)
    {
        foreach (var (part, count) in (ReadOnlySpan<(string, int)>)[("train", 100), ("t10k", 20)])
        {
            _folder.Add($"digits/{part}-images-idx3-ubyte", IdxBytes.Images(count, 28, 28));
            _folder.Add(
                $"digits/{part}-labels-idx1-ubyte", IdxBytes.Labels([.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]));
        }
        var (data, none) = (new WorkerData(new DataCatalog([_folder.Path])), new WorkerData(new DataCatalog([])));
        var activations = new Dictionary<string, int>();
        return Options with
        {
            Services = new ServiceTable().Add(new ModelPool()).Add(new GradientWorkspaces()).Add((key, node) =>
            {
                var count = activations[key.Value] = activations.GetValueOrDefault(key.Value) + 1;
                return node.Name == "south" && lacks((key, count)) ? none : data;
            }),
        };
    }

    [Fact]
    public async Task A_job_that_is_stopped_while_it_is_set_up_is_stopped_when_it_is()
    {
        using var host = new SimulatedHost(Cut("north", "east", at: 0, seconds: 10));
        var coordinator = host.Cluster.Client.Get<ITrainingCoordinator>(Small.Name);
        _ = coordinator.Start(Small with { Updates = 1_000_000 }, null);
        host.Cluster.RunFor(TimeSpan.FromSeconds(5));
        var stop = coordinator.Stop();
        var status = await End(host);
        Assert.True(stop.IsCompletedSuccessfully);
        Assert.Equal("stopped", status.ExitReason);
        Assert.All(status.Shards, shard => Assert.True(shard.Closed));
        Assert.Equal((true, status.Updates), (status.Curve[^1].Final, status.Curve[^1].Updates));
        Assert.InRange(status.Updates, 1, 1_000);
    }

    /// <summary>Its client was told nothing and sends it again, before anybody asks what became of it.</summary>
    [Fact]
    public async Task A_job_whose_coordinator_was_lost_before_the_shards_were_set_up_can_be_started_again()
    {
        using var host = new SimulatedHost(Cut("north", "east", at: 0, seconds: 60));
        _ = host.Cluster.Client.Get<ITrainingCoordinator>(Small.Name).Start(Small, null);
        host.Cluster.RunFor(TimeSpan.FromSeconds(50));
        host.Cluster.CrashNode("north");
        host.Cluster.RestartNode("north");
        host.Cluster.RunFor(TimeSpan.FromSeconds(20));
        await host.Run(grains => Start(grains, Small));
        var status = await End(host);
        Assert.Equal(("updates-reached", 100L), (status.ExitReason, status.Updates));
        Assert.Equal(100, status.Curve[^1].Updates);
    }

    /// <summary>What an earlier start has stored is not what this job, which stores nothing, has come to.</summary>
    [Fact]
    public async Task A_shard_that_comes_back_with_the_state_of_an_earlier_start_is_none_of_this_job()
    {
        using var host = new SimulatedHost(Options);
        await host.Run(async grains =>
        {
            await grains.Get<IParameterShard>(GrainKeys.Shard(Small.Name, 0)).Configure(new ShardConfiguration(
                -1, 0, 0, TrainingAlgorithms.AdaComp, 0.05f, 1, Small.Workers, LastClock: 30, EvaluateEvery: 0,
                PersistEvery: 1, GrainKeys.Evaluator(Small.Name), Parameters(7850), Replicas: 0));
            return await Start(grains, Small with { Updates = 400 });
        });
        host.Cluster.RunFor(TimeSpan.FromSeconds(10));
        host.Cluster.CrashNode("east");
        host.Cluster.RestartNode("east");
        Assert.Equal("failed: a shard restarted without stored state", (await End(host)).ExitReason);
    }

    [Fact]
    public async Task A_slow_evaluator_is_waited_for()
    {
        var nodes = Options.Nodes.Select(
            node => node.Name == "west" ? node with { FloatingPointOperationsPerSecond = 5e4 } : node).ToArray();
        var status = await Run(Options with { Nodes = nodes }, Small with { Updates = 400, EvaluateEvery = 5 });
        Assert.Equal("updates-reached", status.ExitReason);
        Assert.Equal((true, 400L), (status.Curve[^1].Final, status.Curve[^1].Updates));
        Assert.True(status.Curve[^1].Seconds > 700, "the evaluator was not slow");
    }

    [Fact]
    public async Task Workers_that_push_are_at_work_though_the_coordinator_does_not_hear_them()
    {
        var status = await Run(Cut("north", "south", at: 5, seconds: double.PositiveInfinity), Small with { Updates = 3_000 });
        Assert.Equal(("updates-reached", 3_000L), (status.ExitReason, status.Updates));
    }

    /// <summary>Every silo tells it when one has gone.</summary>
    [Fact]
    public async Task A_coordinator_that_is_told_to_look_by_many_looks_once()
    {
        using var host = new SimulatedHost(Options with
        {
            Messages = new() { RejectionDelay = TimeSpan.FromMilliseconds(2) },
            Faults = new FaultPlan { Crashes = [new CrashFault("south", AtSeconds: 10, RestartAfterSeconds: 2.5)] },
        });
        await host.Run(grains => Start(grains, Small with { Updates = 400 }));
        host.Cluster.RunFor(TimeSpan.FromSeconds(10) - host.Cluster.Now);
        await host.Run(grains => Task.WhenAll(Enumerable.Range(0, 12).Select(
            async _ =>
            {
                await grains.Get<ITrainingCoordinator>(Small.Name).LookAfter();
                return true;
            })));
        var status = await End(host);
        Assert.Equal(("updates-reached", 400L), (status.ExitReason, status.Updates));
        Assert.Empty(status.LostWorkers);
    }

    [Fact]
    public async Task The_time_outlives_a_coordinator_and_so_do_the_figures_of_the_end()
    {
        var crash = new FaultPlan { Crashes = [new CrashFault("north", AtSeconds: 12, RestartAfterSeconds: 1)] };
        using var host = new SimulatedHost(Options with { Faults = crash });
        await host.Run(grains => Start(grains, Small with { EvaluateEvery = 10, Updates = 200 }));
        var status = await End(host);
        var seconds = status.Curve.Select(point => point.Seconds).ToArray();
        Assert.Equal(seconds.Order(), seconds);
        host.Cluster.CrashNode("north");
        host.Cluster.RestartNode("north");
        var later = await host.Run(grains => grains.Get<ITrainingCoordinator>(Small.Name).Status());
        Assert.Equal(("updates-reached", 200L), (later.ExitReason, later.Updates));
        Assert.Equal(
            status.Shards.Select(shard => (shard.Clock, shard.Closed, shard.IngressBytes)),
            later.Shards.Select(shard => (shard.Clock, shard.Closed, shard.IngressBytes)));
    }

    [Fact]
    public async Task A_failed_start_does_not_take_a_later_one_out_of_the_directory()
    {
        var placement = new PinnedPlacement((type, _) => type == typeof(JobDirectory) ? "west" : "north");
        using var host = new SimulatedHost(Cut("north", "west", at: 0, seconds: 400) with { Placement = placement });
        await Assert.ThrowsAnyAsync<Exception>(() => host.Run(grains => Start(grains, Small)));
        host.Cluster.RunFor(TimeSpan.FromSeconds(401) - host.Cluster.Now);
        await host.Run(grains => Start(grains, Small with { Updates = 100_000 }));
        host.Cluster.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal([Small.Name], await host.Run(grains => grains.Get<IJobDirectory>(IJobDirectory.Key).Running()));
    }

    [Fact]
    public async Task A_checkpoint_of_other_shards_or_workers_is_refused()
    {
        using var host = new SimulatedHost(Options);
        var checkpoint = new JobCheckpoint(0, 0, [Parameters(3925), Parameters(3925)], [9], []);
        await Refused(Small, checkpoint, "Shards is 1; expected 2, as in the checkpoint");
        await Refused(Small with { Shards = 2 }, checkpoint, "Workers is 4; expected more than 9, a worker that the checkpoint lost");
        await Refused(Small with { Shards = 8_000 }, null, "Shards is 8000; expected at most 7850, the parameters of logreg");

        async Task Refused(TrainingJob job, JobCheckpoint? from, string message)
        {
            var refused = await Assert.ThrowsAsync<OrleansEdgeException>(() => host.Run(async grains =>
            {
                await grains.Get<ITrainingCoordinator>("refused").Start(job with { Name = "refused" }, from);
                return true;
            }));
            Assert.Equal((ExitCode.Usage, message), (refused.ExitCode, refused.Message));
        }
    }

    /// <summary>Timers end before.</summary>
    [Fact]
    public async Task A_worker_of_next_to_no_speed_waits_for_weeks_and_goes_on()
    {
        var job = Small with { Workers = 1, WorkerSpeeds = [1e-13] };
        using var host = new SimulatedHost(Options);
        await host.Run(async grains =>
        {
            await grains.Get<IParameterShard>(GrainKeys.Shard(job.Name, 0)).Configure(new ShardConfiguration(
                0, 0, 0, TrainingAlgorithms.Asgd, 0.1f, 1, Workers: 1, LastClock: 100, EvaluateEvery: 0, PersistEvery: 0,
                Evaluator: "nobody", Parameters(7850), Replicas: 0));
            await grains.Get<IWorker>(GrainKeys.Worker(job, 0)).Start(new WorkerAssignment(job, 0, Epoch: 0));
            return true;
        });
        host.Cluster.RunFor(TimeSpan.FromDays(100));
        var worker = await host.Run(grains => grains.Get<IWorker>(GrainKeys.Worker(job, 0)).Status());
        Assert.Equal((true, null), (worker.Running, worker.Failure));
        Assert.InRange(worker.Steps, 1, 10);
    }

    private static Payload Parameters(int count) => new(PayloadFormat.DenseFloat32, count, new byte[4 * count]);

    private static VirtualClusterOptions Cut(string from, string to, double at, double seconds) =>
        Options with { Faults = new FaultPlan { Partitions = [new PartitionFault(from, to, at, seconds)] } };

    private static async Task<JobStatus> Run(VirtualClusterOptions options, TrainingJob job)
    {
        using var host = new SimulatedHost(options);
        await host.Run(grains => Start(grains, job));
        return await End(host);
    }

    private static async Task<bool> Start(IGrains grains, TrainingJob job)
    {
        await grains.Get<ITrainingCoordinator>(job.Name).Start(job, null);
        return true;
    }

    private static async Task<JobStatus> End(SimulatedHost host)
    {
        while (host.Cluster.Now < TimeSpan.FromHours(3))
        {
            host.Cluster.RunFor(TimeSpan.FromSeconds(10));
            var status = await host.Run(grains => grains.Get<ITrainingCoordinator>(Small.Name).Status());
            if (status.Phase == JobPhase.Ended)
            {
                return status;
            }
        }
        throw new TimeoutException($"the job goes on after {host.Cluster.Now}");
    }
}
