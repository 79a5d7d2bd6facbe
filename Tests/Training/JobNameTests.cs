using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Hosting;

namespace OrleansEdge.Tests.Training;

/// <summary>A name belongs to the first job that runs under it.</summary>
public sealed class JobNameTests : IDisposable
{
    private static readonly TrainingJob Tiny = new()
    {
        Name = "tiny",
        Model = "logreg",
        Data = "synthetic:200x50",
        Workers = 4,
        Updates = 40,
        WorkerSpeeds = [1, 1, 1, 1],
    };

    private readonly VirtualCluster _cluster = new(new VirtualClusterOptions
    {
        Grains = new GrainClasses().AddGrains(typeof(Worker).Assembly),
        Services = new ServiceTable()
            .Add(new WorkerData(new DataCatalog([]))).Add(new ModelPool()).Add(new GradientWorkspaces()),
    });

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void The_key_of_a_worker_says_which_site_its_data_is_at()
    {
        Assert.Equal("tiny/worker/4", GrainKeys.Worker(Tiny, 4));
        var pinned = Tiny with { WorkerSites = new WorkerSites("north,south,east") };
        Assert.Equal("tiny/worker/4@south", GrainKeys.Worker(pinned, 4));
        Assert.False(Tiny.IsSameAs(pinned));
        Assert.True(pinned.IsSameAs(pinned with { WorkerSites = new WorkerSites("north,south,east") }));
    }

    [Fact]
    public void Settings_are_the_same_when_every_one_is()
    {
        Assert.True(Tiny.IsSameAs(Tiny with { WorkerSpeeds = [1, 1, 1, 1] }));
        Assert.False(Tiny.IsSameAs(Tiny with { WorkerSpeeds = [1, 1, 1, 2] }));
        Assert.False(Tiny.IsSameAs(Tiny with { Seed = 2 }));
    }

    [Fact]
    public void A_running_job_is_started_once_and_an_ended_one_never_again()
    {
        Start(Tiny);
        Start(Tiny with { WorkerSpeeds = [1, 1, 1, 1] });
        Refused(Tiny with { Seed = 2 }, "job 'tiny' is running with other settings; submit this one under another name (--name)");
        var ended = End();
        Assert.Equal("updates-reached", ended.ExitReason);
        Refused(Tiny, "job 'tiny' has ended (updates-reached); submit the new one under another name (--name)");
        Assert.Equal(ended.Curve, Status().Curve);
    }

    [Fact]
    public void A_job_that_could_not_be_set_up_leaves_its_name_free()
    {
        Assert.Throws<OrleansEdgeException>(() => Start(Tiny with { Data = "no-such-set" }));
        Assert.StartsWith(JobStatus.NotStarted, Status().ExitReason);
        Assert.False(Status().HoldsName());
        Start(Tiny);
        Assert.Equal("updates-reached", End().ExitReason);
    }

    private void Start(TrainingJob job) =>
        _cluster.Run(grains => grains.Get<ITrainingCoordinator>(job.Name).Start(job, null), CancellationToken.None);

    private void Refused(TrainingJob job, string line)
    {
        var refusal = Assert.Throws<OrleansEdgeException>(() => Start(job));
        Assert.Equal((ExitCode.Usage, line), (refusal.ExitCode, refusal.Message));
    }

    private JobStatus Status() =>
        _cluster.Run(grains => grains.Get<ITrainingCoordinator>(Tiny.Name).Status(), CancellationToken.None);

    private JobStatus End()
    {
        for (var look = 0; look < 1000 && Status().Phase != JobPhase.Ended; look++)
        {
            _cluster.RunFor(TimeSpan.FromSeconds(5), CancellationToken.None);
        }
        return Status();
    }
}
