using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Runs;

/// <summary>
/// A checkpoint on disk: eight bytes of magic, the version and the header's length (32 bits each, little-endian), the
/// header as JSON, the state of each shard, and SHA-256 of all that. A file that was cut or changed is refused.
/// </summary>
internal static class CheckpointFile
{
    /// <summary>Its name in a run folder.</summary>
    public const string Name = "checkpoint.bin";

    private const int Version = 1;
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
        var header = JsonSerializer.SerializeToUtf8Bytes(Header.Of(run), JsonText.Lossless);
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
    /// <exception cref="OrleansEdgeException">It is missing (66) or wrong (65).</exception>
    public static SavedRun Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, Name) : path;
        if (!File.Exists(file))
        {
            throw OrleansEdgeException.MissingInput($"--resume is {path}; expected a run folder with {Name}");
        }
        return Read(file, File.ReadAllBytes(file));
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
        try
        {
            var header =
                JsonSerializer.Deserialize<Header>(content.Slice(PrefixBytes, headerLength), JsonText.Lossless)!;
            return header.ToRun(file[(PrefixBytes + headerLength)..content.Length]);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NullReferenceException)
        {
            throw OrleansEdgeException.WrongData($"{name} has a header that cannot be read");
        }
    }

    private sealed record ShardHeader(PayloadFormat Format, int ElementCount, int ByteCount);

    private sealed record Header(
        string Name, TrainingJob Job, string Classes, double CrashProbability, long CheckpointEvery, string TraceHash,
        int Epoch, double Seconds, int[] LostWorkers, EvaluationPoint[] Curve, ShardHeader[] Shards)
    {
        public static Header Of(SavedRun run)
        {
            var (plan, checkpoint) = (run.Plan, run.Checkpoint);
            return new Header(
                plan.Name, plan.Job, plan.Classes.ToString(), plan.CrashProbability, plan.CheckpointEvery, run.TraceHash,
                checkpoint.Epoch, checkpoint.Seconds, checkpoint.LostWorkers, checkpoint.Curve,
                [.. checkpoint.Shards.Select(s => new ShardHeader(s.Format, s.ElementCount, s.Bytes.Length))]);
        }

        public SavedRun ToRun(ReadOnlyMemory<byte> states)
        {
            if (!DeviceClasses.TryParse(Classes, out var classes)
                || Shards.Sum(shard => (long)shard.ByteCount) != states.Length)
            {
                throw new ArgumentException("the header does not fit the file");
            }
            var shards = new List<Payload>();
            foreach (var shard in Shards)
            {
                shards.Add(new Payload(shard.Format, shard.ElementCount, states[..shard.ByteCount]));
                states = states[shard.ByteCount..];
            }
            var plan = new TrainingPlan
            {
                Name = Name,
                Job = Job,
                Classes = classes,
                CrashProbability = CrashProbability,
                CheckpointEvery = CheckpointEvery,
            };
            return new SavedRun(plan, new JobCheckpoint(Epoch, Seconds, [.. shards], LostWorkers, Curve), TraceHash);
        }
    }
}
