using Orleans;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Tests.Cluster.Failures;

/// <summary>A training job as a client sees it, with what its workers say that the shards have acknowledged.</summary>
internal sealed class TrainingRun(IGrainFactory grains, TrainingJob job)
{
    private readonly long[,] _acknowledged = new long[job.Workers, job.Shards];

    private ITrainingCoordinator Coordinator => grains.GetGrain<ITrainingCoordinator>(job.Name);

    public async Task Start()
    {
        try
        {
            await Coordinator.Start(job, null);
        }
        catch (TimeoutException)
        {
            // It goes on without its caller.
        }
        await Repeat(
            async () => (await Coordinator.Status()).Phase != JobPhase.Idle ? true : throw new TimeoutException());
    }

    /// <summary>Asks all workers once a second until the job has made so many updates or has ended.</summary>
    public async Task<JobStatus> Until(long updates)
    {
        while (true)
        {
            await Task.WhenAll(Enumerable.Range(0, job.Workers).Select(Ask));
            var status = await Repeat(() => Coordinator.Status());
            if (status.Phase == JobPhase.Ended || status.Updates >= updates)
            {
                return status;
            }
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>
    /// Every update that a worker has called acknowledged is known to the shard, and every update counts once.
    /// </summary>
    public async Task RequireNothingLost()
    {
        for (var shard = 0; shard < job.Shards; shard++)
        {
            var grain = grains.GetGrain<IParameterShard>(GrainKeys.Shard(job.Name, shard));
            var status = await Repeat(() => grain.Status());
            Assert.Equal(status.Clock, status.UpdatesByWorker.Sum());
            for (var worker = 0; worker < job.Workers; worker++)
            {
                var last = (await Repeat(() => grain.Pull(worker))).LastSequence;
                Assert.True(last >= _acknowledged[worker, shard],
                    $"shard {shard} knows update {last} of worker {worker}; {_acknowledged[worker, shard]} was acknowledged");
            }
        }
    }

    private async Task Ask(int worker)
    {
        try
        {
            var status = await grains.GetGrain<IWorker>(GrainKeys.Worker(job, worker)).Status();
            for (var shard = 0; shard < status.Acknowledged.Length; shard++)
            {
                _acknowledged[worker, shard] = Math.Max(_acknowledged[worker, shard], status.Acknowledged[shard]);
            }
        }
        catch (Exception failure) when (failure is not OrleansEdgeException)
        {
            // It is asked again.
        }
    }

    private static async Task<T> Repeat<T>(Func<Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception failure) when (failure is not OrleansEdgeException && attempt < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500));
            }
        }
    }
}
