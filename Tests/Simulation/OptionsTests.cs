using OrleansEdge.Core;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Network;
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
        { "LossProbability is 1.5", Links(new LinkProfile { LossProbability = 1.5 }) },
        { "LatencySeconds is -1", Links(new LinkProfile { LatencySeconds = -1 }) },
        { "JitterSeconds is Infinity", Links(new LinkProfile { JitterSeconds = double.PositiveInfinity }) },
        { "BytesPerSecond is 0", Links(new LinkProfile { BytesPerSecond = 0 }) },
        { "StallProbability is -0.1", Links(new LinkProfile { StallProbability = -0.1 }) },
        { "EnvelopeBytes is -1", Fine with { Network = new NetworkOptions { EnvelopeBytes = -1 } } },
        { "ResponseTimeout is 00:00:00", Fine with { Messages = new MessageOptions { ResponseTimeout = TimeSpan.Zero } } },
        { "RejectionDelay", Fine with { Messages = new MessageOptions { RejectionDelay = TimeSpan.FromSeconds(-1) } } },
        { "WriteFailureProbability is 2", Fine with { Storage = new StorageOptions { WriteFailureProbability = 2 } } },
        { "DegreeOfParallelism is -1", Fine with { DegreeOfParallelism = -1 } },
        { "ProgressInterval is 0", Fine with { ProgressInterval = 0 } },
        { "DeactivateAfter", Fine with { DeactivateAfter = TimeSpan.Zero } },
        { "no node x", Faults(new FaultPlan { Crashes = [new CrashFault("x", 1)] }) },
        { "AtSeconds is -1", Faults(new FaultPlan { Crashes = [new CrashFault("silo-0", -1)] }) },
        { "nobody is neither", Faults(new FaultPlan { Partitions = [new PartitionFault("nobody", "*", 1, 1)] }) },
        { "no method Shout", Faults(new FaultPlan { CrashesAfterCalls = [After("Shout", 0.1)] }) },
        { "Probability is -1", Faults(new FaultPlan { CrashesAfterCalls = [After(nameof(IEcho.Say), -1)] }) },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_wrong_option_is_named_with_its_value(string part, VirtualClusterOptions options)
    {
        var failure = Assert.Throws<OrleansEdgeException>(() => new VirtualCluster(options));
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.Contains(part, failure.Message);
        Assert.DoesNotContain('\n', failure.Message);
    }

    private static VirtualClusterOptions Links(LinkProfile link) =>
        Fine with { Network = new NetworkOptions { Links = [link] } };

    private static VirtualClusterOptions Faults(FaultPlan plan) => Fine with { Faults = plan };

    private static CrashAfterCall After(string method, double probability) =>
        new() { Interface = typeof(IEcho), Method = method, Probability = probability };
}
