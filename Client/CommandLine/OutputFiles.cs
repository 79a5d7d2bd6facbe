using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;

namespace OrleansEdge.Client.CommandLine;

/// <summary>What options write must be neither what the command reads nor what it writes into its run folder.</summary>
internal static class OutputFiles
{
    private const string FileName = "FILE";
    private const string RunFolderOption = "--output";

    /// <exception cref="OrleansEdgeException">An option would write over an input or a file of the run (64).</exception>
    public static void Check(ParseResult result, string? runFolder)
    {
        var options = UsageErrors.OptionsOf(result.CommandResult.Command).ToArray();
        foreach (var option in options.Where(option => option is ICheckedOption { Writes: true }))
        {
            if (Text(result.GetResult(option)) is not { } given)
            {
                continue;
            }
            var path = Resolved(given);
            var inputs = options.Where(other => other != option && other.HelpName == FileName)
                .Select(other => (other.Name, Result: (SymbolResult?)result.GetResult(other)))
                .Concat(result.CommandResult.Command.Arguments.Select(
                    argument => (argument.Name, Result: (SymbolResult?)result.GetResult(argument))));
            if (inputs.FirstOrDefault(input => Text(input.Result) is { } text && Resolved(text) == path) is { Name: { } name })
            {
                throw OrleansEdgeException.Usage($"{option.Name} is {given}, which is {name} too; expected a file of its own");
            }
            if (File.Exists(path) && options.FirstOrDefault(other => other.Name != RunFolderOption
                && Text(result.GetResult(other)) is { } text && Resolved(text) == Path.GetDirectoryName(path)) is { } folder)
            {
                throw OrleansEdgeException.Usage(
                    $"{option.Name} is {given}, a file of the folder that {folder.Name} reads; expected a file of its own");
            }
            if (runFolder is not null && RunFolder.Writes(Path.GetFileName(path))
                && Path.GetDirectoryName(path) == Resolved(runFolder))
            {
                throw OrleansEdgeException.Usage(
                    $"{option.Name} is {given}, which the run writes into --output itself; expected another name");
            }
        }
    }

    private static string? Text(SymbolResult? result) => result is { Tokens: [.., var last] } ? last.Value : null;

    /// <summary>Where a path leads, by links of its own and of its folders.</summary>
    private static string Resolved(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } folder)
        {
            return full;
        }
        var here = Path.Combine(Resolved(folder), Path.GetFileName(full));
        try
        {
            return AtomicFile.TargetOf(here);
        }
        catch (Exception exception) when (AtomicFile.IsOfFiles(exception))
        {
            return here; // whoever opens it will say why
        }
    }
}
