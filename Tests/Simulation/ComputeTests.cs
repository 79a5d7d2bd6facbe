using System.Runtime.CompilerServices;
using Orleans;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

public sealed class ComputeTests
{
    private static readonly NodeProfile Device = new() { Name = "silo-0", FloatingPointOperationsPerSecond = 1e6 };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_computation_takes_its_operations_over_the_nodes_speed(int threads)
    {
        using var cluster = Cluster(Device, threads);
        Assert.Equal(50005000, cluster.Run(grains => grains.Get<ISummer>("a").Sum(10_000, 2.5e6)));
        Assert.Equal(2.5, cluster.Now.TotalSeconds);
        Assert.Equal(2.5, cluster.Nodes[0].ComputeSeconds);
    }

    [Fact]
    public void A_node_does_one_computation_at_a_time_per_core()
    {
        Assert.Equal(6, SecondsOfSix(Device));
        Assert.Equal(3, SecondsOfSix(Device with { Cores = 2 }));
        Assert.Equal(1, SecondsOfSix(Device with { Cores = 6 }));
    }

    [Fact]
    public void A_slow_down_stretches_what_falls_into_it()
    {
        var slow = Device with { SlowDowns = [new SlowDown(1, 4, 0.5), new SlowDown(3, double.PositiveInfinity, 0.5)] };
        using var cluster = Cluster(slow, 1);
        // One second at full speed, two at a half, two at a quarter, then at a half: 1 + 1 + 0.5 + 1 of 3.5 Mflop.
        cluster.Run(grains => grains.Get<ISummer>("a").Sum(1, 3.5e6));
        Assert.Equal(7, cluster.Now.TotalSeconds, 6);
    }

    [Fact]
    public void Many_computations_give_the_same_on_any_number_of_threads()
    {
        var one = Many(1);
        Assert.Equal(one, Many(2));
        Assert.Equal(one, Many(5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_computation_must_not_call_grains(int threads)
    {
        using var cluster = Cluster(Device, threads);
        var failure = Assert.Throws<InvalidOperationException>(
            () => cluster.Run(grains => grains.Get<ITrespasser>("a").Call()));
        Assert.Contains("IComputePool", failure.Message);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void Operations_are_finite_and_not_negative(double operations)
    {
        using var cluster = Cluster(Device, 1);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => cluster.Run(grains => grains.Get<ISummer>("a").Sum(1, operations)));
    }

    private static double SecondsOfSix(NodeProfile node)
    {
        using var cluster = Cluster(node, 2);
        cluster.Run(
            grains => Task.WhenAll(Enumerable.Range(0, 6).Select(i => grains.Get<ISummer>($"{i}").Sum(10, 1e6))));
        return cluster.Now.TotalSeconds;
    }

    private static (ulong Hash, long Sum) Many(int threads)
    {
        using var cluster = Cluster(Device with { Cores = 50 }, threads);
        var sums = cluster.Run(grains => Task.WhenAll(
            Enumerable.Range(0, 500).Select(
                i => grains.Get<ISummer>($"{i % 100}").Sum(1000 + i, (i * 7919 % 101) * 1e4))));
        return (cluster.TraceHash, sums.Sum());
    }

    [Fact]
    public void A_planned_slow_down_slows_its_node()
    {
        var node = new NodeProfile { Name = "slow", FloatingPointOperationsPerSecond = 1e3 };
        using var cluster = new VirtualCluster(new VirtualClusterOptions
        {
            Grains = SimulatedHost.TestGrains(),
            Nodes = [node],
            Faults = new() { SlowDowns = [new SlowDownFault("slow", new SlowDown(0, 10, 0.25))] },
        });
        cluster.Run(grains => grains.Get<ISummer>("a").Sum(10, 1e3));
        Assert.Equal(4, cluster.Now.TotalSeconds, 1e-6);
    }

    private static VirtualCluster Cluster(NodeProfile node, int threads) => new(new VirtualClusterOptions
    {
        Grains = SimulatedHost.TestGrains(),
        Nodes = [node],
        DegreeOfParallelism = threads,
    });
}

/// <summary>Does what grains must not do.</summary>
public interface ITrespasser : IGrainWithStringKey
{
    /// <summary>Calls a grain from a computation.</summary>
    Task<string> Call();

    /// <summary>Goes on, on a thread of the pool.</summary>
    Task Leave();
}

public sealed class TrespasserGrain(IGrains grains, IComputePool compute) : ITrespasser
{
    public Task<string> Call() => compute.Run(() => grains.Get<IEcho>("echo").Say("trespass").Status.ToString(), 1);

    public async Task Leave()
    {
        await default(AnotherThread);
        await grains.Get<IEcho>("echo").Say("never");
    }
}

/// <summary>
/// What is awaited is never complete at once, as that of a task may be: another thread resumes the caller.
/// </summary>
internal readonly struct AnotherThread : INotifyCompletion
{
    public bool IsCompleted => false;

    public AnotherThread GetAwaiter() => this;

    public void OnCompleted(Action continuation)
    {
        var context = SynchronizationContext.Current!;
        ThreadPool.QueueUserWorkItem(_ => context.Post(_ => continuation(), null));
    }

    public void GetResult()
    {
    }
}
