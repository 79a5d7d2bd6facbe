using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansEdge.Core;
using OrleansEdge.Core.Models;

namespace OrleansEdge.Client.Runs;

/// <summary>A named array of single-precision numbers.</summary>
/// <param name="Shape">Extents, slowest first.</param>
internal sealed record Tensor(string Name, ImmutableArray<int> Shape, float[] Values);

/// <summary>
/// The safetensors format: eight bytes of header length (little-endian), a JSON header that names each tensor's dtype,
/// shape and place, then the tensors' bytes. https://github.com/huggingface/safetensors, "Format".
/// </summary>
internal static class SafeTensors
{
    private const int Alignment = 8;
    private const string Metadata = "__metadata__";

    private static readonly string[] Members = ["dtype", "shape", "data_offsets"];
    private const long LongestHeader = 100_000_000;

    /// <summary>The tensors of a model: one for each block of its parameter vector.</summary>
    public static IReadOnlyList<Tensor> TensorsOf(IModel model, ReadOnlySpan<float> parameters)
    {
        var tensors = new List<Tensor>();
        foreach (var block in model.ParameterBlocks)
        {
            tensors.Add(new Tensor(block.Name, block.Shape, parameters.Slice(block.Offset, block.Length).ToArray()));
        }
        return tensors;
    }

    /// <summary>Writes tensors as F32, in order and without gaps.</summary>
    public static void Write(
        Stream stream, IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var header = Header(tensors, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in tensors)
        {
            stream.Write(MemoryMarshal.AsBytes<float>(tensor.Values));
        }
    }

    /// <summary>Reads and checks a whole file.</summary>
    /// <exception cref="OrleansEdgeException">
    /// It is missing (66), or it is not what the format demands (65).
    /// </exception>
    public static IReadOnlyList<Tensor> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw OrleansEdgeException.MissingInput($"{path} is missing; expected a safetensors file");
        }
        return Read(path, InputFile.Read(path, "a safetensors file"));
    }

    /// <param name="name">Shown in error lines.</param>
    internal static IReadOnlyList<Tensor> Read(string name, ReadOnlyMemory<byte> file)
    {
        if (file.Length < 8)
        {
            throw OrleansEdgeException.WrongData($"{name} has {file.Length} bytes; expected a header of at least 8");
        }
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (headerLength > Math.Min(LongestHeader, (ulong)file.Length - 8))
        {
            throw OrleansEdgeException.WrongData(
                $"{name} claims a header of {headerLength} bytes in a file of {file.Length}; it is truncated or no safetensors");
        }
        var data = file[(8 + (int)headerLength)..];
        try
        {
            using var header = JsonDocument.Parse(file.Slice(8, (int)headerLength));
            return Tensors(name, header.RootElement, data);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException
            or KeyNotFoundException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            throw OrleansEdgeException.WrongData($"{name} has a header that is not of the safetensors format");
        }
    }

    private static List<Tensor> Tensors(string name, JsonElement header, ReadOnlyMemory<byte> data)
    {
        var tensors = new List<Tensor>();
        var expectedStart = 0L;
        RefuseTwice(name, "its header", header);
        var entries = header.EnumerateObject().Where(entry => entry.Name != Metadata)
            .OrderBy(entry => entry.Value.GetProperty("data_offsets")[0].GetInt64());
        foreach (var entry in entries)
        {
            RefuseTwice(name, $"tensor '{entry.Name}'", entry.Value);
            var names = entry.Value.EnumerateObject().Select(member => member.Name);
            if (names.Except(Members).FirstOrDefault() is { } unknown)
            {
                throw OrleansEdgeException.WrongData(
                    $"{name}: tensor '{entry.Name}' has the member '{unknown}'; expected {string.Join(", ", Members)}");
            }
            var dtype = entry.Value.GetProperty("dtype").GetString();
            if (dtype != "F32")
            {
                throw OrleansEdgeException.WrongData($"{name}: tensor '{entry.Name}' is {dtype}; expected F32");
            }
            var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()).ToImmutableArray();
            var offsets = entry.Value.GetProperty("data_offsets");
            var (start, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
            var bytes = shape.All(extent => extent >= 0)
                ? shape.Aggregate(4L, (size, extent) => checked(size * extent))
                : -1;
            if (start != expectedStart || end - start != bytes || end > data.Length)
            {
                throw OrleansEdgeException.WrongData(
                    $"{name}: tensor '{entry.Name}' lies at {start}..{end} of {data.Length} bytes; expected"
                    + $" {expectedStart}..{expectedStart + bytes} by its shape [{string.Join(", ", shape)}]");
            }
            tensors.Add(new Tensor(entry.Name, shape, Numbers(name, entry.Name, data.Span[(int)start..(int)end])));
            expectedStart = end;
        }
        return expectedStart == data.Length ? tensors : throw OrleansEdgeException.WrongData(
            $"{name} has {data.Length} bytes of data; expected {expectedStart} by its header");
    }

    private static void RefuseTwice(string name, string where, JsonElement entry)
    {
        var seen = new HashSet<string>();
        var names = entry.EnumerateObject().Select(member => member.Name);
        if (names.FirstOrDefault(member => !seen.Add(member)) is { } twice)
        {
            throw OrleansEdgeException.WrongData($"{name}: {where} has the member '{twice}' twice");
        }
    }

    private static float[] Numbers(string name, string tensor, ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / 4];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
            if (!float.IsFinite(values[i]))
            {
                throw OrleansEdgeException.WrongData(
                    $"{name}: tensor '{tensor}' holds {values[i]} at {i}; expected finite numbers");
            }
        }
        return values;
    }

    private static byte[] Header(IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var entries = new Dictionary<string, object>();
        if (metadata is not null)
        {
            entries[Metadata] = metadata;
        }
        var start = 0L;
        foreach (var tensor in tensors)
        {
            var end = start + (4L * tensor.Values.Length);
            entries[tensor.Name] = new { dtype = "F32", shape = tensor.Shape, data_offsets = new[] { start, end } };
            start = end;
        }
        var header = JsonSerializer.SerializeToUtf8Bytes(entries);
        var padded = new byte[(header.Length + Alignment - 1) / Alignment * Alignment];
        padded.AsSpan().Fill((byte)' ');
        header.CopyTo(padded, 0);
        return padded;
    }
}
