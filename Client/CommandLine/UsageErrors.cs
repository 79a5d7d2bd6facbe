using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrleansEdge.Client.CommandLine;

/// <summary>Says in one line what is wrong with a command line.</summary>
internal static class UsageErrors
{
    /// <summary>The line for the first error, or null when there is none.</summary>
    public static string? FirstLine(ParseResult result)
    {
        if (result.Errors.Count == 0)
        {
            return null;
        }
        var command = result.CommandResult.Command;
        if (result.UnmatchedTokens.Count > 0)
        {
            return Unmatched(command, result.UnmatchedTokens[0]);
        }
        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            return $"'{PathOf(result)}' needs one of {string.Join(", ", NamesOf(command.Subcommands))}";
        }
        var error = result.Errors.FirstOrDefault(error => error.SymbolResult is not null) ?? result.Errors[0];
        return Line(error.SymbolResult) ?? error.Message.ReplaceLineEndings(" ");
    }

    private static string? Line(SymbolResult? result)
    {
        var option = result as OptionResult ?? result?.Parent as OptionResult;
        var expected = (option?.Option as ICheckedOption)?.Expected;
        return option switch
        {
            { Tokens.Count: 0 } when expected is not null => $"{option.Option.Name} has no value; expected {expected}",
            { IdentifierTokenCount: > 1 } =>
                $"{option.Option.Name} is given {option.IdentifierTokenCount} times; expected once",
            { Option: var flag } when flag.Arity.MaximumNumberOfValues == 0 && result!.Tokens.Count > 0 =>
                $"{flag.Name} is {result.Tokens[0].Value}; expected no value",
            _ => result is ArgumentResult { Tokens.Count: 0, Argument: var argument } && option is null
                ? $"{argument.Name} is missing; expected {argument.Description}"
                : null,
        };
    }

    private static string Unmatched(Command command, string token)
    {
        if (token.StartsWith('-'))
        {
            var name = token.Split('=')[0];
            return Unknown($"option {name} is unknown to '{command.Name}'", name, OptionNames(command), listAll: false);
        }
        return command.Subcommands.Count > 0
            ? Unknown(
                $"command '{token}' is unknown to '{command.Name}'", token, NamesOf(command.Subcommands), listAll: true)
            : $"'{token}' is not expected here; '{command.Name}' takes options only";
    }

    private static string Unknown(string what, string name, IReadOnlyList<string> candidates, bool listAll)
    {
        var nearest = NearestName.Of(name, candidates);
        return what + (nearest is not null ? $"; did you mean {nearest}?"
            : listAll ? $"; expected one of {string.Join(", ", candidates)}"
            : "; --help lists the options");
    }

    private static List<string> NamesOf(IEnumerable<Symbol> symbols) =>
        [.. symbols.Where(symbol => !symbol.Hidden).Select(symbol => symbol.Name)];

    /// <summary>The long options that a command takes, its own and the recursive ones above it.</summary>
    public static IReadOnlyList<string> OptionNames(Command command) => NamesOf(OptionsOf(command));

    /// <summary>The options that a command takes, its own and the recursive ones above it.</summary>
    public static IEnumerable<Option> OptionsOf(Command command)
    {
        var above = command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive);
        return command.Options.Concat(above);
    }

    private static string PathOf(ParseResult result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result.CommandResult; at is CommandResult command; at = at.Parent)
        {
            names.Insert(0, command.Command.Name);
        }
        return string.Join(' ', names);
    }
}
