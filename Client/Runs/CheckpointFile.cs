using System.Buffers.Binary;
using System.Security.Cryptography;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Runs;

/// <summary>
/// A checkpoint on disk: eight bytes of magic, the version and the header's length (32 bits each, little-endian), the
/// header as JSON, the state of each shard, and SHA-256 of all that. A file that was cut or changed is refused.
/// </summary>
internal static class CheckpointFile
{
    /// <summary>Its name in a run folder.</summary>
    public const string Name = "checkpoint.bin";

    private const int Version = 2;
    private const int PrefixBytes = 16;
    private static ReadOnlySpan<byte> Magic => "OECHKPT\n"u8;

    /// <summary>Writes a checkpoint.</summary>
    public static void Write(Stream stream, SavedRun run)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Append(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        }
        var header = CheckpointHeader.Of(run).ToBytes();
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        Magic.CopyTo(prefix);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[12..], header.Length);
        Append(prefix);
        Append(header);
        foreach (var shard in run.Checkpoint.Shards)
        {
            Append(shard.Bytes.Span);
        }
        stream.Write(hash.GetHashAndReset());
    }

    /// <summary>Reads and checks a checkpoint.</summary>
    /// <param name="path">The file, or the run folder that holds it.</param>
    /// <exception cref="OrleansEdgeException">It is missing or cannot be read (66), or wrong (65).</exception>
    public static SavedRun Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, Name) : path;
        if (!File.Exists(file))
        {
            throw OrleansEdgeException.MissingInput($"--resume is {path}; expected a run folder with {Name}");
        }
        try
        {
            return Read(file, InputFile.Read(file, "a checkpoint"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OrleansEdgeException.MissingInput($"{file} cannot be read: {exception.Message}");
        }
    }

    /// <param name="name">Shown in error lines.</param>
    internal static SavedRun Read(string name, ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < PrefixBytes + SHA256.HashSizeInBytes || !bytes.StartsWith(Magic))
        {
            throw OrleansEdgeException.WrongData(
                $"{name} is no checkpoint: {bytes.Length} bytes, or another magic number");
        }
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != Version)
        {
            throw OrleansEdgeException.WrongData($"{name} has version {version}; expected {Version}");
        }
        var content = bytes[..^SHA256.HashSizeInBytes];
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(bytes[content.Length..]))
        {
            throw OrleansEdgeException.WrongData(
                $"{name} is damaged: its checksum does not fit its {bytes.Length} bytes");
        }
        var headerLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (headerLength < 0 || headerLength > content.Length - PrefixBytes)
        {
            throw OrleansEdgeException.WrongData(
                $"{name} claims a header of {headerLength} bytes; expected at most {content.Length - PrefixBytes}");
        }
        try
        {
            return CheckpointHeader.Parse(content.Slice(PrefixBytes, headerLength))
                .ToRun(file[(PrefixBytes + headerLength)..content.Length]);
        }
        catch (OrleansEdgeException exception)
        {
            throw OrleansEdgeException.WrongData($"{name}: {exception.Message}");
        }
    }
}
