using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Data;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using Spectre.Console;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe data list</c> and <c>oe data get NAME</c>.</summary>
internal sealed class DataCommand : IConsoleCommand
{
    public int Order => 60;

    public Command Create(CommandBinder binder)
    {
        var name = new Argument<string>("NAME") { Description = "one of " + string.Join(", ", DataSets.All.Select(s => s.Name)) };
        return new Command("data", "Lists and downloads data sets.")
        {
            binder.Bind(new Command("list", "The data sets that are here and those that can be downloaded."), List),
            binder.Bind(
                new Command("get", "Downloads a data set and verifies its checksums.") { name },
                invocation => Get(invocation, DataSets.Get(invocation.Value(name)))),
        };
    }

    private static Task<ExitCode> List(Invocation invocation)
    {
        AskedFolder.Reserve(invocation, "data-list");
        var started = invocation.Environment.Clock.GetUtcNow();
        var catalog = invocation.Environment.Data;
        var roots = catalog.Roots.Select(Path.GetFullPath).ToList();
        var found = catalog.Available();
        var rows = found.Select(set => new DataRow(set.Name, DescriptionOf(set.Name), Path.GetFullPath(set.Folder)))
            .Concat(DataSets.All.Where(set => found.All(here => here.Name != set.Name))
                .Select(set => new DataRow(set.Name, set.Description, null)))
            .Append(new DataRow(DataCatalog.Synthetic, "digits drawn by code, made on the spot; synthetic:TRAINxTEST sizes them", ""))
            .ToList();
        if (invocation.Json)
        {
            invocation.WriteJson(
                new { Command = "data list", Sets = rows, Roots = roots });
        }
        else
        {
            Show(invocation, rows);
        }
        AskedFolder.Write(invocation, "data-list", started, new { Roots = roots }, rows);
        return Task.FromResult(ExitCode.Success);
    }

    private static void Show(Invocation invocation, IReadOnlyList<DataRow> rows)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey).AddColumns("name", "what", "where");
        foreach (var row in rows)
        {
            table.AddRow(
                $"[bold]{Markup.Escape(row.Name)}[/]",
                Markup.Escape(row.Description),
                row.Folder is null ? $"[yellow]not here; {ProgramName.Text} data get {row.Name}[/]" : Markup.Escape(row.Folder));
        }
        invocation.Out.Write(table);
    }

    private static async Task<ExitCode> Get(Invocation invocation, DataSetDescriptor set)
    {
        var folder = Path.Combine(invocation.OutputFolder ?? DataCatalog.UserDataFolder, set.Name);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var progress = invocation.Quiet ? null : new DownloadLines(invocation.Environment);
        var files = await new DataDownloader(http).DownloadAsync(set, folder, progress, invocation.Stop);
        var text = files.Count == 0
            ? $"{set.Name} is whole already, in {folder}"
            : $"{set.Name}: {files.Count} files verified, in {folder}; licence: {set.Licence}";
        if (invocation.Json)
        {
            invocation.WriteJson(
                new { Command = "data get", set.Name, Folder = Path.GetFullPath(folder), Downloaded = files });
        }
        else
        {
            invocation.Environment.Output.WriteLine(text);
        }
        return ExitCode.Success;
    }

    private static string DescriptionOf(string name) =>
        DataSets.All.FirstOrDefault(set => set.Name == name)?.Description ?? "a folder with IDX files";

    /// <param name="Folder">Where it lies, empty when it needs no place, null when it is not here.</param>
    private sealed record DataRow(string Name, string Description, string? Folder);

    /// <summary>A line on stderr for each fifth of a file.</summary>
    private sealed class DownloadLines(ConsoleEnvironment environment) : IProgress<DownloadProgress>
    {
        private (string File, long Step) _last;

        public void Report(DownloadProgress value)
        {
            var step = value.TotalBytes is { } total and > 0 ? value.Bytes * 5 / total : value.Bytes / 5_000_000;
            if ((value.File, step) == _last)
            {
                return;
            }
            _last = (value.File, step);
            var of = value.TotalBytes is { } whole ? " of " + Quantity.Bytes(whole) : "";
            environment.Error.WriteLine($"{value.File}: {Quantity.Bytes(value.Bytes)}{of}");
        }
    }
}
