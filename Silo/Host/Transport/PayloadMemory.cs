using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Silo.Transport;

/// <summary>
/// The memory of TCP connections. Orleans tells a codec nothing of the connection; but it serializes on the thread that
/// has got memory of the writer, and deserializes on the one that has got a result of the reader.
/// </summary>
internal sealed class PayloadMemory : IPayloadMemory
{
    public bool TryLend(ReadOnlySpan<byte> room, ReadOnlyMemory<byte> bytes) => FrameWriter.TryLend(room, bytes);

    public bool TryKeep(ReadOnlySpan<byte> received, out ReadOnlyMemory<byte> kept) =>
        FrameReader.TryKeep(received, out kept);
}
