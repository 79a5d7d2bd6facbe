namespace OrleansEdge.Tests.Cluster.Failures;

/// <summary>What silos in processes of their own do to the pushes that have been acknowledged: nothing.</summary>
public sealed class FailureTests(ITestOutputHelper output)
{
    private const int Shards = 3;
    private const int Workers = 8;

    [Fact]
    public async Task Killed_hung_and_restarted_silos_cost_no_acknowledged_push()
    {
        await using var cluster = await ThreeProcesses.Start();
        await using var book = new ReceiptBook(cluster.Grains, "receipts", Shards, Workers);
        await book.Start();
        await using var watch = new ShardWatch(cluster.Grains, "receipts", Shards);
        await More(book);
        await Measure("kill -9 of a silo", book, watch, cluster.Silos[0].Kill);
        await cluster.Silos[0].Start();
        await Measure("a silo that stands still", book, watch, cluster.Silos[1].Pause);
        await Measure("the same silo, going on", book, watch, cluster.Silos[1].Resume);
        cluster.Silos[1].Dispose();
        await cluster.Silos[1].Start();
        foreach (var silo in cluster.Silos)
        {
            await Measure($"SIGTERM of silo {silo.Site}", book, watch, silo.Terminate);
            await silo.Start();
        }
        await Measure("the database away", book, watch, () => Task.Run(cluster.Gate.Close));
        cluster.Gate.Open();
        await book.RequireExact();
        output.WriteLine($"{book.Count} pushes acknowledged, each applied once");
    }

    /// <summary>
    /// Does something to the cluster, and waits until pushes have been acknowledged again for a while.
    /// </summary>
    private async Task Measure(string what, ReceiptBook book, ShardWatch watch, Func<Task> trouble)
    {
        var start = Silence.Now;
        await trouble();
        await More(book);
        output.WriteLine($"{what}: shards silent for at most {watch.LongestSilence(start):F1} s, " +
            $"without acknowledgement for {book.LongestPause(start):F1} s");
        await book.RequireNothingLost(what);
    }

    /// <summary>Waits until each shard has acknowledged as many pushes as show that it works.</summary>
    private static async Task More(ReceiptBook book)
    {
        var start = Silence.Now;
        while (book.FewestSince(start) < 100)
        {
            Assert.True(Silence.Now - start < 60, $"a shard has acknowledged {book.FewestSince(start)} pushes in 60 s");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }
}
