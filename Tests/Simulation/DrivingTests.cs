using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

public sealed class DrivingTests
{
    private static readonly VirtualClusterOptions Options = new() { Grains = SimulatedHost.TestGrains() };

    [Fact]
    public void A_client_that_waits_for_nothing_is_told_so()
    {
        using var cluster = new VirtualCluster(Options);
        var never = new TaskCompletionSource<int>();
        var failure = Assert.Throws<InvalidOperationException>(() => cluster.Run(async grains =>
        {
            _ = grains.Get<IEcho>("stuck").Hang();
            return await never.Task;
        }));
        Assert.Contains("nothing is left to happen", failure.Message);
        Assert.Contains("EchoGrain stuck", failure.Message);
        Assert.DoesNotContain("failed turn", failure.Message);
    }

    [Fact]
    public void What_is_missing_or_out_of_range_is_refused_where_it_is_given()
    {
        using var cluster = new VirtualCluster(Options);
        Assert.Throws<ArgumentNullException>(() => cluster.Run<int>(null!));
        Assert.Throws<ArgumentNullException>(() => cluster.Run(null!));
        Assert.Throws<ArgumentNullException>(() => cluster.RunUntil(null!));
        foreach (var (port, refusal) in (ReadOnlySpan<(string, string)>)
            [("turn", "callback"), ("past", "delay"), ("work", "work"), ("size", "floatingPointOperations")])
        {
            var refused = Assert.ThrowsAny<ArgumentException>(
                () => cluster.Run(grains => grains.Get<IMisuse>("a").Of(port)));
            Assert.Equal(refusal, refused.ParamName);
        }
    }

    [Fact]
    public void The_clock_stands_where_it_was_run_to()
    {
        using var cluster = new VirtualCluster(Options);
        cluster.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(5, cluster.Now.TotalSeconds);
        Assert.Equal(cluster.Time.GetUtcNow(), Options.StartTime.AddSeconds(5));
        Assert.False(cluster.Step());
    }

    [Fact]
    public void A_run_until_a_condition_stops_there()
    {
        using var cluster = new VirtualCluster(Options);
        cluster.Run(grains => grains.Get<IPlanner>("a").PlanChain(100, TimeSpan.FromSeconds(1)));
        Assert.True(cluster.RunUntil(() => cluster.Now.TotalSeconds >= 10));
        Assert.Equal(10, cluster.Now.TotalSeconds);
        Assert.False(cluster.RunUntil(() => false));
        Assert.Equal(100, cluster.Now.TotalSeconds);
    }

    [Fact]
    public void What_is_ready_runs_before_the_condition_is_looked_at()
    {
        var gate = new TaskCompletionSource();
        using var cluster = new VirtualCluster(Options);
        var isOn = false;
        cluster.Run(grains =>
        {
            _ = Wait();
            return Task.CompletedTask;
        });
        gate.SetResult();
        Assert.True(cluster.RunUntil(() => isOn));

        async Task Wait()
        {
            await gate.Task;
            isOn = true;
        }
    }

    [Fact]
    public void A_cancelled_run_can_be_driven_on()
    {
        using var stop = new CancellationTokenSource();
        using var cluster = new VirtualCluster(Options with
        {
            ProgressInterval = 10,
            Progress = running =>
            {
                if (running.EventCount >= 50)
                {
                    stop.Cancel();
                }
            },
        });
        cluster.Run(grains => grains.Get<IPlanner>("a").PlanChain(1000, TimeSpan.FromSeconds(1)));
        Assert.Throws<OperationCanceledException>(() => cluster.RunFor(TimeSpan.FromHours(1), stop.Token));
        Assert.InRange(cluster.EventCount, 50, 70);
        cluster.RunFor(TimeSpan.FromHours(1));
        Assert.Equal(1000, cluster.Run(grains => grains.Get<IPlanner>("a").Notes()).Split(' ').Length);
    }

