using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace OrleansEdge.Client.Runs.Onnx;

/// <summary>
/// The wire format of protocol buffers, as far as ONNX needs it. https://protobuf.dev/programming-guides/encoding
/// </summary>
internal sealed class ProtobufWriter
{
    private const int VarintType = 0;
    private const int BytesType = 2;
    private const int Fixed32Type = 5;
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>An integer field.</summary>
    public ProtobufWriter Integer(int field, long value)
    {
        Tag(field, VarintType);
        Varint((ulong)value);
        return this;
    }

    /// <summary>A single-precision field.</summary>
    public ProtobufWriter Single(int field, float value)
    {
        Tag(field, Fixed32Type);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _buffer.Write(bytes);
        return this;
    }

    /// <summary>A field of UTF-8 text.</summary>
    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A field of bytes.</summary>
    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, BytesType);
        Varint((ulong)value.Length);
        _buffer.Write(value);
        return this;
    }

    /// <summary>A nested message.</summary>
    public ProtobufWriter Message(int field, ProtobufWriter message) =>
        Bytes(field, message._buffer.WrittenSpan);

    /// <summary>Writes everything so far.</summary>
    public void CopyTo(Stream stream) => stream.Write(_buffer.WrittenSpan);

    private void Tag(int field, int type) => Varint((ulong)((field << 3) | type));

    private void Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        var length = 0;
        while (value >= 0x80)
        {
            bytes[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        bytes[length++] = (byte)value;
        _buffer.Write(bytes[..length]);
    }
}
