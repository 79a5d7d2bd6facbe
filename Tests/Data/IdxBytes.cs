using System.Buffers.Binary;
using System.IO.Compression;

namespace OrleansEdge.Tests.Data;

/// <summary>Makes the content of IDX files.</summary>
internal static class IdxBytes
{
    /// <summary>Images of which pixel i is i modulo 251.</summary>
    public static byte[] Images(int count, int rows = 2, int columns = 3) =>
    [
        .. Header(2051, count, rows, columns),
        .. Enumerable.Range(0, count * rows * columns).Select(i => (byte)(i % 251)),
    ];

    public static byte[] Labels(params byte[] labels) => [.. Header(2049, labels.Length), .. labels];

    /// <summary>A magic number and extents, big-endian.</summary>
    public static byte[] Header(params int[] values)
    {
        var header = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 * i), values[i]);
        }
        return header;
    }

    public static byte[] Gzip(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }
        return result.ToArray();
    }

    /// <summary>The four files of a data set whose labels run through 0 to 9.</summary>
    public static void AddSet(TemporaryFolder folder, string name, int train, int test, int rows = 2, int testRows = 2)
    {
        folder.Add($"{name}/train-images-idx3-ubyte", Images(train, rows));
        folder.Add($"{name}/train-labels-idx1-ubyte.gz", Gzip(Labels(Cycle(train))));
        folder.Add($"{name}/t10k-images-idx3-ubyte.gz", Gzip(Images(test, testRows)));
        folder.Add($"{name}/t10k-labels-idx1-ubyte", Labels(Cycle(test)));
    }

    private static byte[] Cycle(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];
}