    [Fact]
    public void Whoever_watches_the_progress_may_call_grains()
    {
        Task<int>? answer = null;
        using var cluster = new VirtualCluster(Options with
        {
            ProgressInterval = 1,
            Progress = running => answer ??= running.Client.Get<ICounter>("a").Add(3).AsTask(),
        });
        cluster.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(3, cluster.Run(_ => answer!));
    }

    [Fact]
    public void A_grain_cannot_drive_its_cluster()
    {
        using var cluster = new VirtualCluster(Options);
        cluster.Run(async grains =>
        {
            await grains.Get<IEcho>("a").Say("");
            Assert.Throws<InvalidOperationException>(() => cluster.Step());
        });
    }

    [Fact]
    public void A_grain_that_goes_on_with_another_thread_ends_the_run()
    {
        using var cluster = new VirtualCluster(Options);
        var left = cluster.Client.Get<ITrespasser>("a").Leave();
        var failure = Assert.Throws<InvalidOperationException>(() =>
        {
            while (!left.IsCompleted)
            {
                cluster.Run(grains => grains.Get<IEcho>("b").Say("meanwhile"));
            }
        });
        Assert.Contains("TrespasserGrain a", failure.Message);
    }

    [Fact]
    public void A_failed_turn_is_kept_or_ends_the_run()
    {
        using (var cluster = new VirtualCluster(Options))
        {
            cluster.Run(grains => grains.Get<IPlanner>("a").PlanFailure(TimeSpan.FromSeconds(1)));
            cluster.RunFor(TimeSpan.FromSeconds(2));
            var failed = cluster.FailedTurns.Single();
            Assert.Equal(
                ("PlannerGrain a", 1.0, "planned"), (failed.Grain, failed.Time.TotalSeconds, failed.Exception.Message));
            var stuck = Assert.Throws<InvalidOperationException>(() => cluster.Run(_ => new TaskCompletionSource().Task));
            Assert.Contains("no grain. The first of 1 failed turns: PlannerGrain a: planned", stuck.Message);
        }
        using var strict = new VirtualCluster(Options with { StopAtFailedTurn = true });
        strict.Run(grains => grains.Get<IPlanner>("a").PlanFailure(TimeSpan.FromSeconds(1)));
        var failure = Assert.Throws<InvalidOperationException>(() => strict.RunFor(TimeSpan.FromSeconds(2)));
        Assert.Contains("planned", failure.Message);
    }

