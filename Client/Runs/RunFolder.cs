using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs.Onnx;
using OrleansEdge.Client.Training;
using OrleansEdge.Core.Models;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Runs;

/// <summary>The folder of one run. Each file appears whole or not at all.</summary>
internal sealed class RunFolder
{
    private RunFolder(string path) => Path = path;

    /// <summary>As it was given, or made.</summary>
    public string Path { get; }

    /// <summary>Opens <paramref name="given"/>, or a new folder <c>runs/NAME-TIME</c> when that is null.</summary>
    /// <exception cref="Core.OrleansEdgeException">The folder could not be made (74).</exception>
    public static RunFolder Open(string? given, string name, TimeProvider clock)
    {
        var time = clock.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var fresh = System.IO.Path.Combine("runs", $"{name}-{time}");
        for (var i = 2; given is null && Directory.Exists(fresh); i++)
        {
            fresh = System.IO.Path.Combine("runs", $"{name}-{time}-{i}");
        }
        AtomicFile.MakeFolder(given ?? fresh);
        return new RunFolder(given ?? fresh);
    }

    /// <summary>A folder inside for one run of several.</summary>
    public RunFolder Inner(string name)
    {
        AtomicFile.MakeFolder(File(name));
        return new RunFolder(File(name));
    }

    /// <summary>Path of a file inside.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes <c>manifest.json</c>.</summary>
    public void WriteManifest(Manifest manifest) =>
        AtomicFile.WriteText(File("manifest.json"), JsonText.Of(manifest) + "\n");

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
}

/// <summary>What a run was and where; enough to do it again.</summary>
internal sealed record Manifest
{
    public string Product => "OrleansEdge";

    public string Version { get; } = ProductVersion.Version;

    public string? Commit { get; } = ProductVersion.Commit;

    /// <summary>The command line.</summary>
    public required string Command { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Everything that decides the outcome.</summary>
    public required object Configuration { get; init; }

    public MachineDescription Machine { get; } = new();

    /// <summary>The summary, as <c>--format json</c> prints it; null while the run goes on.</summary>
    public object? Result { get; init; }
}
