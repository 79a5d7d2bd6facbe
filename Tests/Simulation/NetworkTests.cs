using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

public sealed class NetworkTests
{
    private const int Envelope = 64;

    [Fact]
    public void Between_nodes_without_limits_a_call_takes_no_time()
    {
        using var cluster = Cluster(LinkProfile.Ideal);
        cluster.Run(grains => grains.Get<IEcho>("a").Say("hello"));
        Assert.Equal(TimeSpan.Zero, cluster.Now);
        Assert.Equal(2, cluster.MessageCount);
        Assert.Equal(2, cluster.NetworkMessageCount);
    }

    [Fact]
    public void A_call_takes_the_latency_there_and_back()
    {
        using var cluster = Cluster(new LinkProfile { LatencySeconds = 0.015 });
        cluster.Run(grains => grains.Get<IEcho>("a").Say("hello"));
        Assert.Equal(TimeSpan.FromSeconds(0.030), cluster.Now);
    }

    [Fact]
    public void A_path_may_differ_by_direction()
    {
        using var cluster = Cluster(
            new LinkProfile { From = "client", To = "silo", BothWays = false, LatencySeconds = 0.010 },
            new LinkProfile { LatencySeconds = 0.002 });
        cluster.Run(grains => grains.Get<IEcho>("a").Say("hello"));
        Assert.Equal(TimeSpan.FromSeconds(0.012), cluster.Now);
    }

    [Fact]
    public void A_message_takes_its_encoded_bytes_over_the_bandwidth()
    {
        using var cluster = Cluster(new LinkProfile { BytesPerSecond = 1000 });
        cluster.Run(grains => grains.Get<IEcho>("a").Say(new string('x', 100)));
        // Both ends are occupied at once while the bytes pass: request and reply are 64 + 1 + 100 bytes each.
        Assert.Equal(2 * (Envelope + 101) / 1000.0, cluster.Now.TotalSeconds, 6);
        Assert.Equal(2 * (Envelope + 101), cluster.NetworkBytes);
    }

    [Fact]
    public void Messages_queue_for_the_senders_uplink()
    {
        var client = new NodeProfile { Name = "client", Class = "client", UplinkBytesPerSecond = 1000 };
        using var cluster = Cluster(new NetworkOptions { ClientNode = client });
        cluster.Run(grains => Task.WhenAll(Enumerable.Range(0, 10).Select(i => grains.Get<IEcho>($"{i}").Say(""))));
        Assert.Equal(10 * (Envelope + 1) / 1000.0, cluster.Now.TotalSeconds, 6);
    }

    [Fact]
    public void Messages_queue_for_the_receivers_downlink()
    {
        var client = new NodeProfile { Name = "client", Class = "client", DownlinkBytesPerSecond = 1000 };
        using var cluster = Cluster(new NetworkOptions { ClientNode = client });
        cluster.Run(grains => Task.WhenAll(Enumerable.Range(0, 10).Select(i => grains.Get<IEcho>($"{i}").Say(""))));
        Assert.Equal(10 * (Envelope + 1) / 1000.0, cluster.Now.TotalSeconds, 6);
    }

    [Theory]
    [InlineData(JitterDistribution.Uniform, 0.5)]
    [InlineData(JitterDistribution.Exponential, 1)]
    [InlineData(JitterDistribution.HalfNormal, 0.7979)]
    public void Jitter_has_the_mean_of_its_distribution(JitterDistribution distribution, double mean)
    {
        using var cluster = Cluster(new LinkProfile { JitterSeconds = 1, Jitter = distribution });
        const int calls = 5000;
        cluster.Run(async grains =>
        {
            for (var i = 0; i < calls; i++)
            {
                await grains.Get<IEcho>("a").Say("");
            }
        });
        Assert.Equal(mean, cluster.Now.TotalSeconds / (2 * calls), 0.03);
    }

    [Fact]
    public void Jitter_does_not_reorder_a_path_that_keeps_its_order()
    {
        var link = new LinkProfile { JitterSeconds = 1, Jitter = JitterDistribution.Exponential };
        Assert.Equal(Enumerable.Range(1, 50), Arrivals(link));
        Assert.NotEqual(Enumerable.Range(1, 50), Arrivals(link with { KeepsOrder = false }));
    }

