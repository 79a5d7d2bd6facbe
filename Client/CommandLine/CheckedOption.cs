using System.CommandLine;

namespace OrleansEdge.Client.CommandLine;

/// <summary>Reads one value from its text.</summary>
internal delegate bool TryRead<T>(string text, out T value);

/// <summary>An option that can say what it expects, whichever way its value comes in.</summary>
internal interface ICheckedOption
{
    /// <summary>Ends the sentence "expected ...".</summary>
    string Expected { get; }

    /// <summary>Whether the value names a file that is written.</summary>
    bool Writes { get; }

    /// <summary>Whether the text is a value of this option.</summary>
    bool Accepts(string text);
}

/// <summary>An option of one value whose error line names the option, the value and what was expected.</summary>
internal sealed class CheckedOption<T> : Option<T>, ICheckedOption
{
    private readonly TryRead<T> _read;

    /// <param name="name">Such as "--workers".</param>
    /// <param name="description">Shown by the help.</param>
    /// <param name="expected">Ends the sentence "expected ...", such as "an integer from 1 to 9".</param>
    /// <param name="helpName">Stands for the value in the help.</param>
    public CheckedOption(string name, string description, string expected, string helpName, TryRead<T> read)
        : base(name)
    {
        (Description, Expected, HelpName, _read) = (description, expected, helpName, read);
        Arity = ArgumentArity.ExactlyOne;
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (_read(text, out var value))
            {
                return value;
            }
            result.AddError($"{Name} is {Shown(text)}; expected {Expected}");
            return default;
        };
    }

    public string Expected { get; }

    public bool Writes { get; init; }

    public bool Accepts(string text) => _read(text, out _);

    private static string Shown(string text) => text.Length == 0 || text.Contains(' ') ? $"'{text}'" : text;
}
