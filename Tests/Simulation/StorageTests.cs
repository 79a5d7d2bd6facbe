using Orleans;
using Orleans.Runtime;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Storage;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

/// <summary>Keeps two states of one name in two stores.</summary>
public interface ITwoStores : IGrainWithStringKey
{
    Task<string> Keep(string one, string other);

    /// <summary>Whether the thread before a write is the one after it, where no context was captured.</summary>
    Task<bool> KeepsItsThread();
}

public sealed class TwoStores(
    [PersistentState("kept", "first")] IPersistentState<Kept> first,
    [PersistentState("kept", "second")] IPersistentState<Kept> second) : ITwoStores
{
    public async Task<string> Keep(string one, string other)
    {
        first.State.Items.Add(one);
        await first.WriteStateAsync();
        second.State.Items.Add(other);
        await second.WriteStateAsync();
        await first.ReadStateAsync();
        return string.Join(" ", first.State.Items);
    }

    public async Task<bool> KeepsItsThread()
    {
        var before = Environment.CurrentManagedThreadId;
        await first.WriteStateAsync().ConfigureAwait(false);
        return before == Environment.CurrentManagedThreadId;
    }
}

public sealed class StorageTests
{
    [Fact]
    public void States_of_one_name_in_two_stores_are_two()
    {
        using var cluster = Cluster(new StorageOptions());
        Assert.Equal("a", cluster.Run(grains => grains.Get<ITwoStores>("key").Keep("a", "b")));
    }

    [Fact]
    public void What_follows_an_operation_stays_on_the_thread_even_if_it_has_left_its_grain()
    {
        using var cluster = Cluster(new StorageOptions { LatencySeconds = 0.5 });
        Assert.True(cluster.Run(grains => grains.Get<ITwoStores>("key").KeepsItsThread()));
    }

    [Fact]
    public void Operations_take_their_latency_and_the_time_of_their_bytes()
    {
        using var cluster = Cluster(new StorageOptions { LatencySeconds = 0.5, BytesPerSecond = 10 });
        cluster.Run(grains => grains.Get<IKeeper>("a").Items());
        Assert.Equal(0.5, cluster.Now.TotalSeconds);
        cluster.Run(grains => grains.Get<IKeeper>("a").Add("abc"));
        // Items: header, count, length, 3; Counts: header, count, the pair's two headers, 4 + 1, end; end of the object.
        Assert.Equal(0.5 + 0.5 + ((1 + 1 + 4 + 1 + 1 + 2 + 4 + 1 + 1 + 1) / 10.0), cluster.Now.TotalSeconds, 6);
    }

    [Fact]
    public void Failed_writes_change_nothing_in_the_store()
    {
        using var cluster = Cluster(new StorageOptions { WriteFailureProbability = 0.3 });
        var (written, failed) = cluster.Run(async grains =>
        {
            var keeper = grains.Get<IKeeper>("a");
            var (written, failed) = (new List<string>(), 0);
            for (var i = 0; i < 300; i++)
            {
                try
                {
                    await keeper.Reload();
                    await keeper.Add($"{i}");
                    written.Add($"{i}");
                }
                catch (StorageFaultException)
                {
                    failed++;
                }
            }
            Assert.Equal(string.Join(" ", written), await keeper.Reload());
            return (written.Count, failed);
        });
        Assert.Equal(300, written + failed);
        Assert.InRange(failed, 60, 120);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void A_grain_whose_state_cannot_be_read_fails_its_callers_and_is_tried_anew(double latency)
    {
        using var cluster = Cluster(new StorageOptions { ReadFailureProbability = 0.5, LatencySeconds = latency });
        var failures = cluster.Run(async grains =>
        {
            var failures = 0;
            for (var i = 0; i < 200; i++)
            {
                try
                {
                    Assert.Equal("", await grains.Get<IKeeper>($"{i}").Items());
                }
                catch (StorageFaultException)
                {
                    failures++;
                    i--;
                }
            }
            return failures;
        });
        Assert.InRange(failures, 120, 290);
        Assert.Equal(200, cluster.ActivationCount);
    }

    [Fact]
    public void Requests_wait_until_the_state_is_read()
    {
        using var cluster = Cluster(new StorageOptions { LatencySeconds = 1 });
        var counts = cluster.Run(
            grains => Task.WhenAll(Enumerable.Range(0, 3).Select(i => grains.Get<IKeeper>("a").Add($"{i}"))));
        Assert.Equal([1, 2, 3], counts);
        Assert.Equal(4, cluster.Now.TotalSeconds);
    }

    [Fact]
    public void A_write_on_its_way_is_done_although_its_writer_crashes()
    {
        using var cluster = Cluster(new StorageOptions { LatencySeconds = 1 });
        var add = cluster.Client.Get<IKeeper>("a").Add("x");
        cluster.RunFor(TimeSpan.FromSeconds(1.5));
        cluster.CrashNode("silo-0");
        cluster.RunFor(TimeSpan.FromSeconds(60));
        cluster.RestartNode("silo-0");
        Assert.IsType<TimeoutException>(add.Exception?.InnerException);
        Assert.Equal("x", cluster.Run(grains => grains.Get<IKeeper>("a").Items()));
    }

    /// <summary>The dead one's large write takes longer than its successor's life so far.</summary>
    [Fact]
    public void A_write_of_a_dead_grain_does_not_undo_what_its_successor_has_written()
    {
        using var cluster = Cluster(new StorageOptions { BytesPerSecond = 10 });
        _ = cluster.Client.Get<IKeeper>("a").Add(new string('x', 300));
        cluster.RunFor(TimeSpan.FromSeconds(1));
        cluster.CrashNode("silo-0");
        cluster.RestartNode("silo-0");
        cluster.Run(grains => grains.Get<IKeeper>("a").Add("y"));
        cluster.RunFor(TimeSpan.FromSeconds(100));
        Assert.Equal("y", cluster.Run(grains => grains.Get<IKeeper>("a").Reload()));
    }

    [Fact]
    public void A_write_whose_answer_is_lost_is_done_and_must_be_read_before_the_next()
    {
        using var cluster = Cluster(new StorageOptions { LostAnswerProbability = 1 });
        cluster.Run(async grains =>
        {
            var keeper = grains.Get<IKeeper>("a");
            await Assert.ThrowsAsync<StorageFaultException>(() => keeper.Add("x"));
            await Assert.ThrowsAsync<StorageFaultException>(() => keeper.Add("refused"));
            Assert.Equal("x", await keeper.Reload());
            await Assert.ThrowsAsync<StorageFaultException>(() => keeper.Add("y"));
            Assert.Equal("x y", await keeper.Reload());
        });
    }

    private static VirtualCluster Cluster(StorageOptions storage) =>
        new(new VirtualClusterOptions { Grains = SimulatedHost.TestGrains(), Storage = storage });
}
