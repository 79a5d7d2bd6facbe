using System.Buffers.Binary;
using System.Net.Sockets;

namespace OrleansEdge.Client.Benchmarking.Links;

/// <summary>
/// Requests and answers on a bare TCP socket: a request is two lengths (its own payload's and its answer's) and the
/// payload; an answer is a payload.
/// </summary>
internal static class TcpFrames
{
    /// <summary>Bytes before a request's payload.</summary>
    public const int HeaderBytes = 8;

    /// <summary>What carries nothing is still answered by as much.</summary>
    public const int SmallestAnswerBytes = 8;

    /// <summary>A blocking socket as Orleans tunes its own.</summary>
    public static Socket Tuned(Socket socket)
    {
        socket.NoDelay = true;
        return socket;
    }

    public static void WriteHeader(Span<byte> header, int requestBytes, int answerBytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, requestBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], answerBytes);
    }

    public static (int RequestBytes, int AnswerBytes) ReadHeader(ReadOnlySpan<byte> header) =>
        (BinaryPrimitives.ReadInt32LittleEndian(header), BinaryPrimitives.ReadInt32LittleEndian(header[4..]));

    public static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    /// <summary>Fills the buffer.</summary>
    /// <returns>Whether it could; false when the other end is gone.</returns>
    public static bool ReceiveAll(Socket socket, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var count = socket.Receive(buffer);
            if (count == 0)
            {
                return false;
            }
            buffer = buffer[count..];
        }
        return true;
    }
}
