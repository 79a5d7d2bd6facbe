namespace OrleansEdge.Tests.Contracts;

/// <summary>One request at a time, unless the grain or the method says otherwise.</summary>
public abstract class TurnContract : GrainContract
{
    [Fact]
    public Task A_grain_knows_its_key() => Run(async grains =>
        Assert.Equal("job/worker/17", await grains.Get<ICounter>("job/worker/17").Key()));

    [Fact]
    public Task Grains_of_one_class_are_apart_by_key() => Run(async grains =>
    {
        await grains.Get<ICounter>("a").Add(1);
        await grains.Get<ICounter>("b").Add(2);
        Assert.Equal(1, await grains.Get<ICounter>("a").Value());
        Assert.Equal(2, await grains.Get<ICounter>("b").Value());
    });

    [Fact]
    public Task A_request_that_awaits_keeps_the_next_one_out() => Run(async grains =>
    {
        var counter = grains.Get<ICounter>("slow");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => counter.AddSlowly(1)));
        Assert.Equal(20, await counter.Value());
    });

    [Fact]
    public async Task Requests_run_one_after_the_other_in_the_order_of_their_arrival()
    {
        var notes = await Visits(
            grain => grain.Visit("a", Moment), grain => grain.Visit("b", Moment), grain => grain.Visit("c", default));
        Assert.Equal("+a -a +b -b +c -c", notes);
    }

    [Fact]
    public async Task A_method_that_always_interleaves_runs_beside_a_request()
    {
        var notes = await Visits(grain => grain.Visit("a", 3 * Moment), grain => grain.Pass("b", default));
        Assert.Equal("+a +b -b -a", notes);
    }

    [Fact]
    public async Task A_method_that_always_interleaves_overtakes_waiting_requests()
    {
        var notes = await Visits(
            grain => grain.Visit("a", 3 * Moment), grain => grain.Visit("b", default), grain => grain.Pass("c", default));
        Assert.Equal("+a +c -c -a +b -b", notes);
    }

    [Fact]
    public async Task Read_only_methods_run_beside_each_other()
    {
        var notes = await Visits(grain => grain.Look("a", 3 * Moment), grain => grain.Look("b", default));
        Assert.Equal("+a +b -b -a", notes);
    }

    [Fact]
    public async Task A_read_only_method_joins_another_though_one_that_is_not_waits()
    {
        var notes = await Visits(
            grain => grain.Look("a", 3 * Moment), grain => grain.Visit("b", default), grain => grain.Look("c", default));
        Assert.Equal("+a +c -c -a +b -b", notes);
    }

    [Fact]
    public async Task Read_only_methods_that_wait_run_together_though_one_between_them_is_not()
    {
        var notes = await Visits(
            grain => grain.Visit("a", 2 * Moment), grain => grain.Look("b", Moment), grain => grain.Visit("c", default),
            grain => grain.Look("d", default));
        Assert.Equal("+a -a +b +d -d -b +c -c", notes);
    }

    [Fact]
    public async Task A_read_only_method_waits_for_one_that_is_not()
    {
        var notes = await Visits(grain => grain.Visit("a", Moment), grain => grain.Look("b", default));
        Assert.Equal("+a -a +b -b", notes);
    }

    [Fact]
    public async Task A_read_only_method_waits_though_another_has_run_before()
    {
        var notes = await Visits(
            grain => grain.Look("a", default), grain => grain.Visit("b", Moment), grain => grain.Look("c", default));
        Assert.Equal("+a -a +b -b +c -c", notes);
    }

    [Fact]
    public Task Requests_to_a_reentrant_grain_interleave() => Run(async grains =>
    {
        var grain = grains.Get<IOpenVisited>("open");
        var first = grain.Visit("a", 4 * Moment);
        await Wait(Moment);
        await grain.Visit("b", Moment);
        await first;
        Assert.Equal("+a +b -b -a", await grain.Notes());
    });

    /// <summary>Makes visits a part of a moment apart, waits for all of them and gives the notes.</summary>
    private Task<string> Visits(params Func<IVisited, Task>[] visits) => Host.Run(async grains =>
    {
        var grain = grains.Get<IVisited>("visited");
        await grain.Notes(); // calls that wait for an activation may arrive in another order
        var tasks = new List<Task>();
        foreach (var visit in visits)
        {
            tasks.Add(visit(grain));
            await Wait(Moment / 3);
        }
        await Task.WhenAll(tasks);
        return await grain.Notes();
    });
}
