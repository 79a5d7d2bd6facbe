using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Cluster;

public sealed class OrleansTurnTests(TwoSilos cluster) : TurnContract
{
    protected override IGrainHost CreateHost() => new ClusterHost(cluster);
}

public sealed class OrleansTimerTests(TwoSilos cluster) : TimerContract
{
    protected override IGrainHost CreateHost() => new ClusterHost(cluster);
}

public sealed class OrleansExceptionTests(TwoSilos cluster) : ExceptionContract
{
    protected override IGrainHost CreateHost() => new ClusterHost(cluster);
}

public sealed class OrleansDeliveryTests(TwoSilos cluster) : DeliveryContract
{
    protected override IGrainHost CreateHost() => new ClusterHost(cluster);
}

public sealed class OrleansPersistenceTests(TwoSilos cluster) : PersistenceContract
{
    protected override IGrainHost CreateHost() => new ClusterHost(cluster);
}

public sealed class OrleansOffloadingContractTests(TwoSilos cluster) : OffloadingContract
{
    protected override IGrainHost CreateHost() => new ClusterHost(cluster);
}

public sealed class OrleansTrainingContractTests(TwoSilos cluster) : TrainingContract
{
    protected override IGrainHost CreateHost() => new ClusterHost(cluster);
}
