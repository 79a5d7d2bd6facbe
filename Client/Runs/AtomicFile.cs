using System.Text;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Runs;

/// <summary>Files appear whole or not at all: they are written beside their place and renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Names of files that are being written, or whose writer was killed.</summary>
    public const string PartialPattern = ".oe-*.partial";

    /// <summary>
    /// Writes a file through <paramref name="write"/>; an older one of that name stays until the new one is whole.
    /// </summary>
    /// <exception cref="OrleansEdgeException">It could not be written (74); nothing is left of the attempt.</exception>
    public static void Write(string path, Action<Stream> write) =>
        Write(path, write, static beside => new FileStream(beside, FileMode.CreateNew, FileAccess.Write));

    /// <summary>
    /// Writes a file that the user has named: a link stays one, and its target is written; a pipe or a device takes what is
    /// written as it comes.
    /// </summary>
    /// <exception cref="OrleansEdgeException">It could not be written (74).</exception>
    public static void WriteThrough(string path, Action<Stream> write)
    {
        string target;
        try
        {
            using var special = OpenSpecial(path);
            if (special is not null)
            {
                write(special);
                return;
            }
            target = TargetOf(path);
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            throw Failed(path, exception);
        }
        Write(target, write);
    }

    /// <summary>Writes UTF-8 text.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Makes a folder and those above it.</summary>
    /// <exception cref="OrleansEdgeException">It could not be made (74).</exception>
    public static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            throw Failed(path, exception);
        }
    }

    /// <summary>Whether it went well; for what may as well fail.</summary>
    public static bool Attempt(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            return false;
        }
    }

    /// <summary>What a link leads to in the end; of anything else its own path.</summary>
    public static string TargetOf(string path) => new FileInfo(path) is { LinkTarget: not null } link
        ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName
        : path;

    /// <summary>Whether the operating system has said no.</summary>
    public static bool IsOfFiles(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>The error line of a file or folder (74).</summary>
    public static OrleansEdgeException Failed(string path, Exception exception) =>
        new(ExitCode.InputOutput, $"{path} cannot be written: {exception.Message}", exception);

    /// <summary>Opens a pipe or a device; null where there is none of that name.</summary>
    internal static FileStream? OpenSpecial(string path)
    {
        if (!File.Exists(path) || new FileInfo(path) is { LinkTarget: null, Length: > 0 })
        {
            return null;
        }
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // a link to a file that is still to be written
        }
        if (file.CanSeek && (file.Length > 0 || Attempt(() => file.SetLength(0)))) // which a device refuses
        {
            file.Dispose();
            return null;
        }
        return file;
    }

    /// <param name="open">
    /// Opens the file beside, which has a name of its own each time and is never one that is there; a test hands in one
    /// that fails.
    /// </param>
    internal static void Write(string path, Action<Stream> write, Func<string, Stream> open)
    {
        var beside = Path.Combine(
            Path.GetDirectoryName(path) ?? "", PartialPattern.Replace("*", Path.GetRandomFileName(), StringComparison.Ordinal));
        try
        {
            using (var stream = open(beside))
            {
                write(stream);
                (stream as FileStream)?.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception exception)
        {
            Attempt(() => File.Delete(beside)); // the first error is the one to report
            if (IsOfFiles(exception))
            {
                throw Failed(path, exception);
            }
            throw;
        }
    }
}
