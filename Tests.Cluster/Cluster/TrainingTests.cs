using Orleans;
using Orleans.Runtime;
using Microsoft.Extensions.DependencyInjection;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;
using OrleansEdge.Silo.Placement;

namespace OrleansEdge.Tests.Cluster;

public sealed class TrainingTests(TwoSilos cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_job_runs_to_its_end_over_two_silos_with_replicas_apart()
    {
        var job = Job("whole", updates: 200);
        await Coordinator(job).Start(job, null);
        var status = await WaitFor(job, status => status.Phase == JobPhase.Ended);
        Assert.Equal("updates-reached", status.ExitReason);
        Assert.All(status.Shards, shard => Assert.Equal(200, shard.Clock));
        Assert.Equal(200, status.Curve[^1].Updates);
        for (var shard = 0; shard < job.Shards; shard++)
        {
            var key = GrainKeys.Shard(job.Name, shard);
            Assert.Equal(200, await Replica(key).Clock());
            Assert.NotEqual(SiloOf<IParameterShard>(key), SiloOf<IShardReplica>(GrainKeys.ReplicaOf(key)));
        }
        Assert.DoesNotContain(job.Name, await cluster.Grains.GetGrain<IJobDirectory>(IJobDirectory.Key).Running());
    }

    [Fact]
    public async Task Workers_are_spread_over_the_silos()
    {
        var job = Job("spread", updates: 40);
        await Coordinator(job).Start(job, null);
        await WaitFor(job, status => status.Phase == JobPhase.Ended);
        var silos = Enumerable.Range(0, job.Workers).Select(i => SiloOf<IWorker>(GrainKeys.Worker(job, i)));
        Assert.All(silos.CountBy(silo => silo), silo => Assert.Equal(job.Workers / 2, silo.Value));
    }

    [Fact]
    public async Task Workers_are_at_the_site_of_their_data()
    {
        var job = Job("sites", updates: 40) with { WorkerSites = new WorkerSites("south,north,south") };
        await Coordinator(job).Start(job, null);
        await WaitFor(job, status => status.Phase == JobPhase.Ended);
        var silos = Enumerable.Range(0, job.Workers).Select(i => SiloOf<IWorker>(GrainKeys.Worker(job, i))).ToArray();
        Assert.Equal(Enumerable.Range(0, job.Workers).Select(i => i % 3 == 1 ? 0 : 1), silos); // north is the first
    }

    [Fact]
    public async Task Many_workers_with_large_payloads_all_get_their_turn()
    {
        const int Workers = 40;
        var zeros = new Payload(PayloadFormat.DenseFloat32, 1 << 19, new byte[4 << 19]);
        var shards = Enumerable.Range(0, 2).Select(i => Shard(GrainKeys.Shard("heavy", i))).ToArray(); // one on each silo
        foreach (var (i, shard) in shards.Index())
        {
            await shard.Configure(new ShardConfiguration(
                0, i, i << 19, "asgd", 0.5f, 1, Workers, 1000, 0, 0, "heavy/evaluator", zeros, 0));
        }
        await Task.WhenAll(from shard in shards from worker in Enumerable.Range(0, Workers) select Work(shard, worker));
        foreach (var shard in shards)
        {
            Assert.All((await shard.Status()).UpdatesByWorker, updates => Assert.Equal(2, updates));
        }

        async Task Work(IParameterShard shard, int worker)
        {
            for (var sequence = 1; sequence <= 2; sequence++)
            {
                var pulled = await shard.Pull(worker);
                await shard.Push(new PushRequest(worker, sequence, pulled.Clock, zeros));
            }
        }
    }

    [Fact]
    public async Task A_shard_that_moves_in_mid_run_loses_nothing()
    {
        var job = Job("moving", updates: 600);
        await Coordinator(job).Start(job, null);
        var key = GrainKeys.Shard(job.Name, 0);
        for (var move = 1; move <= 3; move++)
        {
            await WaitFor(job, status => status.Updates > move * 100 || status.Phase == JobPhase.Ended);
            var before = (await Shard(key).Status()).Clock;
            Context<IParameterShard>(key)?.Migrate(null);
            Assert.True((await Repeat(() => Shard(key).Status())).Clock >= before);
        }
        var status = await WaitFor(job, status => status.Phase == JobPhase.Ended);
        Assert.Equal("updates-reached", status.ExitReason);
        Assert.All(status.Shards, shard => Assert.Equal(600, shard.UpdatesByWorker.Sum()));
    }

    [Fact]
    public async Task A_falling_rate_reaches_the_shards_and_moves_with_them()
    {
        var job = Job("falling", updates: 600) with { FinalRate = new FinalRate(0, AtClock: 1) };
        await Coordinator(job).Start(job, null);
        await WaitFor(job, status => status.Updates > 50);
        var early = await Parameters(job); // the rate is 0 by now
        for (var i = 0; i < job.Shards; i++)
        {
            Context<IParameterShard>(GrainKeys.Shard(job.Name, i))?.Migrate(null);
        }
        var status = await WaitFor(job, status => status.Phase == JobPhase.Ended);
        Assert.All(status.Shards, shard => Assert.Equal(600, shard.UpdatesByWorker.Sum()));
        Assert.Equal(early, await Parameters(job));
        Assert.Equal(job.FinalRate, (await Coordinator(job).Job())!.FinalRate);
    }

    [Fact]
    public async Task A_running_job_is_started_once_and_another_of_its_name_is_refused()
    {
        var job = Job("twice", updates: 1_000_000) with { MeanWaitSeconds = 0.2 };
        await Coordinator(job).Start(job, null);
        await WaitFor(job, status => status.Updates > 0);
        await Coordinator(job).Start(job, null);
        Assert.True((await Coordinator(job).Status()).Phase == JobPhase.Running);
        var other = await Assert.ThrowsAsync<OrleansEdgeException>(() =>
            Coordinator(job).Start(job with { WorkerSpeeds = [1, 1, 1, 2] }, null));
        Assert.Equal(
            $"job '{job.Name}' is running with other settings; submit this one under another name (--name)", other.Message);
        Assert.Equal(ExitCode.Usage, other.ExitCode);
        await Coordinator(job).Stop();
        Assert.Equal("stopped", (await WaitFor(job, status => status.Phase == JobPhase.Ended)).ExitReason);
        var again = await Assert.ThrowsAsync<OrleansEdgeException>(() => Coordinator(job).Start(job, null));
        Assert.Equal(
            $"job '{job.Name}' has ended (stopped); submit the new one under another name (--name)", again.Message);
        Assert.Equal(ExitCode.Usage, again.ExitCode);
    }

    [Fact]
    public async Task A_job_that_could_not_be_set_up_leaves_its_name_free()
    {
        var job = Job("retried", updates: 20);
        await Assert.ThrowsAsync<OrleansEdgeException>(
            () => Coordinator(job).Start(job with { Data = "/nowhere" }, null));
        Assert.StartsWith(JobStatus.NotStarted, (await Coordinator(job).Status()).ExitReason, StringComparison.Ordinal);
        await Coordinator(job).Start(job, null);
        Assert.Equal("updates-reached", (await WaitFor(job, status => status.Phase == JobPhase.Ended)).ExitReason);
    }

    [Fact]
    public async Task A_job_with_a_wrong_option_is_refused_by_the_silo()
    {
        var job = Job("wrong", updates: 10) with { LearningRate = -1 };
        var failure = await Assert.ThrowsAsync<OrleansEdgeException>(() => Coordinator(job).Start(job, null));
        Assert.Equal("LearningRate is -1; expected a number above 0", failure.Message);
        job = Job("wrong", updates: 10) with { FinalRate = new FinalRate(0.06f, AtClock: 10) };
        failure = await Assert.ThrowsAsync<OrleansEdgeException>(() => Coordinator(job).Start(job, null));
        Assert.Equal("FinalRate is 0.06; expected 0 to 0.05, the learning rate", failure.Message);
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.Equal(JobPhase.Idle, (await Coordinator(job).Status()).Phase);
    }

    [Fact]
    public async Task A_message_above_the_limit_is_refused_and_harms_nothing()
    {
        var shard = Shard("large/shard/0");
        var push = new PushRequest(0, 1, 0, new Payload(PayloadFormat.DenseFloat32, 1, new byte[9 << 20]));
        var failure = await Assert.ThrowsAsync<OrleansEdgeException>(() => shard.Push(push));
        Assert.Contains("at most 8388608 are sent in one message", failure.Message, StringComparison.Ordinal);
        Assert.False((await shard.Status()).Configured);
    }

    private static TrainingJob Job(string name, long updates) => new()
    {
        Name = name,
        Algorithm = TrainingAlgorithms.AdaComp,
        Model = "logreg",
        Data = "synthetic:200x100",
        Workers = 4,
        Shards = 2,
        Updates = updates,
        EvaluateEvery = updates,
        MeanWaitSeconds = 0.002,
        Compression = 0.1,
        LearningRate = 0.05f,
        Replicas = 1,
    };

    private async Task<float[]> Parameters(TrainingJob job) => ShardStates.Parameters(job, await Task.WhenAll(
        Enumerable.Range(0, job.Shards).Select(i => Repeat(() => Shard(GrainKeys.Shard(job.Name, i)).Export()))));

    private ITrainingCoordinator Coordinator(TrainingJob job) =>
        cluster.Grains.GetGrain<ITrainingCoordinator>(job.Name);

    private IParameterShard Shard(string key) => cluster.Grains.GetGrain<IParameterShard>(key);

    private IShardReplica Replica(string shardKey) =>
        cluster.Grains.GetGrain<IShardReplica>(GrainKeys.ReplicaOf(shardKey));

    private Task<JobStatus> WaitFor(TrainingJob job, Func<JobStatus, bool> condition) => Repeat(async () =>
    {
        var shards = await Task.WhenAll(
            Enumerable.Range(0, job.Shards).Select(i => Shard(GrainKeys.Shard(job.Name, i)).Status()));
        var status = await Coordinator(job).Status() with { };
        status = status.Phase == JobPhase.Ended ? status : status with { Updates = shards.Min(shard => shard.Clock) };
        return condition(status) ? status : throw new TimeoutException($"{job.Name}: {status}");
    });

    private static async Task<T> Repeat<T>(Func<Task<T>> call)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception failure) when (failure is not OrleansEdgeException && TimeProvider.System.GetUtcNow() < until)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private int SiloOf<TGrain>(string key) where TGrain : IGrainWithStringKey =>
        cluster.Silos.Index().Single(silo => silo.Item.Services.GetRequiredService<LocalActivations>()
            .Contains(cluster.Grains.GetGrain<TGrain>(key).GetGrainId())).Index;

    private IGrainContext? Context<TGrain>(string key) where TGrain : IGrainWithStringKey => cluster.Silos
        .SelectMany(silo => silo.Services.GetRequiredService<LocalActivations>().All)
        .FirstOrDefault(context => context.GrainId == cluster.Grains.GetGrain<TGrain>(key).GetGrainId());
}
