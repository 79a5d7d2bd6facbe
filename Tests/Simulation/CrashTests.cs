using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Tracing;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

public sealed class CrashTests
{
    private static readonly NodeProfile[] TwoSilos = [new() { Name = "silo-0" }, new() { Name = "silo-1" }];

    private static CrashAfterCall PhonesAfterSay(double probability) => new()
    {
        Interface = typeof(IEcho),
        Method = nameof(IEcho.Say),
        Probability = probability,
        Nodes = "phone",
    };

    private static readonly VirtualClusterOptions Options = new() { Grains = SimulatedHost.TestGrains() };

    [Fact]
    public void A_crash_loses_what_is_in_memory_and_keeps_what_is_stored()
    {
        using var cluster = new VirtualCluster(Options);
        cluster.Run(async grains =>
        {
            await grains.Get<ICounter>("a").Add(5);
            await grains.Get<IKeeper>("a").Add("kept");
            await grains.Get<IKeeper>("a").Scribble("lost");
        });
        cluster.CrashNode("silo-0");
        Assert.Equal(0, cluster.ActivationCount);
        cluster.RestartNode("silo-0");
        cluster.Run(async grains =>
        {
            Assert.Equal(0, await grains.Get<ICounter>("a").Value());
            Assert.Equal("kept", await grains.Get<IKeeper>("a").Items());
        });
        Assert.Equal("silo-0", cluster.Crashes.Single().Node);
    }

    [Fact]
    public void Calls_to_a_crashed_node_time_out()
    {
        using var cluster = new VirtualCluster(Options);
        var underWay = cluster.Client.Get<IEcho>("a").Hang();
        cluster.RunFor(TimeSpan.FromSeconds(10));
        cluster.CrashNode("silo-0");
        cluster.Run(grains => Assert.ThrowsAsync<TimeoutException>(() => grains.Get<IEcho>("b").Say("nobody")));
        Assert.Equal(40, cluster.Now.TotalSeconds);
        Assert.IsType<TimeoutException>(underWay.Exception?.InnerException);
    }

    [Fact]
    public void A_call_without_a_timeout_waits_for_ever()
    {
        using var cluster =
            new VirtualCluster(Options with { Messages = new MessageOptions { ResponseTimeout = Timeout.InfiniteTimeSpan } });
        var waiting = cluster.Client.Get<IEcho>("a").Hang();
        cluster.RunFor(TimeSpan.FromDays(1000));
        Assert.Equal((false, 1), (waiting.IsCompleted, cluster.PendingCallCount));
    }

    [Fact]
    public void Calls_to_a_crashed_node_are_rejected_soon_where_that_is_asked_for()
    {
        var delay = TimeSpan.FromMilliseconds(2);
        using var cluster =
            new VirtualCluster(Options with { Messages = new MessageOptions { RejectionDelay = delay } });
        var underWay = cluster.Client.Get<IEcho>("a").Hang();
        cluster.RunFor(TimeSpan.FromSeconds(1));
        cluster.CrashNode("silo-0");
        var later = cluster.Run(
            grains => Assert.ThrowsAsync<MessageRejectedException>(() => grains.Get<IEcho>("b").Say("nobody")));
        Assert.Equal("IEcho.Say of EchoGrain b: no silo is up.", later.Message);
        Assert.Equal(TimeSpan.FromSeconds(1) + delay, cluster.Now);
        var rejected = Assert.IsType<MessageRejectedException>(underWay.Exception?.InnerException);
        Assert.Equal("IEcho.Hang of EchoGrain a: node silo-0 is down.", rejected.Message);
        Assert.Equal(0, cluster.PendingCallCount);
    }

    /// <summary>The answer was on its way when the node crashed, and is there before the rejection.</summary>
    [Fact]
    public void A_call_that_was_answered_in_time_is_not_rejected()
    {
        var kinds = new List<TraceEventKind>();
        using var cluster = new VirtualCluster(Options with
        {
            Messages = new MessageOptions { RejectionDelay = TimeSpan.FromSeconds(3) },
            Network = new() { Links = [new LinkProfile { LatencySeconds = 1 }] },
            Trace = happened => kinds.Add(happened.Kind),
        });
        var answer = cluster.Client.Get<IEcho>("a").Say("just in time");
        cluster.RunFor(TimeSpan.FromSeconds(1.5));
        cluster.CrashNode("silo-0");
        cluster.RunFor(TimeSpan.FromSeconds(10));
        Assert.True(answer.IsCompletedSuccessfully);
        Assert.Equal("just in time", cluster.Run(_ => answer));
        Assert.DoesNotContain(TraceEventKind.Rejected, kinds);
        Assert.Equal(0, cluster.PendingCallCount);
    }

    [Fact]
    public void Later_turns_die_with_their_node()
    {
        using var cluster = new VirtualCluster(Options);
        cluster.Run(grains => grains.Get<IPlanner>("a").Plan(["late"], [TimeSpan.FromSeconds(5)]));
        cluster.CrashNode("silo-0");
        cluster.RestartNode("silo-0");
        cluster.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal("", cluster.Run(grains => grains.Get<IPlanner>("a").Notes()));
    }

