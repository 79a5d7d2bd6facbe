using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansEdge.Simulation.Tracing;

/// <summary>
/// 64-bit hashes that are the same in every process and on every machine. Words are mixed by folding a 128-bit product,
/// as in wyhash.
/// </summary>
internal static class StableHash
{
    /// <summary>Content up to this many bytes is hashed entirely.</summary>
    public const int FullContentBytes = 64 * 1024;

    /// <summary>
    /// Of longer content this many cache lines are hashed, spread evenly, the first and the last among them.
    /// </summary>
    public const int SampledLines = 128;

    private const int LineBytes = 64;
    private const ulong Multiplier = 0xD6E8FEB86659FD93;
    private const ulong Increment = 0xA0761D6478BD642F;

    /// <summary>Mixes one word into a hash.</summary>
    public static ulong Mix(ulong hash, ulong word)
    {
        var high = Math.BigMul(hash ^ word ^ Increment, Multiplier, out var low);
        return BitOperations.RotateLeft(hash, 23) ^ high ^ low;
    }

    public static ulong Of(string text)
    {
        var hash = Mix(Increment, (ulong)text.Length);
        foreach (var character in text)
        {
            hash = Mix(hash, character);
        }
        return hash;
    }

    /// <summary>Mixes the length and the content into a hash; content over 64 KiB is sampled.</summary>
    public static ulong Content(ulong hash, ReadOnlySpan<byte> content)
    {
        hash = Mix(hash, (ulong)content.Length);
        if (content.Length <= FullContentBytes)
        {
            return Block(hash, content);
        }
        for (var line = 0; line < SampledLines; line++)
        {
            var start = (int)((long)(content.Length - LineBytes) * line / (SampledLines - 1));
            hash = Block(hash, content.Slice(start, LineBytes));
        }
        return hash;
    }

    private static ulong Block(ulong hash, ReadOnlySpan<byte> content)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(content);
        var (a, b, c, d) = (hash, hash + Increment, hash ^ Multiplier, hash - Multiplier);
        var i = 0;
        for (; i + 4 <= words.Length; i += 4)
        {
            a = Mix(a, words[i]);
            b = Mix(b, words[i + 1]);
            c = Mix(c, words[i + 2]);
            d = Mix(d, words[i + 3]);
        }
        for (; i < words.Length; i++)
        {
            a = Mix(a, words[i]);
        }
        ulong tail = 0;
        foreach (var value in content[(words.Length * sizeof(ulong))..])
        {
            tail = (tail << 8) | value;
        }
        return Mix(Mix(Mix(Mix(a, b), c), d), tail);
    }
}
