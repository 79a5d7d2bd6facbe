using System.Threading.Tasks.Sources;

namespace OrleansEdge.Silo.Transport;

/// <summary>
/// A thread that waits for one thing at a time, and on which the asker goes on. It begins with the first wait.
/// </summary>
/// <param name="wait">What is waited for; an exception goes to the asker.</param>
internal sealed class WaitingThread(string name, Func<int> wait) : IValueTaskSource<int>, IDisposable
{
    private readonly SemaphoreSlim _asked = new(0);
    private ManualResetValueTaskSourceCore<int> _result; // mutable struct
    private Thread? _thread;
    private volatile bool _isDisposed;
    private int _isAsked;

    /// <summary>Waits once; not before the last one has ended.</summary>
    /// <exception cref="ObjectDisposedException">The thread has ended, or does before it has begun to wait.</exception>
    public ValueTask<int> Run()
    {
        _result.Reset();
        Interlocked.Exchange(ref _isAsked, 1);
        _asked.Release();
        if (_isDisposed)
        {
            Refuse();
            return new ValueTask<int>(this, _result.Version);
        }
        if (_thread is null)
        {
            _thread = new Thread(Work) { IsBackground = true, Name = name };
            _thread.Start();
        }
        return new ValueTask<int>(this, _result.Version);
    }

    /// <summary>Ends the thread after what it is waiting for.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _asked.Release();
    }

    int IValueTaskSource<int>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    private void Work()
    {
        while (true)
        {
            _asked.Wait();
            if (_isDisposed)
            {
                Refuse();
                return;
            }
            if (Interlocked.Exchange(ref _isAsked, 0) == 0)
            {
                continue;
            }
            int result;
            try
            {
                result = wait();
            }
            catch (Exception failure)
            {
                _result.SetException(failure);
                continue;
            }
            _result.SetResult(result);
        }
    }

    // Who has asked is told so by one of those who may see it first.
    private void Refuse()
    {
        if (Interlocked.Exchange(ref _isAsked, 0) == 1)
        {
            _result.SetException(new ObjectDisposedException(name));
        }
    }
}
