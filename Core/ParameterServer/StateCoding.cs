using System.Buffers.Binary;
using System.Text;

namespace OrleansEdge.Core.ParameterServer;

/// <summary>Writes a shard's state, little-endian, from front to back.</summary>
internal ref struct StateWriter(Span<byte> destination)
{
    private Span<byte> _rest = destination;

    public Span<byte> Take(int length)
    {
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    public void Int64s(ReadOnlySpan<long> values)
    {
        foreach (var value in values)
        {
            Int64(value);
        }
    }

    /// <summary>ASCII text of at most 255 characters, its length first.</summary>
    public void Text(string text)
    {
        Take(1)[0] = checked((byte)text.Length);
        Encoding.ASCII.GetBytes(text, Take(text.Length));
    }
}

/// <summary>
/// Reads a shard's state; everything that is not as expected is an <see cref="OrleansEdgeException"/> (65).
/// </summary>
internal ref struct StateReader(ReadOnlySpan<byte> source)
{
    private readonly int _length = source.Length;
    private ReadOnlySpan<byte> _rest = source;

    public ReadOnlySpan<byte> Take(int length, string what)
    {
        if (length > _rest.Length)
        {
            throw OrleansEdgeException.WrongData(
                $"shard state: it ends after {_length} bytes, within the {what}; expected more");
        }
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint), what));

    public void Expect(uint expected, string what)
    {
        var value = UInt32(what);
        if (value != expected)
        {
            throw OrleansEdgeException.WrongData($"shard state: {what} is {value}; expected {expected}");
        }
    }

    public void Expect(string expected, string what)
    {
        var text = Encoding.ASCII.GetString(Take(Take(1, what)[0], what));
        if (text != expected)
        {
            throw OrleansEdgeException.WrongData($"shard state: {what} is '{text}'; expected '{expected}'");
        }
    }

    public void ExpectEnd()
    {
        if (_rest.Length > 0)
        {
            throw OrleansEdgeException.WrongData(
                $"shard state: it has {_length} bytes; expected {_length - _rest.Length}");
        }
    }

    /// <summary>A number that counts something.</summary>
    public long Counter(string what, long most = long.MaxValue / 2)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long), what));
        return value >= 0 && value <= most
            ? value
            : throw OrleansEdgeException.WrongData($"shard state: {what} is {value}; expected 0 to {most}");
    }

    public void Counters(Span<long> values, string what, long most = long.MaxValue / 2)
    {
        foreach (ref var value in values)
        {
            value = Counter(what, most);
        }
    }
}
