using OrleansEdge.Core;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Offloading;
using OrleansEdge.Simulation.Storage;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

public sealed class OptionsTests
{
    private static readonly VirtualClusterOptions Fine = new();
    private static readonly NodeProfile Node = new() { Name = "n" };

    public static TheoryData<string, VirtualClusterOptions> Wrong => new()
    {
        { "Nodes is empty", Fine with { Nodes = [] } },
        { "the name n", Fine with { Nodes = [Node, Node] } },
        { "the name client", Fine with { Nodes = [Node with { Name = "client" }] } },
        { "Name is empty", Fine with { Nodes = [Node with { Name = " " }] } },
        { "node n: FloatingPointOperationsPerSecond is 0", Fine with { Nodes = [Node with { FloatingPointOperationsPerSecond = 0 }] } },
        { "node n: Cores is 0", Fine with { Nodes = [Node with { Cores = 0 }] } },
        { "node n: Capacity is -1", Fine with { Nodes = [Node with { Capacity = -1 }] } },
        { "UplinkBytesPerSecond is NaN", Fine with { Nodes = [Node with { UplinkBytesPerSecond = double.NaN }] } },
        { "DownlinkBytesPerSecond is 0", Fine with { Nodes = [Node with { DownlinkBytesPerSecond = 0 }] } },
        { "Factor is 2", Fine with { Nodes = [Node with { SlowDowns = [new SlowDown(0, 1, 2)] }] } },
        { "Factor is 0", Fine with { Nodes = [Node with { SlowDowns = [new SlowDown(0, 1, 0)] }] } },
        { "StartSeconds is -1", Fine with { Nodes = [Node with { SlowDowns = [new SlowDown(-1, 1, 1)] }] } },
        { "DurationSeconds is -1", Fine with { Nodes = [Node with { SlowDowns = [new SlowDown(0, -1, 1)] }] } },
        { "LossProbability is 1.5", Links(new LinkProfile { LossProbability = 1.5 }) },
        { "LatencySeconds is -1", Links(new LinkProfile { LatencySeconds = -1 }) },
        { "JitterSeconds is Infinity", Links(new LinkProfile { JitterSeconds = double.PositiveInfinity }) },
        { "BytesPerSecond is 0", Links(new LinkProfile { BytesPerSecond = 0 }) },
        { "StallProbability is -0.1", Links(new LinkProfile { StallProbability = -0.1 }) },
        { "StallMeanSeconds is -1", Links(new LinkProfile { StallMeanSeconds = -1 }) },
        { "Jitter is 7", Links(new LinkProfile { Jitter = (JitterDistribution)7 }) },
        { "LossProbability is 2", Fine with { Network = new NetworkOptions { DefaultLink = new() { LossProbability = 2 } } } },
        { "node c: Cores is 0", Fine with { Network = new NetworkOptions { ClientNode = Node with { Name = "c", Cores = 0 } } } },
        { "EnvelopeBytes is -1", Fine with { Network = new NetworkOptions { EnvelopeBytes = -1 } } },
        { "ResponseTimeout is 00:00:00", Fine with { Messages = new MessageOptions { ResponseTimeout = TimeSpan.Zero } } },
        { "RejectionDelay", Fine with { Messages = new MessageOptions { RejectionDelay = TimeSpan.FromSeconds(-1) } } },
        { "FailureDetection", Fine with { Messages = new MessageOptions { FailureDetection = TimeSpan.FromSeconds(-1) } } },
        { "WriteFailureProbability is 2", Fine with { Storage = new StorageOptions { WriteFailureProbability = 2 } } },
        { "ReadFailureProbability is 2", Fine with { Storage = new StorageOptions { ReadFailureProbability = 2 } } },
        { "LostAnswerProbability is 2", Fine with { Storage = new StorageOptions { LostAnswerProbability = 2 } } },
        { "LatencySeconds is -1", Fine with { Storage = new StorageOptions { LatencySeconds = -1 } } },
        { "BytesPerSecond is 0", Fine with { Storage = new StorageOptions { BytesPerSecond = 0 } } },
        { "DegreeOfParallelism is -1", Fine with { DegreeOfParallelism = -1 } },
        { "ProgressInterval is 0", Fine with { ProgressInterval = 0 } },
        { "DeactivateAfter", Fine with { DeactivateAfter = TimeSpan.Zero } },
        { "no node x", Faults(new FaultPlan { Crashes = [new CrashFault("x", 1)] }) },
        { "AtSeconds is -1", Faults(new FaultPlan { Crashes = [new CrashFault("silo-0", -1)] }) },
        { "RestartAfterSeconds is -1", Faults(new FaultPlan { Crashes = [new CrashFault("silo-0", 1, -1)] }) },
        { "AtSeconds is NaN", Faults(new FaultPlan { Partitions = [new PartitionFault("*", "*", double.NaN, 1)] }) },
        { "DurationSeconds is -1", Faults(new FaultPlan { Partitions = [new PartitionFault("*", "*", 1, -1)] }) },
        { "nobody is neither", Faults(new FaultPlan { Partitions = [new PartitionFault("*", "nobody", 1, 1)] }) },
        { "no node y", Faults(new FaultPlan { SlowDowns = [new SlowDownFault("y", new SlowDown(0, 1, 1))] }) },
        { "slow-down of silo-0: Factor is 2", Faults(new FaultPlan { SlowDowns = [new SlowDownFault("silo-0", new SlowDown(0, 1, 2))] }) },
        { "nobody is neither", Faults(new FaultPlan { Partitions = [new PartitionFault("nobody", "*", 1, 1)] }) },
        { "no method Shout", Faults(new FaultPlan { CrashesAfterCalls = [After("Shout", 0.1)] }) },
        { "Probability is -1", Faults(new FaultPlan { CrashesAfterCalls = [After(nameof(IEcho.Say), -1)] }) },
        { "nobody is neither", Faults(new FaultPlan { CrashesAfterCalls = [After(nameof(IEcho.Say), 1) with { Nodes = "nobody" }] }) },
        { "RestartAfterSeconds is -1", Faults(new FaultPlan { CrashesAfterCalls = [After(nameof(IEcho.Say), 1) with { RestartAfterSeconds = -1 }] }) },
    };

