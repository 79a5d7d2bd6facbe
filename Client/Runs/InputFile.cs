using System.Text;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Runs;

/// <summary>Reads whole files, of which a device or a pipe must not hold more than a file of the ordinary kind would.</summary>
internal static class InputFile
{
    private const int FirstBytes = 1 << 16;

    /// <summary>The most that is read of what does not state a length, such as a pipe or a device.</summary>
    private const int MostUnstated = 1 << 28;

    /// <summary>Reads a file.</summary>
    /// <param name="expected">Ends the sentence "expected ..." where it is too long.</param>
    /// <param name="most">The most bytes that are read; by default as many as memory takes at once.</param>
    /// <exception cref="OrleansEdgeException">It is too long (65).</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ReadOnlyMemory<byte> Read(string path, string expected, int most = int.MaxValue)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var stated = file.CanSeek ? file.Length : 0;
        var limit = Math.Min(most, stated > 0 ? Array.MaxLength - 1 : MostUnstated);
        OrleansEdgeException TooLong() =>
            OrleansEdgeException.WrongData($"{path}: more than {limit} bytes; expected {expected}");
        if (stated > limit)
        {
            throw TooLong();
        }
        var bytes = new byte[1 + Math.Min(limit, Math.Max(stated, FirstBytes))];
        for (var length = 0; ;)
        {
            length += file.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false);
            if (length < bytes.Length)
            {
                return bytes.AsMemory(0, length);
            }
            if (length > limit)
            {
                throw TooLong();
            }
            Array.Resize(ref bytes, (int)Math.Min(limit + 1L, 2L * length));
        }
    }

    /// <summary>The same without a byte order mark.</summary>
    public static ReadOnlyMemory<byte> ReadText(string path, string expected, int most = int.MaxValue)
    {
        var bytes = Read(path, expected, most);
        return bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
    }
}
