using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;
using OrleansEdge.Tests.Simulation;

namespace OrleansEdge.Tests.Training;

/// <summary>What a replica takes from its shard and what it refuses.</summary>
public sealed class ShardReplicaTests
{
    private static readonly ShardConfiguration Configuration = new(
        0, 0, 0, TrainingAlgorithms.Asgd, 0.1f, 1, Workers: 2, LastClock: 100, EvaluateEvery: 0, PersistEvery: 0,
        Evaluator: "nobody", Number(0), Replicas: 1);

    [Theory]
    [InlineData("job/replica/3", "job/shard/3")]
    [InlineData("job/shard/3", null)]
    [InlineData("replica/3", null)]
    [InlineData("job", null)]
    public void A_replica_has_its_shard_s_key(string key, string? shard)
    {
        Assert.Equal(shard, GrainKeys.ShardOf(key));
        Assert.Equal(shard is null ? null : key, shard is null ? null : GrainKeys.ReplicaOf(shard));
    }

    [Fact]
    public Task A_push_that_is_sent_twice_counts_once() => Run(async grains =>
    {
        var replica = await Installed(grains, term: 0);
        Assert.Equal(0, await replica.Clock());
        Assert.Equal(ReplicaVerdict.Held, await replica.Append(Entry(clock: 0, worker: 0, sequence: 1)));
        Assert.Equal(ReplicaVerdict.Held, await replica.Append(Entry(clock: 0, worker: 0, sequence: 1)));
        Assert.Equal(1, await replica.Clock());
        Assert.Equal(ReplicaVerdict.Behind, await replica.Append(Entry(clock: 0, worker: 1, sequence: 1)));
        Assert.Equal(ReplicaVerdict.Behind, await replica.Append(Entry(clock: 2, worker: 1, sequence: 1)));
        Assert.Equal(ReplicaVerdict.Held, await replica.Append(Entry(clock: 1, worker: 1, sequence: 1)));
        Assert.Equal(2, await replica.Clock());
    });

    [Fact]
    public Task A_replica_that_holds_nothing_asks_for_the_whole() => Run(async grains =>
    {
        var replica = grains.Get<IShardReplica>("empty/replica/0");
        Assert.Equal(-1, await replica.Clock());
        Assert.Equal(ReplicaVerdict.Behind, await replica.Append(Entry(clock: 0, worker: 0, sequence: 1)));
        var taken = await replica.TakeOver();
        Assert.Equal((1L, null), (taken.Term, taken.State));
    });

    [Fact]
    public Task A_shard_of_an_earlier_term_is_refused_and_one_of_a_later_must_send_the_whole() => Run(async grains =>
    {
        var replica = await Installed(grains, term: 0);
        Assert.Equal(1, (await replica.TakeOver()).Term);
        Assert.Equal(ReplicaVerdict.Fenced, await replica.Append(Entry(clock: 0, worker: 0, sequence: 1)));
        Assert.Equal(ReplicaVerdict.Fenced, await replica.Install(new ReplicaState(0, Configuration, false, Number(7))));
        Assert.Equal(0, await replica.Clock());
        Assert.Equal(ReplicaVerdict.Behind, await replica.Append(Entry(clock: 0, worker: 0, sequence: 1) with { Term = 2 }));
        Assert.Equal(ReplicaVerdict.Held, await replica.Append(Entry(clock: 0, worker: 0, sequence: 1) with { Term = 1 }));
        Assert.Equal(1, await replica.Clock());
    });

    /// <summary>Somebody who took the shard for dead has taken over: its next push is not acknowledged.</summary>
    [Fact]
    public Task A_shard_that_was_succeeded_acknowledges_nothing_until_it_has_taken_over_again() => Run(async grains =>
    {
        var key = GrainKeys.Shard("succeeded", 0);
        var shard = grains.Get<IParameterShard>(key);
        await shard.Configure(Configuration);
        Assert.Equal(PushVerdict.Applied, (await PullAndPush(shard, sequence: 1)).Verdict);
        var replica = grains.Get<IShardReplica>(GrainKeys.ReplicaOf(key));
        var term = (await replica.TakeOver()).Term;
        await Assert.ThrowsAsync<ShardFencedException>(() => PullAndPush(shard, sequence: 2));
        Assert.Equal(1, await replica.Clock());
        Assert.Equal(PushVerdict.UnknownPull, (await PullAndPush(shard, sequence: 2)).Verdict); // by its successor
        Assert.Equal(PushVerdict.Applied, (await PullAndPush(shard, sequence: 2)).Verdict);
        Assert.Equal((2L, 2L), ((await shard.Status()).Clock, await replica.Clock()));
        Assert.Equal(term + 2, (await replica.TakeOver()).Term);
    });

    [Fact]
    public async Task A_shard_that_was_closed_is_so_for_whoever_takes_over()
    {
        await Run(async grains =>
        {
            var key = GrainKeys.Shard("closed", 0);
            var shard = grains.Get<IParameterShard>(key);
            await shard.Configure(Configuration);
            var replica = grains.Get<IShardReplica>(GrainKeys.ReplicaOf(key));
            Assert.Equal(PushVerdict.Applied, (await PullAndPush(shard, sequence: 1)).Verdict);
            await shard.Close();
            Assert.True((await replica.TakeOver()).State!.Closed);
        });
    }

    private static async Task Run(Func<IGrains, Task> client)
    {
        using var host = SimulatedHost.OfProduct();
        await host.Run(async grains =>
        {
            await client(grains);
            return true;
        });
    }

    private static async Task<IShardReplica> Installed(IGrains grains, long term)
    {
        var key = GrainKeys.Shard("other", 0);
        var shard = grains.Get<IParameterShard>(key);
        await shard.Configure(Configuration with { Replicas = 0 });
        var replica = grains.Get<IShardReplica>(GrainKeys.ReplicaOf(key));
        Assert.Equal(
            ReplicaVerdict.Held,
            await replica.Install(new ReplicaState(term, Configuration, Closed: false, await shard.Export())));
        return replica;
    }

    private static async Task<PushReply> PullAndPush(IParameterShard shard, long sequence)
    {
        var pulled = await shard.Pull(0);
        return await shard.Push(new PushRequest(0, sequence, pulled.Clock, Number(1)));
    }

    private static ReplicaEntry Entry(long clock, int worker, long sequence) =>
        new(0, clock, [worker], new PushRequest(worker, sequence, clock, Number(1)));

    /// <summary>A model of one parameter.</summary>
    private static Payload Number(float value) => new(PayloadFormat.DenseFloat32, 1, BitConverter.GetBytes(value));
}
