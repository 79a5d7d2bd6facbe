using OrleansEdge.Silo.Transport;

namespace OrleansEdge.Tests.Cluster;

public sealed class WaitingThreadTests
{
    [Fact]
    public async Task Who_asks_gets_what_was_waited_for_each_time()
    {
        var count = 0;
        using var thread = new WaitingThread("test", () => ++count);
        for (var i = 1; i <= 100; i++)
        {
            Assert.Equal(i, await thread.Run());
        }
    }

    [Fact]
    public async Task A_failure_goes_to_who_asked_and_the_thread_goes_on()
    {
        var count = 0;
        using var thread = new WaitingThread("test", () => ++count == 1 ? throw new IOException("gone") : count);
        await Assert.ThrowsAsync<IOException>(async () => await thread.Run());
        Assert.Equal(2, await thread.Run());
    }

    [Fact]
    public async Task Nobody_waits_for_a_thread_that_has_ended()
    {
        var thread = new WaitingThread("test", () => 7);
        Assert.Equal(7, await thread.Run());
        thread.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await thread.Run());
    }

    [Fact]
    public async Task Who_asks_while_the_thread_is_ended_is_answered_one_way_or_the_other()
    {
        for (var i = 0; i < 500; i++)
        {
            var thread = new WaitingThread("test", () => 7);
            await thread.Run();
            var ending = Task.Run(thread.Dispose, TestContext.Current.CancellationToken);
            try
            {
                var answer = thread.Run().AsTask();
                Assert.Equal(7, await answer.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
            }
            catch (ObjectDisposedException)
            {
                // The thread was ended first.
            }
            await ending;
        }
    }
}
