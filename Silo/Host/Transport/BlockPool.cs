using System.Collections.Concurrent;

namespace OrleansEdge.Silo.Transport;

/// <summary>Blocks of one size in which messages are written; some idle ones are kept.</summary>
internal sealed class BlockPool
{
    /// <summary>Two messages of usual size. Memory that stands for lent payloads is never touched.</summary>
    public const int BlockBytes = 2 * 1024 * 1024 + 128 * 1024;

    private const int Kept = 16;

    private readonly ConcurrentQueue<byte[]> _idle = new();

    /// <summary>A block, or more where it must be larger.</summary>
    public byte[] Rent(int bytes) => bytes <= BlockBytes && _idle.TryDequeue(out var block)
        ? block
        : GC.AllocateUninitializedArray<byte>(Math.Max(bytes, BlockBytes), pinned: true); // sockets need not pin it at every call

    public void Return(byte[] block)
    {
        if (block.Length == BlockBytes && _idle.Count < Kept)
        {
            _idle.Enqueue(block);
        }
    }
}
