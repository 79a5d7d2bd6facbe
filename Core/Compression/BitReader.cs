using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansEdge.Core.Compression;

/// <summary>Reads what <see cref="BitWriter"/> writes.</summary>
internal static class BitReader
{
    private const ulong LowestBitOfEachByte = 0x0101010101010101;

    /// <summary>Unpacks numbers of <paramref name="width"/> bits each, at most 32.</summary>
    /// <param name="source">Bytes; those beyond the end count as zeros.</param>
    /// <param name="start">The byte where the first number starts.</param>
    /// <param name="width">Bits of a number.</param>
    /// <param name="numbers">Gets the numbers.</param>
    public static void Unpack(ReadOnlySpan<byte> source, int start, int width, Span<uint> numbers)
    {
        var i = Bmi2.X64.IsSupported && width <= 8 ? UnpackEights(source, start, width, numbers) : 0;
        var mask = (1UL << width) - 1;
        for (; i < numbers.Length; i++)
        {
            var bit = (long)i * width;
            numbers[i] = (uint)((Load(source, start + (int)(bit >> 3)) >> (int)(bit & 7)) & mask);
        }
    }

    /// <summary>Eight bytes from an offset on; zeros beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(ReadOnlySpan<byte> source, int at)
    {
        if (source.Length >= sizeof(ulong) && (uint)at <= (uint)(source.Length - sizeof(ulong)))
        {
            return Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(source), at));
        }
        return LoadLast(source, at);
    }

    // Eight numbers fill as many bytes as one has bits; the deposit instruction gives each a byte of its own.
    private static int UnpackEights(ReadOnlySpan<byte> source, int start, int width, Span<uint> numbers)
    {
        var places = ((1UL << width) - 1) * LowestBitOfEachByte;
        ref var first = ref MemoryMarshal.GetReference(numbers);
        var i = 0;
        for (; i <= numbers.Length - 8; i += 8, start += width)
        {
            var bytes = Vector128.CreateScalarUnsafe(Bmi2.X64.ParallelBitDeposit(Load(source, start), places)).AsByte();
            var words = Vector128.WidenLower(bytes);
            Vector128.WidenLower(words).StoreUnsafe(ref first, (nuint)i);
            Vector128.WidenUpper(words).StoreUnsafe(ref first, (nuint)i + 4);
        }
        return i;
    }

    private static ulong LoadLast(ReadOnlySpan<byte> source, int at)
    {
        var value = 0UL;
        for (var i = 0; i < sizeof(ulong) && at + i < source.Length; i++)
        {
            value |= (ulong)source[at + i] << (8 * i);
        }
        return value;
    }
}
