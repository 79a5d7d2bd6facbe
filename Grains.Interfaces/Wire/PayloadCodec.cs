using System.Buffers;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Interfaces.Wire;

/// <summary>
/// Payloads on the wire of Orleans: format (1 byte), elements (4 bytes), bytes, behind the length of all three. A
/// payload is immutable and written whole each time; what its receiver reads may be the memory in which it arrived.
/// </summary>
/// <param name="memory">That of connections; null where bytes are copied.</param>
[RegisterSerializer]
public sealed class PayloadCodec(IPayloadMemory? memory = null) : IFieldCodec<Payload>
{
    /// <summary>Smaller payloads are copied: memory lent and kept has its price.</summary>
    public const int SmallestShared = 32 * 1024;

    private const int HeaderBytes = sizeof(byte) + sizeof(int);

    public void WriteField<TBufferWriter>(
        ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, Payload? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (value is null)
        {
            ReferenceCodec.WriteNullReference(ref writer, fieldIdDelta);
            return;
        }
        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(Payload), WireType.LengthPrefixed);
        var bytes = value.Bytes;
        writer.WriteVarUInt32((uint)(HeaderBytes + bytes.Length));
        writer.WriteByte((byte)value.Format);
        writer.WriteInt32(value.ElementCount);
        if (bytes.Length >= SmallestShared && writer.WritableSpan is var room && room.Length >= bytes.Length
            && memory?.TryLend(room[..bytes.Length], bytes) == true)
        {
            writer.AdvanceSpan(bytes.Length);
            return;
        }
        writer.Write(bytes.Span);
    }

    public Payload? ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
        {
            return ReferenceCodec.ReadReference<Payload, TInput>(ref reader, field);
        }
        field.EnsureWireType(WireType.LengthPrefixed);
        ReferenceCodec.MarkValueField(reader.Session);
        var length = reader.ReadVarUInt32();
        if (length < HeaderBytes)
        {
            throw OrleansEdgeException.WrongData($"a payload of {length} bytes; expected at least {HeaderBytes}");
        }
        var format = (PayloadFormat)reader.ReadByte();
        return new Payload(format, reader.ReadInt32(), ReadBytes(ref reader, length - HeaderBytes));
    }

    private ReadOnlyMemory<byte> ReadBytes<TInput>(ref Reader<TInput> reader, uint length)
    {
        if (length < SmallestShared || memory is null || !reader.TryReadBytes((int)length, out var received))
        {
            return reader.ReadBytes(length);
        }
        return memory.TryKeep(received, out var kept) ? kept : received.ToArray();
    }
}
