using System.Globalization;
using System.Text.RegularExpressions;
using OrleansEdge.Client.CommandLine;

namespace OrleansEdge.Tests.Client;

/// <summary>
/// What README.md and docs/ say can be done: every command line runs, every file is there. A comment
/// <c>&lt;!-- scale: COMMAND => OPTIONS --&gt;</c> in a document runs a command with options that make it smaller, by
/// no more than ten times; <c>&lt;!-- parsed: COMMAND: why --&gt;</c> has it parsed only. What needs a cluster or the
/// network is parsed too; the tests of those parts run it.
/// </summary>
public sealed partial class DocumentTests
{
    private static readonly string[] NeedsMore = ["cluster ", "bench cluster", "data get ", "doctor --clustering"];

    public static TheoryData<string, string> Commands() =>
        [.. Documents().SelectMany(CommandsOf).Distinct().Select(entry => (entry.Document, entry.Command))];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_line_is_one_that_the_console_takes(string document, string command)
    {
        Assert.SkipWhen(document.Length == 0, "the documents are not beside the tests");
        using var console = new ConsoleHarness();
        var help = await console.Run([.. Arguments(command), "--help"]);
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        if (command.Contains("--help"))
        {
            return;
        }
        var parsed = ConsoleApplication.Parse(Arguments(command), HarnessEnvironment(console));
        var line = parsed.Errors.Count == 0 ? null : UsageErrors.FirstLine(parsed);
        Assert.True(
            line is null || line.Contains("needs one of", StringComparison.Ordinal) || IsGroupWithArguments(command),
            $"{document}: oe {command}: {line}");
    }

    public static TheoryData<string, string> CommandsThatRunHere() =>
    [
        .. Documents().SelectMany(CommandsOf).DistinctBy(entry => entry.Command)
            .Where(entry => !NeedsMore.Any(start => $"{entry.Command} ".StartsWith(start, StringComparison.Ordinal)))
            .Where(entry => !IsPattern(entry.Command) && !Marks("parsed").Any(mark => mark.Command == entry.Command))
            .Select(entry => (entry.Document, entry.Command)),
    ];

    [Theory]
    [MemberData(nameof(CommandsThatRunHere))]
    public async Task Every_command_line_runs_as_written_or_as_far_as_a_document_scales_it(
        string document, string command)
    {
        Assert.SkipWhen(document.Length == 0, "the documents are not beside the tests");
        var scale = Marks("scale").SingleOrDefault(mark => mark.Command == command).Words;
        var scaled = scale is null ? Arguments(command) : Scaled(Arguments(command), Arguments(scale));
        using var console = new ConsoleHarness();
        string[] output = scaled.Contains("--output") ? [] : ["--output", console.PathOf("run")];
        for (var i = 0; i + 1 < scaled.Length; i++)
        {
            scaled[i + 1] = scaled[i] is "--output" or "--resume" ? console.PathOf("a") : scaled[i + 1];
        }
        if (scaled.Contains("--resume"))
        {
            var first = await console.Run(
                "train", "adacomp", "--updates", "200", "--evaluate-every", "0", "--quiet", "--output",
                console.PathOf("a"));
            Assert.Equal((0, ""), (first.ExitCode, first.Error));
            output = [];
        }
        var mayFallShort = scale is not null && scaled.Contains("--target-accuracy");
        // Measuring the model as often as in a long run would take longer than the updates.
        string[] evaluations = scaled[0] != "train" || scaled.Contains("--resume") ? []
            : ["--evaluate-every", mayFallShort ? "500" : "0"];
        var run = await console.Run([.. scaled, "--quiet", .. evaluations, .. output]);
        Assert.True(
            run.ExitCode == 0 || (run.ExitCode == 75 && mayFallShort),
            $"{document}: oe {command}: {run.ExitCode} {run.Error}");
        Assert.NotEqual("", run.Output);
    }

    [Fact]
    public void Every_mark_is_of_a_command_of_its_document()
    {
        Assert.SkipWhen(Root() is null, "the documents are not beside the tests");
        var commands = Documents().SelectMany(CommandsOf).ToHashSet();
        Assert.DoesNotContain(
            Marks("scale").Concat(Marks("parsed")), mark => !commands.Contains((mark.Document, mark.Command)));
    }

