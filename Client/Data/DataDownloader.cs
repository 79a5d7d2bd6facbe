using System.Security.Cryptography;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Client.Data;

/// <summary>How far the download of one file is.</summary>
/// <param name="Bytes">Received so far.</param>
/// <param name="TotalBytes">Null where the mirror does not say.</param>
internal readonly record struct DownloadProgress(string File, long Bytes, long? TotalBytes);

/// <summary>
/// Downloads public data sets: mirrors in turn, the content verified by checksum, everything beside the target first,
/// so that a failed download leaves the target as it was.
/// </summary>
/// <param name="http">Makes the requests; its timeout bounds the wait for an answer.</param>
/// <param name="stallTimeout">A mirror that sends nothing for that long is given up; 30 seconds when null.</param>
internal sealed class DataDownloader(HttpClient http, TimeSpan? stallTimeout = null)
{
    private const int BufferBytes = 1 << 16;

    /// <summary>How much longer than its content a compressed file may be before the download is cut off.</summary>
    private const long MaximumOverheadBytes = 1 << 16;

    private readonly TimeSpan _stallTimeout = stallTimeout ?? TimeSpan.FromSeconds(30);

    /// <summary>Brings the files that <paramref name="folder"/> lacks or holds damaged.</summary>
    /// <returns>The names of the files that were downloaded; empty when all were there.</returns>
    /// <exception cref="OrleansEdgeException">No mirror gave a file (69) or it could not be written (74).</exception>
    public async Task<IReadOnlyList<string>> DownloadAsync(
        DataSetDescriptor set,
        string folder,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var target = Path.GetFullPath(folder);
        var staging = Path.Combine(
            Path.GetDirectoryName(target) ?? target,
            $".{Path.GetFileName(target)}.partial-{Path.GetRandomFileName()}");
        var missing = set.Files.Where(file => FindFault(Path.Combine(target, file.Name), file) is not null).ToArray();
        try
        {
            foreach (var file in missing)
            {
                Write(staging, () => Directory.CreateDirectory(staging));
                await FetchAsync(set, file, Path.Combine(staging, file.Name), progress, cancellation);
            }
            Write(target, () => Directory.CreateDirectory(target));
            foreach (var file in missing)
            {
                var path = Path.Combine(target, file.Name);
                Write(path, () => File.Move(Path.Combine(staging, file.Name), path, overwrite: true));
            }
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }
        return Array.ConvertAll(missing, file => file.Name);
    }

    /// <summary>What is wrong with a file, or null when its content is the one described.</summary>
    public static string? FindFault(string path, DataFileDescriptor expected)
    {
        try
        {
            using var content = ContentStream.Open(File.OpenRead(path));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var (buffer, total) = (new byte[BufferBytes], 0L);
            for (int read; total <= expected.ContentBytes && (read = content.Read(buffer)) > 0; total += read)
            {
                hash.AppendData(buffer, 0, read);
            }
            if (total != expected.ContentBytes)
            {
                var found = total > expected.ContentBytes ? "more content" : $"{total} bytes of content";
                return $"{found}, expected {expected.ContentBytes}";
            }
            var sum = Convert.ToHexStringLower(hash.GetHashAndReset());
            return sum == expected.ContentSha256
                ? null
                : $"content of sha256 {sum}, expected {expected.ContentSha256}";
        }
        catch (InvalidDataException)
        {
            return "gzip data that are damaged or cut off";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private async Task FetchAsync(
        DataSetDescriptor set,
        DataFileDescriptor file,
        string path,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellation)
    {
        var faults = new List<string>();
        foreach (var mirror in set.Mirrors)
        {
            var fault = await TryFetchAsync(mirror, file, path, progress, cancellation);
            if (fault is null)
            {
                return;
            }
            faults.Add($"{mirror} gave {fault}");
        }
        throw new OrleansEdgeException(
            ExitCode.Unavailable,
            $"data set '{set.Name}': {file.Name} could not be downloaded: {string.Join("; ", faults)}; "
            + "expected the network or one mirror to work");
    }

    /// <returns>What went wrong with this mirror, or null.</returns>
    private async Task<string?> TryFetchAsync(
        Uri mirror,
        DataFileDescriptor file,
        string path,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            using var response = await http.GetAsync(
                new Uri(mirror, file.Name), HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                return $"HTTP status {(int)response.StatusCode}";
            }
            await using var source = await response.Content.ReadAsStreamAsync(cancellation);
            await using var target = Write(path, () => new FileStream(path, FileMode.Create, FileAccess.Write));
            var (buffer, total) = (new byte[BufferBytes], 0L);
            while (true)
            {
                patience.CancelAfter(_stallTimeout);
                var read = await source.ReadAsync(buffer, patience.Token);
                if (read == 0)
                {
                    break;
                }
                Write(path, () => target.Write(buffer, 0, read));
                total += read;
                if (total > file.ContentBytes + MaximumOverheadBytes)
                {
                    return $"more than {total} bytes, expected at most {file.ContentBytes + MaximumOverheadBytes}";
                }
                progress?.Report(new(file.Name, total, response.Content.Headers.ContentLength));
            }
            Write(path, target.Dispose);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return $"an error ({exception.Message})";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "no answer in time";
        }
        return FindFault(path, file);
    }

    private static void Write(string path, Action action) => Write(path, () =>
    {
        action();
        return true;
    });

    private static T Write<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OrleansEdgeException(
                ExitCode.InputOutput, $"{path}: could not be written ({exception.Message})", exception);
        }
    }
}
