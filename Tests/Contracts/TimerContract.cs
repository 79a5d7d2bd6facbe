namespace OrleansEdge.Tests.Contracts;

/// <summary>Later turns.</summary>
public abstract class TimerContract : GrainContract
{
    [Fact]
    public Task A_later_turn_runs_once_after_its_delay() => Run(async grains =>
    {
        var planner = grains.Get<IPlanner>("once");
        await planner.Plan(["a"], [2 * Moment]);
        Assert.Equal("", await planner.Notes());
        await Wait(6 * Moment);
        Assert.Equal("a", await planner.Notes());
    });

    [Fact]
    public Task Later_turns_run_in_the_order_of_their_time() => Run(async grains =>
    {
        var planner = grains.Get<IPlanner>("order");
        await planner.Plan(["c", "a", "b"], [5 * Moment, Moment, 3 * Moment]);
        await Wait(8 * Moment);
        Assert.Equal("a b c", await planner.Notes());
    });

    [Fact]
    public Task A_cancelled_turn_does_not_run() => Run(async grains =>
    {
        var planner = grains.Get<IPlanner>("cancel");
        await planner.PlanAndCancel("a", Moment);
        await Wait(3 * Moment);
        Assert.Equal("", await planner.Notes());
    });

    [Fact]
    public Task A_turn_may_plan_the_next_one() => Run(async grains =>
    {
        var planner = grains.Get<IPlanner>("chain");
        await planner.PlanChain(4, TimeSpan.FromMilliseconds(1));
        await Wait(5 * Moment);
        Assert.Equal("4 3 2 1", await planner.Notes());
    });

    [Fact]
    public Task A_turn_without_delay_runs_after_the_present_one() => Run(async grains =>
    {
        var planner = grains.Get<IPlanner>("zero");
        await planner.Plan(["a"], [TimeSpan.Zero]);
        await Wait(2 * Moment);
        Assert.Equal("a", await planner.Notes());
    });

    [Fact]
    public Task A_later_turn_waits_for_the_request_that_runs() => Run(async grains =>
    {
        var planner = grains.Get<IPlanner>("behind");
        await planner.Plan(["turn"], [Moment]);
        await planner.Work("request", 4 * Moment);
        await Wait(2 * Moment);
        Assert.Equal("+request -request turn", await planner.Notes());
    });

    [Fact]
    public Task A_turn_that_is_cancelled_while_it_waits_holds_nobody_up() => Run(async grains =>
    {
        var planner = grains.Get<IPlanner>("too late");
        await planner.WorkAndCancel("request", 2 * Moment);
        await planner.Work("next", TimeSpan.FromMilliseconds(1));
        Assert.Equal("+request -request +next -next", await planner.Notes());
    });

    [Fact]
    public Task A_request_waits_for_the_later_turn_that_runs() => Run(async grains =>
    {
        var planner = grains.Get<IPlanner>("before");
        await planner.PlanStay("turn", TimeSpan.Zero, 4 * Moment);
        await Wait(2 * Moment);
        await planner.Work("request", TimeSpan.FromMilliseconds(1));
        Assert.Equal("+turn -turn +request -request", await planner.Notes());
    });

    [Fact]
    public Task A_turn_that_fails_leaves_the_grain_usable() => Run(async grains =>
    {
        var planner = grains.Get<IPlanner>("failure");
        await planner.PlanFailure(TimeSpan.Zero);
        await planner.PlanLateFailure(TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        await planner.Plan(["a"], [Moment]);
        await Wait(4 * Moment);
        Assert.Equal("a", await planner.Notes());
    });
}
