using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Training;

namespace OrleansEdge.Tests.Client;

/// <summary>What the help of every command says is so.</summary>
public sealed partial class HelpTests : IDisposable
{
    private readonly ConsoleHarness _console = new();

    public static TheoryData<string> Leaves()
    {
        using var console = new ConsoleHarness();
        return [.. Paths(ConsoleApplication.Parse([], EnvironmentOf(console)).RootCommandResult.Command, "")];
    }

    public void Dispose() => _console.Dispose();

    [Theory]
    [MemberData(nameof(Leaves))]
    public async Task Every_printed_default_is_the_value_that_is_used(string path)
    {
        var help = await _console.Run([.. path.Split(' '), "--help"]);
        var parsed = ConsoleApplication.Parse(path.Split(' '), EnvironmentOf(_console));
        foreach (var option in UsageErrors.OptionsOf(parsed.CommandResult.Command).Where(option => !option.Hidden))
        {
            var printed = Printed(help.Output, option.Name);
            var used = parsed.GetResult(option)?.GetValueOrDefault<object?>();
            if (printed is not null)
            {
                Assert.Equal(Convert.ToString(used, CultureInfo.InvariantCulture), printed);
                Assert.DoesNotContain("(default", option.Description);
            }
            else if (option is ICheckedOption)
            {
                Assert.True(used is null or 0 or 0.0 or 0L or TimeSpan, $"{path} {option.Name} is {used} by default, which help hides");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Leaves))]
    public void Every_option_of_names_lists_them(string path)
    {
        var parsed = ConsoleApplication.Parse(path.Split(' '), EnvironmentOf(_console));
        var choices = UsageErrors.OptionsOf(parsed.CommandResult.Command)
            .Where(option => option is ICheckedOption { Expected: var expected } && expected.StartsWith("one of ", StringComparison.Ordinal));
        Assert.All(choices, option => Assert.Contains(
            ((ICheckedOption)option).Expected, option.Description!.Replace("One of", "one of", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/home/u/.dotnet/tools/oe", "oe")]
    [InlineData(null, "oe")]
    [InlineData("/w/Client/bin/oe", "Client/bin/oe")]
    [InlineData("/w/oe", "./oe")]
    [InlineData("/else where/oe", "'/else where/oe'")]
    [InlineData("/usr/bin/dotnet", "dotnet Client/bin/oe.dll")]
    public void Hints_name_the_program_as_it_can_be_started_again(string? process, string expected) => Assert.Equal(
        expected, ProgramName.Of(process, "/w/Client/bin/oe.dll", "/w", $"/usr/bin{Path.PathSeparator}/home/u/.dotnet/tools"));

    private static string? Printed(string help, string option)
    {
        var at = Regex.Match(help, $@"(?m)^  (-\S+, )*{Regex.Escape(option)}\b(?!-)");
        var rest = at.Success ? help[(at.Index + at.Length)..] : "";
        var end = NextOption().Match(rest);
        var text = (end.Success ? rest[..end.Index] : rest).ReplaceLineEndings(" ");
        var found = Regex.Match(text, @"\[default: (?<value>[^\]]*)\]");
        return found.Success ? found.Groups["value"].Value : null;
    }

    private static IEnumerable<string> Paths(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.Where(inner => !inner.Hidden).SelectMany(inner => Paths(inner, $"{path} {inner.Name}".Trim()));

    private static ConsoleEnvironment EnvironmentOf(ConsoleHarness console) => new()
    {
        Output = TextWriter.Null,
        Error = TextWriter.Null,
        Data = console.Data,
        Training = new VirtualTimeHost(console.Data),
    };

    [GeneratedRegex(@"(?m)^  -")]
    private static partial Regex NextOption();
}
