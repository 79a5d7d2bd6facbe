namespace OrleansEdge.Simulation.Compute;

// The one place of the simulation that starts threads: computations really run on the machine's cores. What they compute
// reaches the simulation only at their virtual completion, so the threads decide how long a run takes and nothing else.
#pragma warning disable RS0030

/// <summary>
/// Does computations on real threads as soon as they are known, those due first first. Whoever needs a result that is
/// not there yet helps until it is.
/// </summary>
internal sealed class ComputeThreads : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<ComputeJob, (long Time, long Sequence)> _jobs = new();
    private readonly SemaphoreSlim _available = new(0);
    private readonly ManualResetEventSlim _finished = new(false);
    private readonly Thread[] _threads;
    private volatile bool _stopping;

    /// <param name="degreeOfParallelism">Threads that compute, the event loop's own among them; at least 1.</param>
    public ComputeThreads(int degreeOfParallelism)
    {
        _threads = new Thread[degreeOfParallelism - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Serve) { IsBackground = true, Name = $"compute {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>
    /// Makes a scheduled job known to the threads. With the loop's thread alone it waits for its completion.
    /// </summary>
    public void Offer(ComputeJob job)
    {
        if (_threads.Length == 0)
        {
            return;
        }
        lock (_lock)
        {
            _jobs.Enqueue(job, (job.Time, job.Sequence));
        }
        _available.Release();
    }

    /// <summary>Returns when <paramref name="job"/> is done; called by the event loop.</summary>
    public void Complete(ComputeJob job)
    {
        if (job.IsDone)
        {
            return;
        }
        if (job.TryTake())
        {
            job.Execute();
            return;
        }
        while (!job.IsDone)
        {
            if (TakeNext() is { } other)
            {
                other.Execute();
                continue;
            }
            _finished.Reset();
            if (!job.IsDone)
            {
                _finished.Wait();
            }
        }
    }

    public void Dispose()
    {
        _stopping = true;
        if (_threads.Length > 0)
        {
            _available.Release(_threads.Length);
        }
        foreach (var thread in _threads)
        {
            thread.Join();
        }
        _available.Dispose();
        _finished.Dispose();
    }

    private void Serve()
    {
        while (true)
        {
            _available.Wait();
            if (_stopping)
            {
                return;
            }
            if (TakeNext() is { } job)
            {
                job.Execute();
                _finished.Set();
            }
        }
    }

    private ComputeJob? TakeNext()
    {
        lock (_lock)
        {
            while (_jobs.TryDequeue(out var job, out _))
            {
                if (job.TryTake())
                {
                    return job;
                }
            }
            return null;
        }
    }
}
