namespace OrleansEdge.Tests.Contracts;

/// <summary>Arguments, results and exceptions.</summary>
public abstract class ExceptionContract : GrainContract
{
    [Fact]
    public Task Messages_arrive_as_they_were_sent() => Run(async grains =>
    {
        var reply = await grains.Get<IEcho>("echo").Send(new Note("text", [1, 2, 3], new byte[] { 4, 5 }));
        Assert.Equal("text!", reply.Text);
        Assert.Equal([1, 2, 3], reply.Numbers);
        Assert.Equal([4, 5], reply.Bytes.ToArray());
    });

    [Fact]
    public Task An_exception_before_the_first_await_reaches_the_caller() => Run(async grains =>
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => grains.Get<IEcho>("a").FailAtOnce("at once"));
        Assert.Equal("at once", failure.Message);
        var uncounted = await Assert.ThrowsAsync<InvalidOperationException>(
            () => grains.Get<IEcho>("a").CountAndFailAtOnce("no number"));
        Assert.Equal("no number", uncounted.Message);
    });

    [Fact]
    public Task An_exception_after_an_await_reaches_the_caller() => Run(async grains =>
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => grains.Get<IEcho>("b").FailLater("later"));
        Assert.Equal("later", failure.Message);
    });

    [Fact]
    public Task A_cancelled_request_is_cancelled_for_its_caller() => Run(grains =>
        Assert.ThrowsAnyAsync<OperationCanceledException>(() => grains.Get<IEcho>("c").BeCancelled()));

    [Fact]
    public Task A_grain_goes_on_after_an_exception() => Run(async grains =>
    {
        var echo = grains.Get<IEcho>("d");
        await Assert.ThrowsAsync<InvalidOperationException>(() => echo.FailAtOnce("once"));
        Assert.Equal("again", await echo.Say("again"));
    });

    [Fact]
    public Task A_computation_ends_as_a_turn_of_its_grain() => Run(async grains =>
        Assert.Equal(5050, await grains.Get<ISummer>("sum").Sum(100, 1e3)));

    [Fact]
    public Task An_exception_out_of_a_computation_reaches_the_caller() => Run(async grains =>
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => grains.Get<ISummer>("fail").Fail("no sum"));
        Assert.Equal("no sum", failure.Message);
    });
}