    [Fact]
    public void What_a_crashed_grain_waited_for_does_not_wake_it()
    {
        using var cluster = new VirtualCluster(Options);
        var work = cluster.Client.Get<IPlanner>("a").Work("w", TimeSpan.FromSeconds(5));
        cluster.RunFor(TimeSpan.FromSeconds(1));
        cluster.CrashNode("silo-0");
        cluster.RestartNode("silo-0");
        cluster.RunFor(TimeSpan.FromSeconds(60));
        Assert.IsType<TimeoutException>(work.Exception?.InnerException);
        Assert.Equal("", cluster.Run(grains => grains.Get<IPlanner>("a").Notes()));
    }

    [Fact]
    public void The_grains_of_a_crashed_silo_move_once_the_crash_is_detected()
    {
        using var cluster = new VirtualCluster(Options with { Nodes = TwoSilos });
        string[] keys = [.. Enumerable.Range(0, 100).Select(i => $"{i}")];
        cluster.Run(grains => Task.WhenAll(keys.Select(key => grains.Get<ICounter>(key).Add(1).AsTask())));
        Assert.InRange(cluster.Nodes[0].ActivationCount, 35, 65);
        cluster.CrashNode("silo-0");
        cluster.RunFor(TimeSpan.FromSeconds(2));
        cluster.Run(grains => Task.WhenAll(keys.Select(key => grains.Get<ICounter>(key).Add(1).AsTask())));
        Assert.Equal(100, cluster.Nodes[1].ActivationCount);
    }

    [Fact]
    public void Planned_faults_happen_at_their_time()
    {
        var plan = new FaultPlan { Crashes = [new CrashFault("silo-0", 5, 3)] };
        using var cluster = new VirtualCluster(Options with { Faults = plan });
        cluster.Run(grains => grains.Get<ICounter>("a").Add(1).AsTask());
        cluster.RunFor(TimeSpan.FromSeconds(6));
        Assert.False(cluster.Nodes[0].IsUp);
        cluster.RunFor(TimeSpan.FromSeconds(3));
        Assert.True(cluster.Nodes[0].IsUp);
        Assert.Equal(new Crash("silo-0", TimeSpan.FromSeconds(5), "planned"), cluster.Crashes.Single());
    }

    [Fact]
    public void Devices_crash_after_calls_with_the_given_probability()
    {
        const int devices = 2000;
        using var cluster = new VirtualCluster(Options with
        {
            Nodes = [new NodeProfile { Name = "silo-0" }, .. Phones(devices)],
            Placement = new PinnedPlacement((type, key) => type == typeof(CounterGrain) ? $"phone-{key}" : null),
            Faults = new FaultPlan { CrashesAfterCalls = [PhonesAfterSay(0.05)] },
        });
        var answers = cluster.Run(grains => Task.WhenAll(
            Enumerable.Range(0, devices).Select(i => Tried(grains.Get<ICounter>($"{i}").AddSlowly(1)))));
        Assert.InRange(cluster.Crashes.Count, 70, 130);
        Assert.Equal(devices - cluster.Crashes.Count, answers.Count(answered => answered));
        Assert.All(cluster.Crashes, crash => Assert.Equal("after IEcho.Say", crash.Cause));
        Assert.Equal(cluster.Crashes.Count, cluster.Nodes.Count(node => !node.IsUp));
        Assert.True(cluster.Nodes[0].IsUp);
    }

    [Fact]
    public void A_caller_that_the_rule_does_not_name_does_not_crash()
    {
        using var cluster = new VirtualCluster(Options with
        {
            Nodes = [new NodeProfile { Name = "silo-0" }, .. Phones(1)],
            Placement = new PinnedPlacement((type, key) => type == typeof(CounterGrain) ? key : null),
            Faults = new FaultPlan { CrashesAfterCalls = [PhonesAfterSay(1)] },
        });
        Assert.True(cluster.Run(grains => Tried(grains.Get<ICounter>("silo-0").AddSlowly(1))));
        Assert.False(cluster.Run(grains => Tried(grains.Get<ICounter>("phone-0").AddSlowly(1))));
        Assert.Equal("phone-0", Assert.Single(cluster.Crashes).Node);
    }

    [Fact]
    public void A_drawn_plan_depends_on_the_seed_and_the_names_alone()
    {
        var rates = new FaultRates
        {
            MeanSecondsBetweenCrashes = 100,
            MeanDownSeconds = 10,
            MeanSecondsBetweenPartitions = 50,
            MeanSecondsBetweenSlowDowns = 20,
        };
        var plan = FaultPlan.Draw(rates, Phones(50), 3, 1000);
        Assert.Equal(50 * 1000 / 110.0, plan.Crashes.Count, 60.0);
        Assert.Equal(50 * 1000 / 51.0, plan.Partitions.Count, 120.0);
        Assert.Equal(50 * 1000 / 21.0, plan.SlowDowns.Count, 200.0);
        var fewer = FaultPlan.Draw(rates, Phones(10), 3, 1000);
        Assert.Equal(fewer.Crashes, plan.Crashes.Where(crash => fewer.Crashes.Any(other => other.Node == crash.Node)));
        Assert.NotEqual(plan.Crashes, FaultPlan.Draw(rates, Phones(50), 4, 1000).Crashes);
        plan.Validate(Phones(50), new NodeProfile { Name = "client" });
    }

    internal static NodeProfile[] Phones(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new NodeProfile { Name = $"phone-{i}", Class = "phone", Kind = NodeKind.Device })];

    private static async Task<bool> Tried(Task<int> task)
    {
        try
        {
            await task;
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
