namespace OrleansEdge.Silo.Ports;

/// <summary>So many bytes may be under way at a time; who wants more waits, first come first served.</summary>
/// <param name="limit">Above 0. What is larger by itself goes when nothing else is under way.</param>
internal sealed class ByteCredit(long limit)
{
    private readonly Lock _lock = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Turn)> _waiting = new();
    private long _underWay;

    /// <summary>Waits for its turn.</summary>
    public Task Take(long bytes)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 && Fits(bytes))
            {
                _underWay += bytes;
                return Task.CompletedTask;
            }
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((bytes, turn));
            return turn.Task;
        }
    }

    /// <summary>What was taken is not under way any more.</summary>
    public void Return(long bytes)
    {
        lock (_lock)
        {
            _underWay -= bytes;
            while (_waiting.TryPeek(out var next) && Fits(next.Bytes))
            {
                _underWay += next.Bytes;
                _waiting.Dequeue().Turn.SetResult();
            }
        }
    }

    private bool Fits(long bytes) => _underWay == 0 || _underWay + bytes <= limit;
}
