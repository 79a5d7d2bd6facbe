namespace OrleansEdge.Grains.Interfaces.Hosting;

/// <summary>
/// Memory of the connection that a message is being written to or read from on this thread. With it a large payload is
/// sent from where it is and kept where it arrived; without it (in a client, under TLS, in storage) it is copied once
/// each way.
/// </summary>
public interface IPayloadMemory
{
    /// <summary>Has <paramref name="bytes"/> sent in place of what is in <paramref name="room"/>.</summary>
    /// <param name="room">Where the bytes would be written; as long as they are.</param>
    /// <param name="bytes">Must stay as they are until the call is answered.</param>
    /// <returns>False if they must be written to the room instead.</returns>
    bool TryLend(ReadOnlySpan<byte> room, ReadOnlyMemory<byte> bytes);

    /// <summary>Leaves received bytes to the caller, who may keep them.</summary>
    /// <param name="received">Bytes of the message that is being read.</param>
    /// <returns>False if they must be copied, because their memory will be used again.</returns>
    bool TryKeep(ReadOnlySpan<byte> received, out ReadOnlyMemory<byte> kept);
}