    [Fact]
    public void Every_file_that_a_document_links_to_is_there()
    {
        Assert.SkipWhen(Root() is null, "the documents are not beside the tests");
        var missing =
            from document in Documents()
            let path = Path.Combine(Root()!, document)
            from Match link in LinkPattern().Matches(File.ReadAllText(path))
            let target = link.Groups["target"].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target))
            select $"{document}: {target}";
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_document_that_a_source_file_names_is_there()
    {
        Assert.SkipWhen(Root() is null, "the documents are not beside the tests");
        string[] kinds = ["*.cs", "*.csproj", "*.props", "*.targets", "*.proj", "*.md", "*.yml"];
        var missing =
            from kind in kinds
            from file in Directory.EnumerateFiles(Root()!, kind, SearchOption.AllDirectories)
            where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
            from Match name in DocumentPattern().Matches(File.ReadAllText(file))
            where !File.Exists(Path.Combine(Root()!, name.Value))
            select $"{Path.GetRelativePath(Root()!, file)}: {name.Value}";
        Assert.Empty(missing);
    }

    private static string[] Scaled(string[] arguments, string[] options)
    {
        var factor = 1.0;
        var result = arguments.ToList();
        for (var i = 0; i + 1 < options.Length; i += 2)
        {
            var at = result.IndexOf(options[i]);
            var smaller = double.Parse(options[i + 1], CultureInfo.InvariantCulture);
            factor *= smaller / (at >= 0
                ? double.Parse(result[at + 1], CultureInfo.InvariantCulture)
                : DefaultOf(arguments, options[i]));
            if (at >= 0)
            {
                result[at + 1] = options[i + 1];
            }
            else
            {
                result.AddRange([options[i], options[i + 1]]);
            }
        }
        Assert.InRange(factor, 0.0999, 1);
        return [.. result];
    }

    private static double DefaultOf(string[] arguments, string name)
    {
        using var console = new ConsoleHarness();
        var command = ConsoleApplication.Parse(arguments, HarnessEnvironment(console)).CommandResult.Command;
        var option = UsageErrors.OptionsOf(command).Single(option => option.Name == name);
        return Convert.ToDouble(option.GetDefaultValue(), CultureInfo.InvariantCulture);
    }

    private static ConsoleEnvironment HarnessEnvironment(ConsoleHarness console) => new()
    {
        Output = TextWriter.Null,
        Error = TextWriter.Null,
        Data = console.Data,
        Training = new OrleansEdge.Client.Training.VirtualTimeHost(console.Data),
    };

    /// <summary>"oe play" and "oe play GAME" speak of commands.</summary>
    private static bool IsPattern(string command) =>
        command.Split(' ').Any(word => word.Length > 1 && word.All(c => char.IsAsciiLetterUpper(c)))
        || command.Split(' ') is [_] && command is not ("demo" or "doctor");

    private static bool IsGroupWithArguments(string command) => IsPattern(command);

    private static string[] Arguments(string command) => command.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<(string Document, string Command)> CommandsOf(string document)
    {
        if (Root() is not { } root)
        {
            return [("", "demo")];
        }
        var text = File.ReadAllText(Path.Combine(root, document));
        return CommandPattern().Matches(text)
            .Select(match => (document, match.Groups["command"].Value.Split('#')[0].Trim()))
            .Where(entry => entry.Item2.Length > 0);
    }

    /// <summary>The comments of a kind: of which command, and what is said of it.</summary>
    private static IEnumerable<(string Document, string Command, string Words)> Marks(string kind) =>
        from document in Root() is null ? [] : Documents()
        let text = File.ReadAllText(Path.Combine(Root()!, document))
        from Match mark in MarkPattern().Matches(text)
        where mark.Groups["kind"].Value == kind
        select (document, mark.Groups["command"].Value, mark.Groups["words"].Value);

    private static IEnumerable<string> Documents()
    {
        if (Root() is not { } root)
        {
            return [""];
        }
        var docs = Directory.GetFiles(Path.Combine(root, "docs"), "*.md").Select(file => "docs/" + Path.GetFileName(file));
        return docs.Order(StringComparer.Ordinal).Prepend("CONTRIBUTING.md").Prepend("README.md");
    }

    /// <summary>The repository's folder, or null where the tests lie elsewhere.</summary>
    private static string? Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "OrleansEdge.sln")))
            {
                return at.FullName;
            }
        }
        return null;
    }

    [GeneratedRegex(@"(?m)(^    oe |^    dotnet run -c Release --project Client -- |`oe )(?<command>[^`\n]+)")]
    private static partial Regex CommandPattern();

    [GeneratedRegex("<!-- (?<kind>scale|parsed): (?<command>.+?)(?: =>|:) (?<words>[^>]+) -->")]
    private static partial Regex MarkPattern();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"\bdocs/[a-z0-9/-]+\.md\b")]
    private static partial Regex DocumentPattern();
}
