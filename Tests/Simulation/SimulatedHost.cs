using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Training;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

/// <summary>The virtual cluster as a host of the contract suites.</summary>
internal sealed class SimulatedHost(VirtualClusterOptions options) : IGrainHost
{
    public SimulatedHost()
        : this(new VirtualClusterOptions { Grains = TestGrains() })
    {
    }

    public VirtualCluster Cluster { get; } = new(options);

    public TimeProvider Time => Cluster.Time;

    public TimeSpan ResponseTimeout { get; } = options.Messages.ResponseTimeout;

    public static GrainClasses TestGrains() => new GrainClasses().AddGrains(typeof(SimulatedHost).Assembly);

    /// <summary>The product's own grains on two silos, whose storage takes its time.</summary>
    public static VirtualClusterOptions Product => new()
    {
        Nodes = [new() { Name = "north" }, new() { Name = "south" }],
        Grains = new GrainClasses().AddGrains(typeof(Worker).Assembly),
        Storage = new() { LatencySeconds = 0.002 },
        Services = new ServiceTable()
            .Add(new WorkerData(new DataCatalog([]))).Add(new ModelPool()).Add(new GradientWorkspaces()),
    };

    public static SimulatedHost OfProduct() => new(Product);

    public Task<T> Run<T>(Func<IGrains, Task<T>> client) => Task.FromResult(Cluster.Run(client));

    public void Dispose() => Cluster.Dispose();
}

public sealed class SimulatedTurnTests : TurnContract
{
    protected override IGrainHost CreateHost() => new SimulatedHost();
}

public sealed class SimulatedTimerTests : TimerContract
{
    protected override IGrainHost CreateHost() => new SimulatedHost();
}

public sealed class SimulatedExceptionTests : ExceptionContract
{
    protected override IGrainHost CreateHost() => new SimulatedHost();
}

public sealed class SimulatedDeliveryTests : DeliveryContract
{
    protected override IGrainHost CreateHost() => new SimulatedHost();
}

public sealed class SimulatedPersistenceTests : PersistenceContract
{
    protected override IGrainHost CreateHost() => new SimulatedHost();
}

public sealed class SimulatedOffloadingContractTests : OffloadingContract
{
    protected override IGrainHost CreateHost() => SimulatedHost.OfProduct();
}

public sealed class SimulatedTrainingContractTests : TrainingContract
{
    protected override IGrainHost CreateHost() => SimulatedHost.OfProduct();
}
