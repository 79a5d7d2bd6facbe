namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// Channel loads under a tournament tree: the least loaded channel in O(1), a change in O(log channels). Among equal
/// loads the lowest number wins.
/// </summary>
public sealed class LoadTree
{
    private readonly long[] _loads;
    private readonly int[] _winners;
    private readonly int _leaves;

    /// <param name="loads">[channels], copied.</param>
    public LoadTree(ReadOnlySpan<long> loads)
    {
        ArgumentOutOfRangeException.ThrowIfZero(loads.Length);
        Channels = loads.Length;
        _leaves = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)loads.Length);
        _loads = new long[_leaves];
        Array.Fill(_loads, long.MaxValue);
        loads.CopyTo(_loads);
        _winners = new int[2 * _leaves];
        for (var leaf = 0; leaf < _leaves; leaf++)
        {
            _winners[_leaves + leaf] = leaf;
        }
        for (var node = _leaves - 1; node > 0; node--)
        {
            Replay(node);
        }
        LeastLoaded = _winners[1];
    }

    public int Channels { get; }

    /// <summary>The 0-based channel of the least load.</summary>
    public int LeastLoaded { get; private set; }

    /// <summary>The least load.</summary>
    public long LeastLoad => _loads[LeastLoaded];

    /// <summary>All loads.</summary>
    public ReadOnlySpan<long> Loads => _loads.AsSpan(0, Channels);

    /// <summary>The load of one channel, 0-based.</summary>
    public long this[int channel] => _loads[channel];

    /// <summary>Adds to the load of one channel.</summary>
    public void Add(int channel, long amount)
    {
        _loads[channel] += amount;
        for (var node = (_leaves + channel) >> 1; node > 0; node >>= 1)
        {
            Replay(node);
        }
        LeastLoaded = _winners[1];
    }

    private void Replay(int node)
    {
        var (left, right) = (_winners[2 * node], _winners[(2 * node) + 1]);
        _winners[node] = _loads[right] < _loads[left] ? right : left;
    }
}
