using System.Threading.Channels;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Silo.Ports;

/// <summary>
/// A fixed number of threads for gradients, apart from the thread pool that runs turns, probes and sockets, so that a
/// silo whose workers keep every core busy still answers its neighbours.
/// </summary>
internal sealed class ThreadComputePool : IComputePool, IDisposable
{
    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>();

    public ThreadComputePool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        for (var i = 0; i < threads; i++)
        {
            new Thread(RunUntilDisposed) { IsBackground = true, Name = $"compute-{i}" }.Start();
        }
    }

    /// <summary>Work that waits for a thread.</summary>
    public int Waiting => _work.Reader.Count;

    public Task<T> Run<T>(Func<T> work, double floatingPointOperations)
    {
        // Completing inline would run the grain's continuation check on the compute thread.
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var accepted = _work.Writer.TryWrite(() =>
        {
            try
            {
                result.SetResult(work());
            }
            catch (Exception failure)
            {
                result.SetException(failure);
            }
        });
        ObjectDisposedException.ThrowIf(!accepted, this);
        return result.Task;
    }

    public void Dispose() => _work.Writer.TryComplete();

    private void RunUntilDisposed()
    {
        var reader = _work.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out var work))
            {
                work();
            }
        }
    }
}
