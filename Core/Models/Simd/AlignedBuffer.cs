namespace OrleansEdge.Core.Models.Simd;

/// <summary>
/// Zeroed memory that the collector does not move, aligned to a cache line. It lives as long as this object, so
/// whoever uses <see cref="Pointer"/> keeps the object alive.
/// </summary>
internal sealed unsafe class AlignedBuffer<T>
    where T : unmanaged
{
    private const int LineBytes = 64;
    private readonly byte[] _memory;

    public AlignedBuffer(int length)
    {
        Length = length;
        // Slack behind the end lets a kernel read one whole vector at the last element.
        _memory = GC.AllocateArray<byte>((length * sizeof(T)) + (2 * LineBytes), pinned: true);
        fixed (byte* start = _memory)
        {
            Pointer = (T*)(((nuint)start + LineBytes - 1) & ~(nuint)(LineBytes - 1));
        }
    }

    public int Length { get; }

    public T* Pointer { get; }

    public Span<T> Span => new(Pointer, Length);
}