    /// <summary>At the end of each range.</summary>
    public static TheoryData<VirtualClusterOptions> Allowed =>
    [
        Fine with { Nodes = [Node with { Cores = 1, SlowDowns = [new SlowDown(0, double.PositiveInfinity, 1)] }] },
        Links(new LinkProfile { LossProbability = 1, StallProbability = 1, LatencySeconds = 0, StallMeanSeconds = 0 }),
        Fine with { Network = new NetworkOptions { EnvelopeBytes = 0 } },
        Fine with { Messages = new MessageOptions { ResponseTimeout = Timeout.InfiniteTimeSpan, RejectionDelay = TimeSpan.Zero, FailureDetection = TimeSpan.Zero } },
        Fine with { Storage = new StorageOptions { WriteFailureProbability = 1, ReadFailureProbability = 1, LostAnswerProbability = 1 } },
        Fine with { DegreeOfParallelism = 0, ProgressInterval = 1, DeactivateAfter = TimeSpan.FromTicks(1) },
        Faults(new FaultPlan { Crashes = [new CrashFault("silo-0", 0, 0)], Partitions = [new PartitionFault("*", "client", 0, double.PositiveInfinity)] }),
    ];

    [Theory]
    [MemberData(nameof(Allowed), DisableDiscoveryEnumeration = true)]
    public void The_end_of_a_range_is_within(VirtualClusterOptions options)
    {
        using var cluster = new VirtualCluster(options);
        Assert.Equal(TimeSpan.Zero, cluster.Now);
    }

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_wrong_option_is_named_with_its_value(string part, VirtualClusterOptions options)
    {
        var failure = Assert.Throws<OrleansEdgeException>(() => new VirtualCluster(options));
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.Contains(part, failure.Message);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void A_wrong_rate_of_faults_is_named_with_its_value()
    {
        var infinite = double.PositiveInfinity;
        foreach (var (part, rates) in (ReadOnlySpan<(string, FaultRates)>)
        [
            ("MeanSecondsBetweenCrashes is 0", new() { MeanSecondsBetweenCrashes = 0 }),
            ("MeanDownSeconds is -1", new() { MeanDownSeconds = -1 }),
            ("MeanSecondsBetweenPartitions is NaN", new() { MeanSecondsBetweenPartitions = double.NaN }),
            ("MeanPartitionSeconds is Infinity", new() { MeanPartitionSeconds = infinite }),
            ("MeanSecondsBetweenSlowDowns is 0", new() { MeanSecondsBetweenSlowDowns = 0 }),
            ("MeanSlowDownSeconds is -1", new() { MeanSlowDownSeconds = -1 }),
            ("LeastSlowDownFactor is 0", new() { LeastSlowDownFactor = 0 }),
            ("LeastSlowDownFactor is 1.5", new() { LeastSlowDownFactor = 1.5 }),
        ])
        {
            var failure = Assert.Throws<OrleansEdgeException>(() => FaultPlan.Draw(rates, [Node], seed: 1, horizonSeconds: 10));
            Assert.Contains($"FaultRates: {part}; expected ", failure.Message);
        }
        Assert.Throws<OrleansEdgeException>(() => FaultPlan.Draw(new(), [Node], seed: 1, horizonSeconds: -1));
        Assert.Empty(FaultPlan.Draw(new(), [Node], seed: 1, horizonSeconds: 0).Crashes);
        Assert.Throws<OrleansEdgeException>(() => new OffloadingFleet { RetryAfterSeconds = 0 }.Validate());
        Assert.Throws<OrleansEdgeException>(() => new OffloadingFleet { GroupSilos = 0 }.Validate());
    }

    private static VirtualClusterOptions Links(LinkProfile link) =>
        Fine with { Network = new NetworkOptions { Links = [link] } };

    private static VirtualClusterOptions Faults(FaultPlan plan) => Fine with { Faults = plan };

    private static CrashAfterCall After(string method, double probability) =>
        new() { Interface = typeof(IEcho), Method = method, Probability = probability };
}
