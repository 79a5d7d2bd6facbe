using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation.Compute;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>Computations on the activation's node.</summary>
internal sealed partial class Activation : IComputePool
{
    Task<T> IComputePool.Run<T>(Func<T> work, double floatingPointOperations)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!(floatingPointOperations >= 0) || double.IsInfinity(floatingPointOperations))
        {
            throw new ArgumentOutOfRangeException(
                nameof(floatingPointOperations), floatingPointOperations, "A number of operations is finite and at least 0.");
        }
        var job = new ComputeJob<T>(this, _services.Threads, work);
        var task = job.Task;
        if (!IsDead)
        {
            var end = Node.Processor.Occupy(Loop.Queue.Now, floatingPointOperations);
            Loop.Queue.Schedule(job, end);
            _services.Threads.Offer(job);
        }
        return task;
    }
}
