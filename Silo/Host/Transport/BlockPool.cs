using System.Buffers;
using System.Collections.Concurrent;

namespace OrleansEdge.Silo.Transport;

/// <summary>Blocks of one size for the pipes of connections; at most <paramref name="kept"/> idle ones are kept.</summary>
internal sealed class BlockPool(int blockBytes, int kept) : MemoryPool<byte>
{
    private readonly ConcurrentQueue<byte[]> _idle = new();

    public override int MaxBufferSize => blockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, blockBytes);
        return new Block(this, _idle.TryDequeue(out var array)
            ? array
            : GC.AllocateUninitializedArray<byte>(blockBytes, pinned: true)); // pinned: sockets need not pin it at every call
    }

    protected override void Dispose(bool disposing) => _idle.Clear();

    private void Return(byte[] array)
    {
        if (_idle.Count < kept)
        {
            _idle.Enqueue(array);
        }
    }

    private sealed class Block(BlockPool pool, byte[] array) : IMemoryOwner<byte>
    {
        private byte[]? _array = array;

        public Memory<byte> Memory => _array;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is { } returned)
            {
                pool.Return(returned);
            }
        }
    }
}
