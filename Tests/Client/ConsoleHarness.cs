using System.Text.Json;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Training;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Tests.Client;

/// <summary>What one run of the console wrote and returned.</summary>
internal sealed record ConsoleRun(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>Runs the console in this process, with a folder that is removed in the end.</summary>
internal sealed class ConsoleHarness : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oe-tests-");

    /// <summary>No data but the synthetic digits.</summary>
    public DataCatalog Data { get; init; } = new([]);

    /// <summary>Stands in for the virtual-time cluster where it is not null.</summary>
    public ITrainingHost? Training { get; init; }

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public string Folder => _folder.FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public Task<ConsoleRun> Run(params string[] arguments) => Run(CancellationToken.None, arguments);

    public async Task<ConsoleRun> Run(CancellationToken stop, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await ConsoleApplication.Run(
            arguments,
            new ConsoleEnvironment
            {
                Output = output,
                Error = error,
                TraceFolder = Folder,
                Variable = name => Variables.GetValueOrDefault(name),
                Data = Data,
                Training = Training ?? new VirtualTimeHost(Data),
            },
            stop);
        return new ConsoleRun(code, output.ToString(), error.ToString());
    }

    /// <summary>A training run of a moment: 60 updates unless <paramref name="more"/> says otherwise.</summary>
    public Task<ConsoleRun> TrainTiny(string output, params string[] more)
    {
        string[] updates = more.Contains("--updates") ? [] : ["--updates", "60"];
        return Run(
        [
            "train", "adacomp", "--model", "logreg", "--data", "synthetic:200x50", "--workers", "4", "--rate", "0.1",
            "--evaluate-every", "20", "--compression", "0.1", "--format", "json", "--quiet", "--output", PathOf(output),
            .. updates, .. more,
        ]);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
