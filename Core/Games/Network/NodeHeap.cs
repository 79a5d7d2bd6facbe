namespace OrleansEdge.Core.Games.Network;

/// <summary>A 4-ary heap of nodes with decrease-key; the keys lie in an array of the caller's.</summary>
internal sealed class NodeHeap(int nodeCount)
{
    private const int Absent = -1;
    private readonly int[] _nodes = new int[nodeCount];
    private readonly int[] _positions = [.. Enumerable.Repeat(Absent, nodeCount)];
    private int _count;

    public void Clear()
    {
        for (var i = 0; i < _count; i++)
        {
            _positions[_nodes[i]] = Absent;
        }
        _count = 0;
    }

    /// <summary>Adds a node, or moves it up after its key fell.</summary>
    public void Decrease(int node, ReadOnlySpan<double> keys)
    {
        var position = _positions[node];
        if (position == Absent)
        {
            position = _count++;
        }
        var key = keys[node];
        while (position > 0)
        {
            var parent = (position - 1) >> 2;
            var other = _nodes[parent];
            if (keys[other] <= key)
            {
                break;
            }
            _nodes[position] = other;
            _positions[other] = position;
            position = parent;
        }
        _nodes[position] = node;
        _positions[node] = position;
    }

    /// <summary>Takes the node with the smallest key.</summary>
    public bool TryTake(ReadOnlySpan<double> keys, out int node)
    {
        if (_count == 0)
        {
            node = Absent;
            return false;
        }
        node = _nodes[0];
        _positions[node] = Absent;
        var moved = _nodes[--_count];
        if (_count > 0)
        {
            SiftDown(moved, keys);
        }
        return true;
    }

    private void SiftDown(int node, ReadOnlySpan<double> keys)
    {
        var key = keys[node];
        var position = 0;
        while (true)
        {
            var child = (position << 2) + 1;
            if (child >= _count)
            {
                break;
            }
            var smallest = child;
            var last = Math.Min(child + 4, _count);
            for (var i = child + 1; i < last; i++)
            {
                smallest = keys[_nodes[i]] < keys[_nodes[smallest]] ? i : smallest;
            }
            var candidate = _nodes[smallest];
            if (key <= keys[candidate])
            {
                break;
            }
            _nodes[position] = candidate;
            _positions[candidate] = position;
            position = smallest;
        }
        _nodes[position] = node;
        _positions[node] = position;
    }
}
