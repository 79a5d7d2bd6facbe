using OrleansEdge.Core.Data;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;
using OrleansEdge.Simulation.Training;

namespace OrleansEdge.Tests.Training;

/// <summary>What no fault excuses.</summary>
internal static class Health
{
    /// <summary>Virtual time of which no job of the tests needs a tenth.</summary>
    private const double LongestSeconds = 20_000;

    private static readonly WorkerData Data = new(new DataCatalog([]));

    /// <summary>
    /// Runs a job on 1, 2 and 4 cores: the same trace, model and curve; a status with the shards' own counts; and
    /// nobody lost but devices that crash for good.
    /// </summary>
    public static SimulatedTrainingResult Run(TrainingJob job, EdgeFleet fleet)
    {
        var result = Run(job, fleet, cores: 1);
        foreach (var other in new[] { 2, 4 }.Select(cores => Run(job, fleet, cores)))
        {
            Assert.Equal(result.TraceHash, other.TraceHash);
            Assert.Equal(result.Parameters, other.Parameters);
            Assert.Equal(result.Status.Curve, other.Status.Curve);
        }
        StatusIsTheShards(job, result);
        if (fleet.CrashProbability == 0)
        {
            var crashed = fleet.Faults.Crashes.Where(crash => crash.RestartAfterSeconds is null).Select(crash => crash.Node);
            Assert.All(result.Status.LostWorkers, worker => Assert.Contains($"device-{worker}", crashed));
        }
        return result;
    }

    /// <summary>The same, and the accuracy is within a point of that without faults.</summary>
    public static SimulatedTrainingResult RunAndLearn(TrainingJob job, EdgeFleet fleet)
    {
        var result = Run(job, fleet);
        var undisturbed = Run(job, new EdgeFleet { Silos = fleet.Silos }, cores: 2);
        Assert.Equal(undisturbed.Status.Curve[^1].Accuracy, result.Status.Curve[^1].Accuracy, tolerance: 0.01);
        return result;
    }

    /// <summary>Runs a job that must not take for ever.</summary>
    public static SimulatedTrainingResult Run(TrainingJob job, EdgeFleet fleet, int cores) =>
        new SimulatedTraining(Data, cores).Run(
            job, fleet, from: null,
            (status, now) => Assert.True(
                now.TotalSeconds < LongestSeconds, $"after {now.TotalSeconds} s at update {status.Updates}"),
            TestContext.Current.CancellationToken);

    private static void StatusIsTheShards(TrainingJob job, SimulatedTrainingResult result)
    {
        var shards = ShardStates.Open(job, result.Checkpoint.Shards).ToArray();
        Assert.Equal(job.Shards, result.Status.Shards.Length);
        foreach (var (shard, status) in shards.Zip(result.Status.Shards))
        {
            Assert.Equal(shard.Clock, status.Clock);
            Assert.Equal(shard.IngressBytes, status.IngressBytes);
            Assert.Equal(shard.UpdatesByWorker, status.UpdatesByWorker);
            Assert.Equal(shard.Staleness.Histogram, status.StalenessHistogram);
            Assert.Equal(shard.Clock, status.UpdatesByWorker.Sum());
        }
        Assert.True(result.Status.Curve[^1].Final);
        Assert.Equal(shards.Min(shard => shard.Clock), result.Status.Curve[^1].Updates);
        Assert.Equal(shards.Min(shard => shard.Clock), result.Status.Updates);
    }
}
