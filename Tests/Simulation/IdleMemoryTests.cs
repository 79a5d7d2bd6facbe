using OrleansEdge.Simulation;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

[Collection(nameof(WholeHeap))]
public sealed class IdleMemoryTests
{
    [Fact]
    public void An_idle_grain_costs_less_than_half_a_KiB()
    {
        const int count = 20_000;
        using var cluster = new VirtualCluster(new VirtualClusterOptions { Grains = SimulatedHost.TestGrains() });
        cluster.Run(grains => grains.Get<ICounter>("warm").Value());
        var before = GC.GetTotalMemory(true);
        cluster.Run(async grains =>
        {
            for (var i = 0; i < count; i++)
            {
                await grains.Get<ICounter>($"idle/{i}").Value();
            }
        });
        var each = (GC.GetTotalMemory(true) - before) / (double)count;
        Assert.Equal(count + 1, cluster.ActivationCount);
        Assert.InRange(each, 0, 512);
    }
}
