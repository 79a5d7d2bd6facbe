using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Wire;

/// <summary>Measures a message: its encoded size and a hash of its content, in one pass over the values.</summary>
internal struct WireMeter
{
    private const int MaximumDepth = 256;
    private int _depth;

    /// <summary>Encoded bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Hash of the content so far.</summary>
    public ulong Hash { get; private set; }

    /// <summary>A value whose encoding always has <paramref name="bytes"/> bytes.</summary>
    public void Fixed(ulong bits, int bytes)
    {
        Bytes += bytes;
        Hash = StableHash.Mix(Hash, bits);
    }

    /// <summary>An unsigned integer: seven bits a byte (LEB128).</summary>
    public void Unsigned(ulong value)
    {
        Bytes += VarintBytes(value);
        Hash = StableHash.Mix(Hash, value);
    }

    /// <summary>A signed integer: zigzag, then as unsigned.</summary>
    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Length-prefixed UTF-8; null is one byte.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Null();
            return;
        }
        var length = Encoding.UTF8.GetByteCount(value);
        Bytes += VarintBytes((ulong)length) + length;
        Hash = StableHash.Content(Hash, MemoryMarshal.AsBytes(value.AsSpan()));
    }

    /// <summary>Length-prefixed bytes.</summary>
    public void Blob(ReadOnlySpan<byte> value)
    {
        Bytes += VarintBytes((ulong)value.Length) + value.Length;
        Hash = StableHash.Content(Hash, value);
    }

    /// <summary>Count-prefixed elements of 4 or 8 bytes each.</summary>
    public void FixedArray<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        Bytes += VarintBytes((ulong)values.Length) + ((long)values.Length * Unsafe.SizeOf<T>());
        Hash = StableHash.Content(Hash, MemoryMarshal.AsBytes(values));
    }

    /// <summary>A null reference: one byte.</summary>
    public void Null() => Fixed(0x6E756C6C, 1);

    /// <summary>The beginning of an object; its end is <see cref="Leave"/>. Both together cost one byte.</summary>
    public void Enter()
    {
        if (++_depth > MaximumDepth)
        {
            throw new InvalidOperationException(
                $"A message is nested more than {MaximumDepth} levels deep; does it contain itself?");
        }
    }

    public void Leave()
    {
        _depth--;
        Bytes++;
    }

    /// <summary>
    /// The header of member <paramref name="id"/> of an object: its delta-coded number and wire type.
    /// </summary>
    public void Member(uint id)
    {
        Bytes++;
        Hash = StableHash.Mix(Hash, id);
    }

    /// <summary>Bytes of an unsigned integer at seven bits a byte.</summary>
    public static int VarintBytes(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;
}
