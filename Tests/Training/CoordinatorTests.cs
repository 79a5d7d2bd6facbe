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
