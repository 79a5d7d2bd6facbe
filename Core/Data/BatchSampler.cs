namespace OrleansEdge.Core.Data;

/// <summary>
/// Minibatches of one worker: shuffled passes over its examples, without replacement inside a pass. Which examples a
/// step takes depends on the seed, the worker and the step alone, so that a worker can begin anew at any step.
/// </summary>
/// <param name="rows">The worker's examples, at least one.</param>
public sealed class BatchSampler(int[] rows, ulong seed, int worker)
{
    private readonly int[] _order = [.. rows];
    private long _pass = -1;

    /// <summary>The examples of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="batch">Overwritten; its length is the batch size.</param>
    public void Fill(long step, Span<int> batch)
    {
        var position = step * batch.Length;
        for (var i = 0; i < batch.Length; i++, position++)
        {
            var (pass, index) = Math.DivRem(position, rows.Length);
            ShuffleFor(pass);
            batch[i] = _order[index];
        }
    }

    private void ShuffleFor(long pass)
    {
        if (pass == _pass)
        {
            return;
        }
        rows.CopyTo(_order, 0);
        var random = new RandomStream(seed, "batch", (ulong)worker, (ulong)pass);
        random.Shuffle<int>(_order);
        _pass = pass;
    }
}