    [Fact]
    public void Messages_get_lost_with_their_probability_and_their_callers_time_out()
    {
        using var cluster = Cluster(new LinkProfile { LossProbability = 0.1 });
        const int calls = 4000;
        var answered = cluster.Run(async grains =>
        {
            var tasks = Enumerable.Range(0, calls).Select(i => grains.Get<IEcho>($"{i}").Say("")).ToArray();
            await Task.WhenAll(tasks).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return tasks.Count(task => task.IsCompletedSuccessfully);
        });
        Assert.Equal(0.81, (double)answered / calls, 0.025);
        Assert.Equal(calls - answered, cluster.LostMessageCount);
        Assert.Equal(calls - answered, cluster.TrafficByMethod().Single().Timeouts);
        Assert.Equal(TimeSpan.FromSeconds(30), cluster.Now);
    }

    [Fact]
    public void Stalls_delay_the_messages_behind_them()
    {
        using var cluster = Cluster(new LinkProfile { StallProbability = 0.5, StallMeanSeconds = 2 });
        cluster.Run(async grains =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await grains.Get<IEcho>("a").Say("");
            }
        });
        Assert.Equal(2, cluster.Now.TotalSeconds / 1000, 0.2);
    }

    [Fact]
    public void No_message_passes_a_partition_and_all_pass_after_it()
    {
        using var cluster = Cluster(LinkProfile.Ideal);
        cluster.Partition("client", "silo", 100);
        cluster.Run(async grains =>
        {
            await Assert.ThrowsAsync<TimeoutException>(() => grains.Get<IEcho>("a").Say("lost"));
            await Task.Delay(TimeSpan.FromSeconds(71), cluster.Time);
            Assert.Equal("there", await grains.Get<IEcho>("a").Say("there"));
        });
        Assert.Equal(1, cluster.LostMessageCount);
    }

    [Fact]
    public void Traffic_is_counted_by_method_and_by_path()
    {
        using var cluster = Cluster(LinkProfile.Ideal);
        cluster.Run(async grains =>
        {
            await grains.Get<ICounter>("a").AddSlowly(1);
            await grains.Get<ICounter>("a").Value();
        });
        var methods = cluster.TrafficByMethod();
        Assert.Equal(["ICounter.AddSlowly", "ICounter.Value", "IEcho.Say"], methods.Select(method => method.Method));
        Assert.Equal(Envelope + 1, methods[0].RequestBytes);
        Assert.Equal(Envelope, methods[1].RequestBytes);
        Assert.Equal(Envelope + 8, methods[2].RequestBytes);
        Assert.Equal(Envelope + 1, methods[0].RequestBytesBetweenNodes);
        Assert.Equal(0, methods[2].RequestBytesBetweenNodes);
        Assert.Equal(Envelope + 1, methods[0].ReplyBytesBetweenNodes);
        Assert.Equal((Envelope + 8, 0), (methods[2].ReplyBytes, methods[2].ReplyBytesBetweenNodes));
        Assert.All(methods, method => Assert.Equal((1, 1, 0), (method.Requests, method.Replies, method.Timeouts)));
        Assert.Equal(
            [new("client", "silo-0", 2, (2 * Envelope) + 1, 0), new("silo-0", "client", 2, (2 * Envelope) + 2, 0)],
            cluster.TrafficByLink());
        Assert.Equal(cluster.NetworkBytes, cluster.Nodes[0].BytesReceived + cluster.Nodes[0].BytesSent);
    }

    /// <summary>The answers of a counter in the order of the calls, which tell the order of arrival.</summary>
    private static int[] Arrivals(LinkProfile link)
    {
        using var cluster = Cluster(link);
        return cluster.Run(grains =>
            Task.WhenAll(Enumerable.Range(0, 50).Select(_ => grains.Get<ICounter>("a").Add(1).AsTask())));
    }

    private static VirtualCluster Cluster(params LinkProfile[] links) => Cluster(new NetworkOptions { Links = links });

    private static VirtualCluster Cluster(NetworkOptions network) =>
        new(new VirtualClusterOptions { Grains = SimulatedHost.TestGrains(), Network = network });
}
