using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Storage;
using OrleansEdge.Simulation.Tracing;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

public sealed class TraceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void One_seed_gives_one_trace_on_any_number_of_cores(ulong seed)
    {
        var one = Storm(seed, threads: 1);
        Assert.Equal(one, Storm(seed, threads: 1));
        Assert.Equal(one, Storm(seed, threads: 2));
        Assert.Equal(one, Storm(seed, threads: 6));
    }

    [Fact]
    public void Different_seeds_give_different_traces() =>
        Assert.Equal(8, Enumerable.Range(1, 8).Select(seed => Storm((ulong)seed, threads: 1).Hash).Distinct().Count());

    [Fact]
    public void The_content_of_messages_is_in_the_hash()
    {
        Assert.NotEqual(HashOf(grains => grains.Say("ab")), HashOf(grains => grains.Say("ba")));
        Assert.Equal(HashOf(grains => grains.Say("ab")), HashOf(grains => grains.Say("ab")));
    }

    [Fact]
    public void The_trace_shows_what_happened()
    {
        var events = new List<TraceEvent>();
        using var cluster = new VirtualCluster(new VirtualClusterOptions
        {
            Grains = SimulatedHost.TestGrains(),
            Trace = events.Add,
            Network = new NetworkOptions { DefaultLink = new LinkProfile { LatencySeconds = 0.01 } },
        });
        cluster.Run(async grains =>
        {
            await grains.Get<IPlanner>("p").Plan(["a"], [TimeSpan.FromSeconds(1)]);
            await grains.Get<ISummer>("s").Sum(10, 1e10);
        });
        Assert.Equal(
            [
                (0.01, TraceEventKind.Request, "the client", "PlannerGrain p", "IPlanner.Plan"),
                (0.02, TraceEventKind.Reply, "PlannerGrain p", "the client", "IPlanner.Plan"),
                (0.03, TraceEventKind.Request, "the client", "SummerGrain s", "ISummer.Sum"),
                (1.01, TraceEventKind.Timer, "PlannerGrain p", "PlannerGrain p", ""),
                (1.03, TraceEventKind.Computation, "SummerGrain s", "SummerGrain s", ""),
                (1.04, TraceEventKind.Reply, "SummerGrain s", "the client", "ISummer.Sum"),
            ],
            events.Select(line => (line.Time.TotalSeconds, line.Kind, line.Source, line.Target, line.Method)));
        Assert.Equal(cluster.TraceHash, events[^1].HashAfter);
    }

    private static ulong HashOf(Func<IEcho, Task> call)
    {
        using var cluster = new VirtualCluster(new VirtualClusterOptions { Grains = SimulatedHost.TestGrains() });
        cluster.Run(grains => call(grains.Get<IEcho>("a")));
        return cluster.TraceHash;
    }

    /// <summary>Every kind of fault at once, and computations, on phones and silos.</summary>
    private static (ulong Hash, long Messages, long Nanoseconds, int Crashes) Storm(ulong seed, int threads)
    {
        NodeProfile[] nodes =
        [
            new() { Name = "silo-0" }, new() { Name = "silo-1" },
            .. CrashTests.Phones(40).Select(phone => phone with { FloatingPointOperationsPerSecond = 1e6 }),
        ];
        var rates = new FaultRates
        {
            MeanSecondsBetweenCrashes = 20,
            MeanDownSeconds = 3,
            MeanSecondsBetweenPartitions = 20,
            MeanSecondsBetweenSlowDowns = 5,
        };
        var crashes = new CrashAfterCall
        {
            Interface = typeof(ICounter),
            Method = nameof(ICounter.Add),
            Probability = 0.01,
            RestartAfterSeconds = 1,
        };
        using var cluster = new VirtualCluster(new VirtualClusterOptions
        {
            Seed = seed,
            Nodes = nodes,
            Grains = SimulatedHost.TestGrains(),
            Placement = new PinnedPlacement((type, key) => type == typeof(StormGrain) ? key : null),
            Messages = new MessageOptions { ResponseTimeout = TimeSpan.FromSeconds(2) },
            Storage = new StorageOptions { LatencySeconds = 0.001, WriteFailureProbability = 0.05 },
            Network = new NetworkOptions { Links = [StormLink] },
            Faults = FaultPlan.Draw(rates, nodes, seed, 20).With(new FaultPlan { CrashesAfterCalls = [crashes] }),
            DeactivateAfter = TimeSpan.FromSeconds(4),
            DegreeOfParallelism = threads,
        });
        foreach (var phone in nodes.Skip(2))
        {
            _ = cluster.Client.Get<IStorm>(phone.Name).Begin(seed);
        }
        cluster.RunFor(TimeSpan.FromSeconds(20));
        Assert.True(cluster.MessageCount > 1000, $"{cluster.MessageCount} messages");
        return (cluster.TraceHash, cluster.MessageCount, cluster.Now.Ticks, cluster.Crashes.Count);
    }

    private static LinkProfile StormLink { get; } = new()
    {
        LatencySeconds = 0.005,
        JitterSeconds = 0.01,
        Jitter = JitterDistribution.Exponential,
        BytesPerSecond = 1e5,
        LossProbability = 0.01,
        StallProbability = 0.001,
        StallMeanSeconds = 0.5,
    };
}
