using System.IO.Compression;

namespace OrleansEdge.Core.Data;

/// <summary>Reads files that may or may not be compressed.</summary>
public static class ContentStream
{
    private const byte GzipFirst = 0x1F, GzipSecond = 0x8B;

    /// <summary>
    /// Content that is gzip by its first two bytes (RFC 1952) is inflated, any other passes as it is.
    /// </summary>
    /// <remarks>
    /// That a gzip file is cut off is noticed where the host sets <c>System.IO.Compression.UseStrictValidation</c>,
    /// as the programs of this solution do.
    /// </remarks>
    /// <param name="file">Seekable, at its start; closed with the result.</param>
    public static Stream Open(Stream file)
    {
        var gzip = file.ReadByte() == GzipFirst && file.ReadByte() == GzipSecond;
        file.Position = 0;
        return gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
