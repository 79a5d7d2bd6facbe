using System.Globalization;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Tests.Cluster.Failures;

/// <summary>
/// The figures of docs/results/cluster-recovery.md: MNIST on 60 workers, with trouble at a third of the way. A run
/// takes minutes, therefore they run only when asked for: OE_TEST_TRAINING is the number of updates, such as 12000.
/// </summary>
public sealed class AcceptanceTests(ITestOutputHelper output)
{
    private const string Variable = "OE_TEST_TRAINING";
    private const long EnoughUpdates = 10_000;

    [Theory]
    [InlineData("nothing")]
    [InlineData("kill -9 of a silo")]
    [InlineData("a silo hung for 30 s")]
    [InlineData("rolling restart")]
    [InlineData("database away for 60 s")]
    public async Task Training_goes_on_after(string trouble)
    {
        var updates = Updates();
        await using var cluster = await ThreeProcesses.Start();
        var job = new TrainingJob
        {
            Name = "mnist",
            Algorithm = TrainingAlgorithms.AdaComp,
            Model = "cnn",
            Data = "mnist",
            Workers = 60,
            Shards = 3,
            Updates = updates,
            EvaluateEvery = updates / 4,
            LearningRate = 0.05f,
            FinalRate = new FinalRate(0, AtClock: updates),
            Compression = 0.01,
            MeanWaitSeconds = 0.3,
            PersistEvery = 1000,
            Replicas = 1,
        };
        var run = new TrainingRun(cluster.Grains, job);
        await run.Start();
        await run.Until(updates / 3);
        await using var watch = new ShardWatch(cluster.Grains, job.Name, job.Shards);
        var start = Silence.Now;
        var disturbed = Disturb(cluster, trouble);
        var status = await run.Until(updates);
        await disturbed;
        var silence = watch.LongestSilence(start);
        while (status.Phase != JobPhase.Ended)
        {
            status = await run.Until(long.MaxValue);
        }
        await run.RequireNothingLost();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{trouble}: {status.ExitReason} after {status.Updates} updates in {status.Curve[^1].Seconds:F0} s, accuracy " +
            $"{100 * status.Curve[^1].Accuracy:F2} %, of the last ten evaluations {100 * LastTen(status):F2} %, shards silent " +
            $"for at most {silence:F1} s, {status.LostWorkers.Length} workers lost"));
        Assert.Equal("updates-reached", status.ExitReason);
        Assert.True(updates < EnoughUpdates || status.Curve[^1].Accuracy >= 0.97, "expected an accuracy of 97 %");
    }

    [Fact]
    public async Task A_replica_costs_throughput()
    {
        _ = Updates();
        await using var cluster = await ThreeProcesses.Start();
        for (var round = 1; round <= 3; round++)
        {
            for (var replicas = 0; replicas <= 1; replicas++)
            {
                await using var book = new ReceiptBook(
                    cluster.Grains, $"cost{replicas}{round}", 3, 8, replicas, pauseSeconds: 0);
                await book.Start();
                await Task.Delay(TimeSpan.FromSeconds(2));
                var (before, start) = (book.Count, Silence.Now);
                await Task.Delay(TimeSpan.FromSeconds(5));
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"replicas {replicas}: {(book.Count - before) / (Silence.Now - start):F0} pushes/s"));
                await book.RequireExact();
            }
        }
    }

    /// <summary>
    /// Shows whether the falling rate has brought the model to rest: then it is hardly below the last one.
    /// </summary>
    private static double LastTen(JobStatus status) => status.Curve.TakeLast(10).Average(point => point.Accuracy);

    private static long Updates()
    {
        var updates = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(updates), $"{Variable} is not set");
        return long.Parse(updates!, CultureInfo.InvariantCulture);
    }

    private static async Task Disturb(ThreeProcesses cluster, string trouble)
    {
        var silo = cluster.Silos[1];
        switch (trouble)
        {
            case "kill -9 of a silo":
                await silo.Kill();
                await Task.Delay(TimeSpan.FromSeconds(10));
                await silo.Start();
                break;
            case "a silo hung for 30 s":
                await silo.Pause();
                await Task.Delay(TimeSpan.FromSeconds(30));
                await silo.Resume();
                await silo.Ended(); // it learns that it was given up
                await silo.Start();
                break;
            case "rolling restart":
                foreach (var next in cluster.Silos)
                {
                    await next.Terminate();
                    await next.Start();
                }
                break;
            case "database away for 60 s":
                cluster.Gate.Close();
                await Task.Delay(TimeSpan.FromSeconds(60));
                cluster.Gate.Open();
                break;
        }
    }
}
