using OrleansEdge.Core.Data;
using OrleansEdge.Core.Training;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Storage;
using OrleansEdge.Simulation.Training;

namespace OrleansEdge.Tests.Training;

public sealed class TrainingSoakTests
{
    private static readonly TrainingSoak Soak = new(new WorkerData(new DataCatalog([])));

    [Theory]
    [InlineData(1_000)]
    [InlineData(2_000)]
    [InlineData(3_000)]
    [InlineData(4_000)]
    public void Fifty_schedules_end_in_a_true_status(int from) => Assert.All(
        Enumerable.Range(from, 50),
        seed => Assert.Empty(Soak.Run(
            FaultSchedule.Draw((ulong)seed), compareCores: seed % 10 == 0, TestContext.Current.CancellationToken).Violations));

    /// <summary>
    /// One shard answered a pull between two fetches, another did not; by the next try the worker had forgotten that it was
    /// fetching, and computed from values of before under the clock of the new ones.
    /// </summary>
    [Fact]
    public void A_pull_that_not_all_shards_have_answered_goes_on_until_they_have() => Assert.Empty(
        Soak.Run(FaultSchedule.Draw(2328), compareCores: false, TestContext.Current.CancellationToken).Violations);

    [Fact]
    public void A_seed_is_a_schedule()
    {
        var (one, again, other) = (FaultSchedule.Draw(5), FaultSchedule.Draw(5), FaultSchedule.Draw(6));
        Assert.True(one.Job.IsSameAs(again.Job));
        Assert.Equal(one.Fleet.Faults.Crashes, again.Fleet.Faults.Crashes);
        Assert.Equal(one.Fleet.Faults.Partitions, again.Fleet.Faults.Partitions);
        Assert.Equal(one.Fleet.Storage, again.Fleet.Storage);
        Assert.False(one.Job.IsSameAs(other.Job));
    }

    [Fact]
    public void Crashes_partitions_and_ways_to_fail_are_counted()
    {
        var quiet = FaultSchedule.Draw(1) with { Fleet = new EdgeFleet() };
        Assert.Equal(0, quiet.Faults);
        Assert.Equal(6, (quiet with
        {
            Fleet = new EdgeFleet
            {
                LossProbability = 0.1,
                Storage = new StorageOptions { WriteFailureProbability = 0.1, LostAnswerProbability = 0.1 },
                Faults = new FaultPlan
                {
                    Crashes = [new CrashFault("silo-1", 1), new CrashFault("silo-1", 2)],
                    Partitions = [new PartitionFault("silo-0", "silo-1", 1, 1)],
                },
            },
        }).Faults);
    }

    [Fact]
    public void Every_kind_of_fault_is_drawn()
    {
        var schedules = Enumerable.Range(0, 300).Select(seed => FaultSchedule.Draw((ulong)seed)).ToArray();
        Assert.Equal(4, schedules.Select(schedule => schedule.Job.Algorithm).Distinct().Count());
        Assert.Equal([1, 2, 3], schedules.Select(schedule => schedule.Job.Shards).Distinct().Order());
        AreSome(schedule => schedule.Job.Replicas > 0);
        AreSome(schedule => schedule.Job.PersistEvery > 0);
        AreSome(schedule => schedule.Fleet.LossProbability > 0.1);
        AreSome(schedule => schedule.Fleet.Storage.WriteFailureProbability > 0.2);
        AreSome(schedule => schedule.Fleet.Storage.LostAnswerProbability > 0);
        AreSome(schedule => schedule.Fleet.Storage.LatencySeconds > 0);
        AreSome(schedule => schedule.Fleet.Faults.Crashes.Any(crash => crash.Node.StartsWith("silo", StringComparison.Ordinal)));
        AreSome(schedule => schedule.Fleet.Faults.Crashes.Any(crash => crash.Node.StartsWith("device", StringComparison.Ordinal)));
        AreSome(schedule => schedule.Fleet.Faults.Partitions.Any(partition => partition.From == "silo-0"));
        AreSome(schedule => schedule.Fleet.Faults.Partitions.Any(partition => partition.To == "*"));
        AreSome(schedule => schedule.Gone.Count > 0);

        void AreSome(Func<FaultSchedule, bool> condition) => Assert.InRange(schedules.Count(condition), 10, 290);
    }

    /// <summary>The checkers see what they are there for: a true end is changed, one thing at a time.</summary>
    [Fact]
    public void A_false_status_is_found()
    {
        var schedule = FaultSchedule.Draw(7);
        var result = Health.Run(schedule.Job, schedule.Fleet, cores: 1);
        Assert.Empty(TrainingSoak.Check(schedule, result));
        var status = result.Status;
        var present = Enumerable.Range(0, schedule.Job.Workers).First(worker => !schedule.Gone.ContainsKey(worker));
        var shard = status.Shards[0];
        AssertFound(result with { Status = status with { ExitReason = "all-workers-lost" } });
        AssertFound(result with { Status = status with { LostWorkers = [present] } });
        AssertFound(result with { Status = status with { Curve = status.Curve[..^1] } });
        AssertFound(result with { Status = status with { Shards = [shard with { Clock = 46 }, .. status.Shards[1..]] } });
        long[] others = [.. shard.UpdatesByWorker.Reverse()];
        AssertFound(result with { Status = status with { Shards = [shard with { UpdatesByWorker = others }, .. status.Shards[1..]] } });
        Assert.NotEmpty(TrainingSoak.Check(
            schedule with { Gone = new Dictionary<int, double>(schedule.Gone) { [present] = 0 } }, result));
        Assert.Empty(TrainingSoak.Compare(result, result with { Status = status with { ExitReason = null } }));
        Assert.Single(TrainingSoak.Compare(result, result with { TraceHash = result.TraceHash + 1 }));
        Assert.Single(TrainingSoak.Compare(result, result with { Parameters = [.. result.Parameters.Reverse()] }));

        void AssertFound(SimulatedTrainingResult changed) => Assert.NotEmpty(TrainingSoak.Check(schedule, changed));
    }

    [Fact]
    public void A_soak_can_be_stopped() => Assert.Throws<OperationCanceledException>(
        () => Soak.Run(FaultSchedule.Draw(1), compareCores: false, new CancellationToken(canceled: true)));
}
