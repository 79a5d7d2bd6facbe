using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using OrleansEdge.Core.Compression;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;
using OrleansEdge.Silo;
using OrleansEdge.Silo.Placement;
using OrleansEdge.Silo.Placement.Game;

namespace OrleansEdge.Tests.Cluster;

/// <summary>Two silos that place by game; the tests say when loads are reported.</summary>
public sealed class RebalancingTests : IAsyncLifetime
{
    private const int Shards = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<WebApplication> _silos = [];

    private IGrainFactory Grains => _silos[0].Services.GetRequiredService<IGrainFactory>();

    public async ValueTask InitializeAsync()
    {
        var primary = TwoSilos.FreePort();
        foreach (var name in (string[])["north", "south"])
        {
            var silo = await SiloHost.BuildAsync(TwoSilos.Options(primary) with
            {
                SiloPort = _silos.Count == 0 ? primary : TwoSilos.FreePort(),
                Name = name,
                Placement = PlacementKind.Game,
                RebalanceSeconds = 0,
            });
            await silo.StartAsync();
            _silos.Add(silo);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.AsEnumerable().Reverse())
        {
            await silo.StopAsync();
            await silo.DisposeAsync();
        }
    }

    [Fact]
    public async Task Shards_that_are_all_on_one_silo_are_spread_with_their_memory()
    {
        await Configure("balance", replicas: 0);
        var before = await Task.WhenAll(All("balance").Select(shard => shard.Export()));
        Assert.All(
            Enumerable.Range(0, Shards), i => Assert.Equal(0, SiloOf<IParameterShard>(GrainKeys.Shard("balance", i))));
        Assert.True(await Rebalance() >= 2);
        Assert.InRange(OnSouth("balance"), 2, 6); // they are not equally busy
        var after = await Task.WhenAll(All("balance").Select(shard => shard.Export()));
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First.Bytes.ToArray(), pair.Second.Bytes.ToArray()));
        Assert.All(
            await Task.WhenAll(All("balance").Select((shard, i) => Push(shard, sequence: i + 2))),
            (reply, i) => Assert.Equal((PushVerdict.Applied, (long)i + 2), (reply.Verdict, reply.Clock)));
    }

    [Fact]
    public async Task Shards_and_replicas_are_on_different_silos_after_rebalancing()
    {
        await Configure("pairs", replicas: 1);
        await Configure("alone", replicas: 0);
        // Loads are those of the last seconds: on a slow machine they may be forgotten before anybody has moved.
        var until = TimeProvider.System.GetUtcNow() + Patience;
        for (var round = 0; await Rebalance() == 0; round++)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "nobody moves though all shards are on one silo");
            await Task.WhenAll(All("alone").Select((shard, i) => Push(shard, sequence: i + 2 + round)));
        }
        Assert.All(Enumerable.Range(0, Shards).Select(i => GrainKeys.Shard("pairs", i)), key => Assert.Equal(
            1, SiloOf<IParameterShard>(key) + SiloOf<IShardReplica>(GrainKeys.ReplicaOf(key))));
        Assert.All(
            await Task.WhenAll(All("pairs").Select((shard, i) => Push(shard, sequence: i + 2))),
            (reply, i) => Assert.Equal((PushVerdict.Applied, (long)i + 2), (reply.Verdict, reply.Clock)));
    }

    /// <summary>Shards with different clocks, all on the first silo.</summary>
    private async Task Configure(string job, int replicas)
    {
        var north = _silos[0].Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        for (var i = 0; i < Shards; i++)
        {
            var shard = Grains.GetGrain<IParameterShard>(GrainKeys.Shard(job, i));
            RequestContext.Set(IPlacementDirector.PlacementHintKey, north);
            await shard.Configure(new ShardConfiguration(
                0, i, 4 * i, "asgd", 0.5f, 1, 1, 1000, 0, 0, $"{job}/evaluator", Dense([i, 1, 2, 3]), replicas));
            RequestContext.Clear();
            for (var sequence = 1; sequence <= i + 1; sequence++)
            {
                await Push(shard, sequence);
            }
        }
    }

    private static async Task<PushReply> Push(IParameterShard shard, int sequence)
    {
        var pulled = await shard.Pull(0);
        return await shard.Push(new PushRequest(0, sequence, pulled.Clock, Dense([1, 0, 0, sequence])));
    }

    private static Payload Dense(float[] values)
    {
        var bytes = new byte[DenseCodec.EncodedLength(values.Length)];
        DenseCodec.Encode(values, bytes);
        return new Payload(PayloadFormat.DenseFloat32, values.Length, bytes);
    }

    private IEnumerable<IParameterShard> All(string job) =>
        Enumerable.Range(0, Shards).Select(i => Grains.GetGrain<IParameterShard>(GrainKeys.Shard(job, i)));

    private int OnSouth(string job) =>
        Enumerable.Range(0, Shards).Count(i => SiloOf<IParameterShard>(GrainKeys.Shard(job, i)) == 1);

    private int SiloOf<TGrain>(string key) where TGrain : IGrainWithStringKey => _silos.FindIndex(silo =>
        silo.Services.GetRequiredService<LocalActivations>().Contains(Grains.GetGrain<TGrain>(key).GetGrainId()));

    private async Task<int> Report()
    {
        var moves = 0;
        foreach (var silo in _silos)
        {
            moves += await silo.Services.GetRequiredService<Rebalancer>().ReportAsync();
        }
        return moves;
    }

    /// <summary>Reports until nobody moves any more.</summary>
    /// <returns>Moves.</returns>
    private async Task<int> Rebalance()
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        var all = 0;
        for (var quiet = 0; quiet < 6;)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "the cluster does not come to rest");
            var moves = await Report();
            (all, quiet) = (all + moves, moves == 0 ? quiet + 1 : 0);
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
        return all;
    }
}