    [Fact]
    public void Delays_and_deadlines_of_a_client_pass_in_virtual_time()
    {
        using var cluster = new VirtualCluster(Options);
        cluster.Run(async grains =>
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), cluster.Time);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => Task.Delay(TimeSpan.FromDays(1), cluster.Time, deadline.Token));
        });
        Assert.Equal(3, cluster.Now.TotalMinutes);
    }

    [Fact]
    public void What_follows_a_delay_stays_on_the_thread_even_if_it_has_left_its_grain()
    {
        using var cluster = new VirtualCluster(Options);
        Assert.True(cluster.Run(grains => grains.Get<IWanderer>("a").KeepsItsThread()));
    }

    [Fact]
    public void A_client_may_be_resumed_between_two_runs_and_a_grain_may_not()
    {
        var gate = new TaskCompletionSource();
        using var cluster = new VirtualCluster(Options with { Services = new ServiceTable().Add(gate) });
        var waiting = cluster.Client.Get<IGated>("a").Wait();
        var isClientOn = false;
        cluster.Run(grains =>
        {
            _ = WaitAsClient();
            return Task.CompletedTask;
        });
        cluster.RunFor(TimeSpan.FromSeconds(1));
        gate.SetResult();
        var failure = Assert.Throws<InvalidOperationException>(() => cluster.RunFor(TimeSpan.FromSeconds(1)));
        Assert.Contains("GatedGrain a was resumed by a thread outside", failure.Message);
        cluster.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((true, false), (isClientOn, waiting.IsCompleted));

        async Task WaitAsClient()
        {
            await gate.Task;
            isClientOn = true;
        }
    }

    [Fact]
    public void A_result_whose_property_throws_ends_the_run()
    {
        using var cluster = new VirtualCluster(Options);
        var failure = Assert.ThrowsAny<Exception>(() => cluster.Run(grains => grains.Get<IFragile>("a").Give()));
        Assert.Contains("it breaks", failure.ToString());
    }

    [Fact]
    public void A_result_that_cannot_stand_in_a_message_is_named_to_the_caller()
    {
        using var cluster = new VirtualCluster(Options);
        cluster.Run(async grains =>
        {
            var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => grains.Get<IFragile>("a").Open());
            Assert.Contains(nameof(Stream), failure.Message);
            Assert.Equal("whole", await grains.Get<IFragile>("a").Say()); // it goes on
        });
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100_000)]
    public void However_many_wait_for_one_thing_they_go_on_in_their_order(int count)
    {
        using var cluster = new VirtualCluster(Options);
        var order = cluster.Run(async _ =>
        {
            var order = new List<int>();
            for (var round = 0; round < 2; round++)
            {
                var gate = new TaskCompletionSource();
                var waiting = Enumerable.Range(0, count).Select(async i =>
                {
                    await gate.Task;
                    order.Add(i);
                }).ToArray();
                gate.SetResult();
                await Task.WhenAll(waiting);
                await Task.Yield();
            }
            return order;
        });
        Assert.Equal(2 * count, order.Count);
        Assert.Equal(order[..count], order[count..]);
        Assert.Equal(Enumerable.Range(0, count), order[..count].Order());
    }

    [Fact]
    public void A_periodic_timer_of_the_clock_ticks_until_it_is_changed()
    {
        using var cluster = new VirtualCluster(Options);
        var ticks = 0;
        using var timer = cluster.Time.CreateTimer(
            _ => ticks++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        cluster.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(5, ticks);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        cluster.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(5, ticks);
        timer.Dispose();
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task A_timer_that_is_disposed_of_does_not_tick()
    {
        using var cluster = new VirtualCluster(Options);
        var ticks = 0;
        await using (cluster.Time.CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)))
        {
            cluster.RunFor(TimeSpan.FromSeconds(2.5));
        }
        cluster.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(2, ticks);
    }
}

public interface IGated : Orleans.IGrainWithStringKey
{
    Task Wait();
}

public sealed class GatedGrain(TaskCompletionSource gate) : IGated
{
    public async Task Wait() => await gate.Task;
}

internal interface IFragile : Orleans.IGrainWithStringKey
{
    Task<Broken> Give();

    Task<Stream> Open();

    Task<string> Say();
}

internal sealed class FragileGrain : IFragile
{
    public Task<Broken> Give() => Task.FromResult(new Broken());

    public Task<Stream> Open() => Task.FromResult(Stream.Null);

    public Task<string> Say() => Task.FromResult("whole");
}

[Orleans.GenerateSerializer, Orleans.Alias("test.broken")]
internal sealed class Broken
{
    [Orleans.Id(0)]
    public string Text
    {
        get => throw new NotSupportedException("it breaks");
        set => _ = value;
    }
}

public interface IMisuse : Orleans.IGrainWithStringKey
{
    Task Of(string port);
}

public sealed class MisuseGrain(ITurns turns, IComputePool compute) : IMisuse
{
    public Task Of(string port)
    {
        switch (port)
        {
            case "turn":
                turns.After(TimeSpan.Zero, null!);
                return Task.CompletedTask;
            case "past":
                turns.After(TimeSpan.FromSeconds(-1), () => Task.CompletedTask);
                return Task.CompletedTask;
            case "work":
                return compute.Run<int>(null!, 0);
            default:
                return compute.Run(() => 1, double.NaN);
        }
    }
}

public interface IWanderer : Orleans.IGrainWithStringKey
{
    Task<bool> KeepsItsThread();
}

public sealed class WandererGrain(TimeProvider time) : IWanderer
{
    public async Task<bool> KeepsItsThread()
    {
        var before = Environment.CurrentManagedThreadId;
        await Task.Delay(TimeSpan.FromSeconds(1), time).ConfigureAwait(false);
        return before == Environment.CurrentManagedThreadId;
    }
}
