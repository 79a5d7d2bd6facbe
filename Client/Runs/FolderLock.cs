using OrleansEdge.Core;

namespace OrleansEdge.Client.Runs;

/// <summary>
/// Keeps a second run out of a folder: a file held open for this process alone. The operating system lets go of it when
/// the process ends, whichever way.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>Its name in the folder.</summary>
    public const string Name = ".oe-lock";

    private const int MostMark = 1 << 20;

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a folder.</summary>
    /// <returns>Null where another run holds it.</returns>
    /// <exception cref="OrleansEdgeException">The lock's file could not be made (74).</exception>
    public static FolderLock? TryTake(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (new FileInfo(path).LinkTarget is { } target)
        {
            throw new OrleansEdgeException(
                ExitCode.InputOutput, $"{path} is a link to {target}; expected no such file, or one that a run has left");
        }
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OrleansEdgeException(
                ExitCode.InputOutput, $"{folder} cannot be written: {exception.Message}", exception);
        }
        if (IsInPlace(path, file))
        {
            return new FolderLock(file);
        }
        file.Dispose();
        return null;
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_file.Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A lock's file that stays is no lock.
        }
        _file.Dispose();
    }

    /// <summary>
    /// Whether what is locked still has the name: the run before may have taken it away between our opening and locking,
    /// and a third may have made another.
    /// </summary>
    private static bool IsInPlace(string path, FileStream file)
    {
        // A mark that is read without opening the file, since every opening would ask for the lock; and not a time, since
        // some file systems round these to seconds.
        var mark = Random.Shared.Next(1, MostMark);
        file.SetLength(mark);
        try
        {
            return new FileInfo(path).Length == mark;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
