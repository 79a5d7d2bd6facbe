using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Tests.Contracts;

/// <summary>
/// Training jobs. One worker leaves nothing to chance: its model is that of a loop without grains, bit for bit, on
/// every host. With several, hosts differ in the order of the pushes, and agree in that each counts once.
/// </summary>
public abstract class TrainingContract : GrainContract
{
    [Theory]
    [InlineData(TrainingAlgorithms.Asgd, 1, 1)]
    [InlineData(TrainingAlgorithms.CompAsgd, 0.1, 3)]
    [InlineData(TrainingAlgorithms.AdaComp, 0.1, 2)]
    public Task The_model_of_one_worker_is_that_of_a_loop_without_grains(string algorithm, double density, int shards) =>
        Run(async grains =>
        {
            var job = Job(algorithm) with { Algorithm = algorithm, Compression = density, Shards = shards };
            await grains.Get<ITrainingCoordinator>(job.Name).Start(job, null);
            var status = await ToItsEnd(grains, job);
            Assert.Equal("updates-reached", status.ExitReason);
            var checkpoint = await grains.Get<ITrainingCoordinator>(job.Name).Checkpoint();
            Assert.Equal(Loop(job), ShardStates.Parameters(job, checkpoint.Shards));
            Assert.Equal(status.Curve[^1].Seconds, checkpoint.Seconds);
            Assert.All(status.Shards, shard => Assert.Equal((job.Updates, 0L), (shard.Clock, shard.MaxStaleness)));
        });

    [Fact]
    public Task Every_update_of_several_workers_counts_once() => Run(async grains =>
    {
        var job = Job("several") with
        {
            Workers = 5,
            Shards = 3,
            Updates = 300,
            MeanWaitSeconds = 0.002,
            Compression = 0.1,
        };
        await grains.Get<ITrainingCoordinator>(job.Name).Start(job, null);
        var status = await ToItsEnd(grains, job);
        Assert.Equal("updates-reached", status.ExitReason);
        var workers = await Task.WhenAll(Enumerable.Range(0, job.Workers).Select(i => EndOf(grains, job, i)));
        for (var shard = 0; shard < job.Shards; shard++)
        {
            Assert.Equal(job.Updates, status.Shards[shard].Clock);
            Assert.Equal(job.Updates, status.Shards[shard].StalenessHistogram.Sum());
            Assert.Equal(workers.Select(worker => worker.Acknowledged[shard]), status.Shards[shard].UpdatesByWorker);
        }
    });

    private static TrainingJob Job(string name) => new()
    {
        Name = name,
        Algorithm = TrainingAlgorithms.AdaComp,
        Model = "logreg",
        Data = "synthetic:200x100",
        Workers = 1,
        Updates = 60,
        EvaluateEvery = 0,
        MeanWaitSeconds = 0,
        LearningRate = 0.05f,
        Seed = 7,
    };

    /// <summary>The same job as a loop: pull, compute, push.</summary>
    private static float[] Loop(TrainingJob job)
    {
        var data = new WorkerData(new DataCatalog([]));
        var replica = new LocalReplica(
            new GradientWorkspaces(),
            data.Open(job.Data, job.TrainExamples).Train,
            new BatchSampler(data.Rows(job.Data, job.TrainExamples, job.Partition, 1, job.Seed, 0), job.Seed, 0),
            new() { Model = job.Model, BatchSize = job.BatchSize, Shards = job.Shards, Density = job.Compression });
        var shards = ShardsAtTheStart(job, replica.Ranges);
        for (var step = 0; step < job.Updates; step++)
        {
            var clocks = shards.Select(shard => shard.Pull(0)).ToArray();
            var update = replica.Step(
                step, [.. shards.Select((shard, i) => new FetchedShard(clocks[i], ValuesOf(shard)))], push: true);
            for (var i = 0; i < shards.Length; i++)
            {
                var format = replica.Settings.IsSparse ? UpdateFormat.Sparse : UpdateFormat.DenseFloat32;
                shards[i].Push(0, step + 1, clocks[i], format, update.Updates[i].Span);
            }
        }
        return [.. shards.SelectMany(shard => shard.Values.ToArray())];
    }

    private static ParameterShard[] ShardsAtTheStart(TrainingJob job, IEnumerable<KeyRange> ranges)
    {
        var model = ModelCatalog.Create(job.Model);
        var parameters = new float[model.ParameterCount];
        var random = new RandomStream(job.Seed, "initial-parameters");
        model.Initialize(parameters, ref random);
        return
        [
            .. ranges.Select(range => new ParameterShard(
                new()
                {
                    Range = range,
                    Workers = 1,
                    Rule = TrainingAlgorithms.RuleOf(job.Algorithm),
                    LearningRate = job.LearningRate,
                    ExpectedDensity = job.Compression,
                },
                parameters.AsSpan(range.Start, range.Length))),
        ];
    }

    private static ReadOnlyMemory<byte> ValuesOf(ParameterShard shard)
    {
        var bytes = new byte[shard.ValuesLength];
        shard.CopyValues(bytes);
        return bytes;
    }

    private async Task<JobStatus> ToItsEnd(IGrains grains, TrainingJob job)
    {
        while (true)
        {
            var status = await grains.Get<ITrainingCoordinator>(job.Name).Status();
            if (status.Phase == JobPhase.Ended)
            {
                return status;
            }
            await Wait(Moment);
        }
    }

    /// <summary>A worker's status once it has heard that the shards are closed.</summary>
    private async Task<WorkerStatus> EndOf(IGrains grains, TrainingJob job, int worker)
    {
        while (true)
        {
            var status = await grains.Get<IWorker>(GrainKeys.Worker(job, worker)).Status();
            if (!status.Running)
            {
                return status;
            }
            await Wait(Moment);
        }
    }
}
