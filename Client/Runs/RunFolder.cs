using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs.Onnx;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using OrleansEdge.Core.Models;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Runs;

/// <summary>
/// The folder of one run, and of no other: it is locked while this lives. Each file appears whole or not at all.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string ManifestName = "manifest.json";
    private const string PartsName = "parts";

    private static readonly string[] OwnFiles =
    [
        ManifestName, "metrics.jsonl", CheckpointFile.Name, "model.safetensors", "model.onnx", "report.html", "table.md",
        "cluster-throughput.md",
    ];

    private readonly FolderLock? _lock;
    private readonly bool _isNew;

    private RunFolder(string path, FolderLock? itsLock, bool isNew) => (Path, _lock, _isNew) = (path, itsLock, isNew);

    /// <summary>Whether a run writes something of this name into its folder.</summary>
    public static bool Writes(string name) => name is PartsName or FolderLock.Name || OwnFiles.Contains(name);

    /// <summary>As it was given, or made.</summary>
    public string Path { get; }

    /// <summary>Opens a given folder.</summary>
    /// <param name="goesOn">The run that it holds is the one that goes on; nothing is taken away.</param>
    /// <param name="force">What another run has left in it is taken away.</param>
    /// <exception cref="OrleansEdgeException">
    /// It holds another run, or one is going on in it (64); it could not be made (74).
    /// </exception>
    public static RunFolder Open(string path, bool goesOn = false, bool force = false)
    {
        var isNew = !Directory.Exists(path);
        AtomicFile.MakeFolder(path);
        var folder = new RunFolder(path, FolderLock.TryTake(path) ?? throw OrleansEdgeException.Usage(
            $"--output is {path}, where another run is going on; expected a folder of its own"), isNew);
        try
        {
            if (!goesOn && !force && folder.Found() is { } found)
            {
                throw OrleansEdgeException.Usage(
                    $"--output is {path}, which holds another run ({found}); expected a folder without one, or --force");
            }
            folder.Clear(ofRun: force && !goesOn);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Makes a new folder <c>runs/NAME-TIME</c>, whoever else makes one in the same second.</summary>
    /// <exception cref="OrleansEdgeException">It could not be made (74).</exception>
    public static RunFolder OpenNew(string name, TimeProvider clock)
    {
        var time = clock.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var path = System.IO.Path.Combine("runs", $"{name}-{time}");
        for (var i = 1; ; i++)
        {
            var candidate = i == 1 ? path : FormattableString.Invariant($"{path}-{i}");
            if (Directory.Exists(candidate))
            {
                continue;
            }
            AtomicFile.MakeFolder(candidate);
            if (FolderLock.TryTake(candidate) is not { } itsLock)
            {
                continue;
            }
            if (Directory.EnumerateFileSystemEntries(candidate).All(e => System.IO.Path.GetFileName(e) == FolderLock.Name))
            {
                return new RunFolder(candidate, itsLock, isNew: true);
            }
            itsLock.Dispose(); // another run has come and gone in it since
        }
    }

    /// <summary>A folder inside for one run of several.</summary>
    public RunFolder Inner(string name)
    {
        var path = System.IO.Path.Combine(File(PartsName), name);
        AtomicFile.MakeFolder(path);
        return new RunFolder(path, null, isNew: true);
    }

    /// <summary>Lets others in; a new folder in which nothing was written goes.</summary>
    public void Dispose()
    {
        _lock?.Dispose();
        if (_isNew && Directory.Exists(Path) && !Directory.EnumerateFileSystemEntries(Path).Any())
        {
            AtomicFile.Attempt(() => Directory.Delete(Path));
        }
    }

    /// <summary>Path of a file inside.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes <c>manifest.json</c>.</summary>
    public void WriteManifest(Manifest manifest) =>
        AtomicFile.WriteText(File(ManifestName), JsonText.Of(manifest) + "\n");

    /// <summary>Writes <c>metrics.jsonl</c>, one evaluation a line.</summary>
    public void WriteMetrics(IEnumerable<EvaluationPoint> curve) => AtomicFile.WriteText(
        File("metrics.jsonl"), string.Concat(curve.Select(point => JsonText.LineOf(point) + "\n")));

    /// <summary>Writes <c>checkpoint.bin</c>.</summary>
    public void WriteCheckpoint(SavedRun run) =>
        AtomicFile.Write(File(CheckpointFile.Name), stream => CheckpointFile.Write(stream, run));

    /// <summary>Writes <c>model.safetensors</c> and <c>model.onnx</c>.</summary>
    public void WriteModel(IModel model, float[] parameters)
    {
        var metadata = new Dictionary<string, string> { ["model"] = model.Name, ["producer"] = "OrleansEdge" };
        AtomicFile.Write(
            File("model.safetensors"),
            stream => SafeTensors.Write(stream, SafeTensors.TensorsOf(model, parameters), metadata));
        AtomicFile.Write(
            File("model.onnx"), stream => OnnxModel.Write(stream, model, parameters, ProductVersion.Version));
    }

    /// <summary>Writes <c>report.html</c>.</summary>
    public void WriteReport(ReportBuilder report) => report.Write(File("report.html"));

    /// <summary>The name of something that a run has left here, or null.</summary>
    private string? Found() => OwnFiles.FirstOrDefault(name => Exists(File(name)))
        ?? (Exists(File(PartsName)) ? PartsName : null);

    /// <summary>Takes away what runs that were broken off have left, and with it a whole run.</summary>
    private void Clear(bool ofRun)
    {
        try
        {
            Clear(Path, ofRun);
            var parts = File(PartsName);
            if (!ofRun || !Exists(parts))
            {
                return;
            }
            if (IsLink(parts))
            {
                System.IO.File.Delete(parts);
                return;
            }
            foreach (var part in Directory.GetDirectories(parts).Where(part => !IsLink(part)))
            {
                Clear(part, ofRun);
                DeleteEmpty(part);
            }
            DeleteEmpty(parts);
        }
        catch (Exception exception) when (AtomicFile.IsOfFiles(exception))
        {
            throw AtomicFile.Failed(Path, exception);
        }
    }

    private static void Clear(string folder, bool ofRun)
    {
        foreach (var file in Directory.GetFiles(folder, AtomicFile.PartialPattern))
        {
            System.IO.File.Delete(file);
        }
        foreach (var name in ofRun ? OwnFiles : [])
        {
            System.IO.File.Delete(System.IO.Path.Combine(folder, name));
        }
    }

    private static void DeleteEmpty(string folder)
    {
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>Whether there is a file, a folder or a link, even one that leads nowhere.</summary>
    private static bool Exists(string path) => System.IO.Path.Exists(path) || IsLink(path);

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;
}
