using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Core.Compression;

/// <summary>
/// Some entries of a vector: ascending indices and their values. The memory belongs to the caller and is used again
/// from call to call; it grows when it must and never shrinks.
/// </summary>
public sealed class SparseUpdate
{
    private int[] _indices;
    private float[] _values;

    /// <summary>An empty update with room for <paramref name="capacity"/> entries.</summary>
    public SparseUpdate(int capacity = 0)
    {
        _indices = new int[capacity];
        _values = new float[capacity];
    }

    public int Count { get; private set; }

    /// <summary>[<see cref="Count"/>], strictly ascending.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, Count);

    /// <summary>[<see cref="Count"/>], the values at <see cref="Indices"/>.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, Count);

    internal Span<int> IndexBuffer => _indices;

    internal Span<float> ValueBuffer => _values;

    public void Clear() => Count = 0;

    /// <summary>Adds an entry behind the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not above the last one.</exception>
    public void Add(int index, float value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(index, Count == 0 ? -1 : _indices[Count - 1]);
        Reserve(Count + 1);
        _indices[Count] = index;
        _values[Count++] = value;
    }

    /// <summary>
    /// The entries, as positions in <see cref="Indices"/> and <see cref="Values"/>, that lie in a range.
    /// </summary>
    public Range EntriesIn(KeyRange range) => LowerBound(range.Start)..LowerBound(range.End);

    /// <summary>Makes room for <paramref name="capacity"/> entries and keeps those that are there.</summary>
    internal void Reserve(int capacity)
    {
        if (capacity <= _indices.Length)
        {
            return;
        }
        var length = Math.Max(capacity, 2 * _indices.Length);
        Array.Resize(ref _indices, length);
        Array.Resize(ref _values, length);
    }

    internal void SetCount(int count) => Count = count;

    private int LowerBound(int index)
    {
        var found = Indices.BinarySearch(index);
        return found < 0 ? ~found : found;
    }
}
