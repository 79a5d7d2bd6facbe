using Orleans;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

public sealed class ActivationTests
{
    private static readonly VirtualClusterOptions Options = new() { Grains = SimulatedHost.TestGrains() };

    [Fact]
    public void A_call_allocates_less_than_half_a_KiB()
    {
        using var cluster = new VirtualCluster(Options);
        Calls(cluster, 10_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Calls(cluster, 10_000);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 10_000.0, 0, 512);
    }

    [Fact]
    public void Idle_grains_are_let_go_and_come_back_empty()
    {
        using var cluster = new VirtualCluster(Options with { DeactivateAfter = TimeSpan.FromSeconds(10) });
        cluster.Run(async grains =>
        {
            await grains.Get<ICounter>("idle").Add(1);
            await grains.Get<IPlanner>("planned").Plan(["a"], [TimeSpan.FromSeconds(100)]);
            for (var i = 0; i < 10; i++)
            {
                await grains.Get<ICounter>("busy").Add(1);
                await Task.Delay(TimeSpan.FromSeconds(5), cluster.Time);
            }
            Assert.Equal(2, cluster.ActivationCount);
            Assert.Equal(0, await grains.Get<ICounter>("idle").Value());
            Assert.Equal(10, await grains.Get<ICounter>("busy").Value());
        });
    }

    [Fact]
    public void A_grain_is_idle_from_the_end_of_its_last_request()
    {
        using var cluster = new VirtualCluster(Options with { DeactivateAfter = TimeSpan.FromSeconds(10) });
        var notes = cluster.Run(async grains =>
        {
            var planner = grains.Get<IPlanner>("long");
            await planner.Work("a", TimeSpan.FromSeconds(30));
            await Task.Delay(TimeSpan.FromSeconds(5), cluster.Time);
            return await planner.Notes();
        });
        Assert.Equal("+a -a", notes);
    }

    [Fact]
    public void An_idle_grain_that_is_disposable_is_disposed()
    {
        var log = new List<string>();
        using var cluster = new VirtualCluster(Options with
        {
            DeactivateAfter = TimeSpan.FromSeconds(1),
            Services = new ServiceTable().Add(log),
        });
        cluster.Run(grains => grains.Get<IClosing>("a").Touch());
        cluster.Run(_ => Task.Delay(TimeSpan.FromSeconds(5), cluster.Time));
        Assert.Equal(["made a", "closed a"], log);
    }

    [Fact]
    public void Services_are_injected_by_type_and_may_differ_by_node()
    {
        using var cluster = new VirtualCluster(Options with
        {
            Services = new ServiceTable().Add(
                (key, node) => new List<string> { $"{node.Name} made this for {key.Value}" }),
        });
        Assert.Equal("silo-0 made this for a, made a", cluster.Run(grains => grains.Get<IClosing>("a").Touch()));
    }

    [Fact]
    public void A_missing_service_is_named()
    {
        using var cluster = new VirtualCluster(Options);
        var failure = Assert.Throws<InvalidOperationException>(
            () => cluster.Run(grains => grains.Get<IClosing>("a").Touch()));
        Assert.Contains("log", failure.Message);
        Assert.Contains(nameof(ClosingGrain), failure.Message);
    }

    [Fact]
    public void An_interface_with_two_classes_is_refused()
    {
        var classes = new GrainClasses().Add<OddGrain>();
        var refused = Assert.Throws<ArgumentException>(() => classes.Add<AnotherOddGrain<int>>());
        Assert.Contains(nameof(OddGrain), refused.Message);
        Assert.Contains("AnotherOddGrain", refused.Message);
        classes.Add<OddGrain>(); // the same again is none
    }

    [Fact]
    public void An_interface_without_a_class_is_named()
    {
        using var cluster = new VirtualCluster(new VirtualClusterOptions());
        var failure = Assert.Throws<InvalidOperationException>(() => cluster.Client.Get<IEcho>("a"));
        Assert.Contains(nameof(IEcho), failure.Message);
    }

    [Fact]
    public void An_interface_that_no_grain_can_have_is_refused()
    {
        using var cluster =
            new VirtualCluster(new VirtualClusterOptions { Grains = new GrainClasses().Add<OddGrain>() });
        var failure = Assert.Throws<InvalidOperationException>(() => cluster.Client.Get<IOdd>("a"));
        Assert.Contains(nameof(IOdd.Wait), failure.Message);
    }

    [Fact]
    public void A_grain_may_have_several_interfaces_and_pass_references_on()
    {
        using var cluster =
            new VirtualCluster(new VirtualClusterOptions { Grains = new GrainClasses().Add<TwoFacedGrain>() });
        cluster.Run(async grains =>
        {
            await grains.Get<IOneFace>("a").Set(7);
            Assert.Equal(7, await grains.Get<IOtherFace>("a").GetOf(grains.Get<IOtherFace>("a")));
            Assert.Equal(grains.Get<IOneFace>("a"), grains.Get<IOneFace>("a"));
        });
        Assert.Equal(1, cluster.ActivationCount);
    }

    private static void Calls(VirtualCluster cluster, int count) => cluster.Run(async grains =>
    {
        var counter = grains.Get<ICounter>("a");
        for (var i = 0; i < count; i++)
        {
            await counter.Value();
        }
    });
}

public interface IClosing : IGrainWithStringKey
{
    Task<string> Touch();
}

public sealed class ClosingGrain : IClosing, IDisposable
{
    private readonly GrainKey _key;
    private readonly List<string> _log;

    public ClosingGrain(GrainKey key, List<string> log)
    {
        (_key, _log) = (key, log);
        _log.Add($"made {key.Value}");
    }

    public Task<string> Touch() => Task.FromResult(string.Join(", ", _log));

    public void Dispose() => _log.Add($"closed {_key.Value}");
}

internal interface IOdd : IGrainWithStringKey
{
    int Wait();
}

internal sealed class OddGrain : IOdd
{
    public int Wait() => 1;
}

/// <summary>Open types are not found in an assembly.</summary>
internal sealed class AnotherOddGrain<T> : IOdd
{
    public int Wait() => 2;
}

internal interface IOneFace : IGrainWithStringKey
{
    Task Set(int value);
}

internal interface IOtherFace : IGrainWithStringKey
{
    Task<int> Get();

    ValueTask<int> GetOf(IOtherFace other);
}

[Orleans.Concurrency.Reentrant]
internal sealed class TwoFacedGrain : IOneFace, IOtherFace
{
    private int _value;

    public Task Set(int value)
    {
        _value = value;
        return Task.CompletedTask;
    }

    public Task<int> Get() => Task.FromResult(_value);

    public async ValueTask<int> GetOf(IOtherFace other) => await other.Get();
}
