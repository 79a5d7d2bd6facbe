using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Training;

namespace OrleansEdge.Tests.Training;

/// <summary>A learning rate that falls, from the job through every grain that has to know it.</summary>
public sealed class FallingRateTests
{
    private static readonly WorkerData Data = new(new DataCatalog([]));

    private static readonly TrainingJob Small = new()
    {
        Model = "logreg",
        Data = "synthetic:2000x500",
        Algorithm = TrainingAlgorithms.AdaComp,
        Compression = 0.1,
        Workers = 20,
        Shards = 2,
        Updates = 800,
        EvaluateEvery = 0,
        LearningRate = 0.05f,
        Seed = 7,
    };

    [Fact]
    public void The_outcome_does_not_depend_on_the_cores()
    {
        var job = Small with
        {
            Algorithm = TrainingAlgorithms.Downpour,
            Compression = 1,
            FetchEvery = 3,
            FinalRate = new(0, 800),
        };
        var (one, two, constant) = (Run(job, cores: 1), Run(job, cores: 2), Run(job with { FinalRate = null }));
        Assert.Equal(one.TraceHash, two.TraceHash);
        Assert.Equal(one.Parameters, two.Parameters);
        Assert.NotEqual(one.Parameters, constant.Parameters);
    }

    /// <summary>
    /// At a rate that is 0 from the second update on, the parameters stay what the first update made them, unless
    /// someone forgets the line.
    /// </summary>
    [Theory]
    [InlineData(TrainingAlgorithms.AdaComp, 0, 50)]
    [InlineData(TrainingAlgorithms.AdaComp, 1, 0)]
    [InlineData(TrainingAlgorithms.CompAsgd, 1, 50)]
    public void A_shard_that_comes_back_knows_the_line(string algorithm, int replicas, long persistEvery)
    {
        var job = Small with
        {
            Algorithm = algorithm,
            Replicas = replicas,
            PersistEvery = persistEvery,
            FinalRate = new(0, AtClock: 1),
        };
        var fleet = new EdgeFleet
        {
            Faults = new FaultPlan { Crashes = [new CrashFault("silo-1", AtSeconds: 20, RestartAfterSeconds: 3)] },
            Silos = 2,
        };
        var first = Run(job with { Updates = 1 });
        var all = Run(job, fleet);
        Assert.Equal("updates-reached", all.Status.ExitReason);
        Assert.All(all.Status.Shards, shard => Assert.Equal(800, shard.Clock));
        Assert.Equal(first.Parameters, all.Parameters);
        Assert.NotEqual(first.Parameters, Run(job with { FinalRate = null, Updates = 2 }).Parameters);
    }

    [Theory]
    [InlineData(0.06f, 800, "FinalRate is 0.06; expected 0 to 0.05, the learning rate")]
    [InlineData(-0.01f, 800, "FinalRate is -0.01; expected 0 to 0.05")]
    [InlineData(float.NaN, 800, "FinalRate is NaN; expected 0 to 0.05")]
    [InlineData(0f, 0, "FinalRate.AtClock is 0; expected 1 or more")]
    public void A_job_with_another_line_is_refused(float final, long atClock, string expected)
    {
        var refusal = Assert.Throws<OrleansEdgeException>((Small with { FinalRate = new(final, atClock) }).Validate);
        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
        Assert.StartsWith(expected, refusal.Message);
    }

    private static SimulatedTrainingResult Run(TrainingJob job, EdgeFleet? fleet = null, int cores = 2) =>
        new SimulatedTraining(Data, cores).Run(
            job, fleet ?? new EdgeFleet { Silos = 2 }, from: null, progress: null, TestContext.Current.CancellationToken);
}
