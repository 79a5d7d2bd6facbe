using System.Buffers.Binary;

namespace OrleansEdge.Core.Data;

/// <summary>
/// Reads images and labels in the IDX format of LeCun, Cortes and Burges' MNIST, plain or gzip: big-endian int32
/// magic number (2051 images, 2049 labels) and extents, then unsigned bytes.
/// </summary>
public static class IdxReader
{
    public const int ImagesMagic = 2051;
    public const int LabelsMagic = 2049;

    /// <summary>The most content that a header may state, in bytes (1 GiB).</summary>
    public const long MaximumContentBytes = 1L << 30;

    private const int FirstReadBytes = 1 << 16;

    /// <summary>Reads a file of images and its file of labels.</summary>
    /// <param name="name">Shown in reports.</param>
    /// <param name="classCount">Labels lie below it.</param>
    /// <exception cref="OrleansEdgeException">
    /// A file is missing or cannot be read (66); its magic number, sizes or compression are wrong, the counts differ
    /// or a label is out of range (65).
    /// </exception>
    public static ExampleSet ReadPair(string imagesPath, string labelsPath, string name, int classCount = 10)
    {
        var images = Read(imagesPath, "images", ImagesMagic);
        var labels = Read(labelsPath, "labels", LabelsMagic);
        if (images.Extents[0] != labels.Extents[0])
        {
            throw OrleansEdgeException.WrongData(
                $"{labelsPath}: {labels.Extents[0]} labels; expected {images.Extents[0]}, "
                + $"one for each image of {imagesPath}");
        }
        var wrong = Array.FindIndex(labels.Values, label => label >= classCount);
        if (wrong >= 0)
        {
            throw OrleansEdgeException.WrongData(
                $"{labelsPath}: label {labels.Values[wrong]} of example {wrong}; expected 0 to {classCount - 1}");
        }
        return new(name, images.Values, labels.Values, images.Extents[1] * images.Extents[2], classCount);
    }

    private static (int[] Extents, byte[] Values) Read(string path, string kind, int magic)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, FirstReadBytes);
            using var content = ContentStream.Open(file);
            var extents = ReadHeader(path, kind, magic, content);
            var stated = extents.Aggregate(1L, (product, extent) => product * extent);
            return (extents, ReadValues(path, (int)stated, content));
        }
        catch (InvalidDataException exception)
        {
            throw OrleansEdgeException.WrongData(
                $"{path}: the gzip data are damaged or cut off ({exception.Message}); expected IDX {kind}");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw OrleansEdgeException.MissingInput($"{path}: no such file; expected IDX {kind}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OrleansEdgeException.MissingInput(
                $"{path}: cannot be read; expected IDX {kind} ({exception.Message})");
        }
    }

    private static int[] ReadHeader(string path, string kind, int magic, Stream content)
    {
        var extents = new int[magic & 0xFF];
        Span<byte> header = stackalloc byte[4 * (1 + extents.Length)];
        var length = content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        var found = length < 4 ? magic : BinaryPrimitives.ReadInt32BigEndian(header);
        if (found != magic)
        {
            throw OrleansEdgeException.WrongData(
                $"{path}: magic number {found} (0x{found:x8}); expected {magic} of IDX {kind}");
        }
        if (length < header.Length)
        {
            var state = length == 0 ? "empty" : $"ends after {length} bytes";
            throw OrleansEdgeException.WrongData(
                $"{path}: {state}; expected a header of {header.Length} bytes, IDX {kind}");
        }
        var bytes = 1.0;
        for (var i = 0; i < extents.Length; i++)
        {
            var extent = BinaryPrimitives.ReadUInt32BigEndian(header[(4 * (i + 1))..]);
            bytes *= extent;
            extents[i] = unchecked((int)extent);
        }
        if (bytes is 0 or > MaximumContentBytes)
        {
            var stated = string.Join(" x ", extents.Select(extent => unchecked((uint)extent)));
            throw OrleansEdgeException.WrongData(
                $"{path}: the header states {stated} bytes of {kind}; expected 1 to {MaximumContentBytes}");
        }
        return extents;
    }

    /// <summary>
    /// Memory grows with what was really read, so that a header cannot ask for more than its file holds.
    /// </summary>
    private static byte[] ReadValues(string path, int stated, Stream content)
    {
        var values = new byte[Math.Min(stated, FirstReadBytes)];
        var length = 0;
        while (true)
        {
            length += content.ReadAtLeast(values.AsSpan(length), values.Length - length, throwOnEndOfStream: false);
            if (length < values.Length)
            {
                throw OrleansEdgeException.WrongData(
                    $"{path}: ends after {length} bytes of values; expected {stated} as its header states");
            }
            if (length == stated)
            {
                break;
            }
            Array.Resize(ref values, (int)Math.Min(stated, 2L * values.Length));
        }
        if (content.ReadByte() >= 0)
        {
            throw OrleansEdgeException.WrongData(
                $"{path}: more bytes follow the values; expected {stated} as its header states");
        }
        return values;
    }
}
