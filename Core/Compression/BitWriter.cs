using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansEdge.Core.Compression;

/// <summary>Packs numbers of a few bits into bytes, lowest bit first.</summary>
internal ref struct BitWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private ulong _pending;
    private int _pendingBits;
    private int _written;

    /// <summary>Whether <see cref="PackEight"/> can be used for numbers of this many bits.</summary>
    public static bool CanPackEight(int width) => Bmi2.X64.IsSupported && width <= 8;

    /// <summary>
    /// Packs eight numbers, which fill as many bytes as one has bits; the bytes above those are zero.
    /// </summary>
    public static ulong PackEight(Vector256<uint> numbers, int width)
    {
        var words = Vector128.Narrow(numbers.GetLower(), numbers.GetUpper());
        var bytes = Vector128.Narrow(words, words).AsUInt64().ToScalar();
        return Bmi2.X64.ParallelBitExtract(bytes, ((1UL << width) - 1) * 0x0101010101010101);
    }

    /// <summary>Adds the lowest <paramref name="width"/> bits, at most 32, of a number that has no others.</summary>
    public void Write(uint value, int width)
    {
        _pending |= (ulong)value << _pendingBits;
        _pendingBits += width;
        if (_pendingBits >= 32)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_destination[_written..], (uint)_pending);
            _written += sizeof(uint);
            _pending >>= 32;
            _pendingBits -= 32;
        }
    }

    /// <summary>Fills the last byte up with zeros.</summary>
    public void Finish()
    {
        for (; _pendingBits > 0; _pendingBits -= 8)
        {
            _destination[_written++] = (byte)_pending;
            _pending >>= 8;
        }
    }
}
