using System.CommandLine;
using System.Text;
using System.Text.Json;
using OrleansEdge.Core;

namespace OrleansEdge.Client.CommandLine;

/// <summary>A JSON object of option values: keys are long option names without dashes.</summary>
internal static class ScenarioFile
{
    private static readonly JsonReaderOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>
    /// The tokens that stand for the file's values, without those that the command line gives itself.
    /// </summary>
    /// <exception cref="OrleansEdgeException">The file is missing (66), or a key or value is wrong (65).</exception>
    public static IReadOnlyList<string> Tokens(string path, ParseResult given)
    {
        var options = UsageErrors.OptionsOf(given.CommandResult.Command).ToDictionary(option => option.Name);
        var tokens = new List<string>();
        foreach (var (key, value, line) in Entries(path))
        {
            var name = "--" + key;
            if (!options.TryGetValue(name, out var option) || name is "--scenario" or "--help" or "--version")
            {
                var nearest = NearestName.Of(name, options.Keys);
                throw Wrong(path, line, $"key '{key}' is unknown to '{given.CommandResult.Command.Name}'"
                    + (nearest is null ? "; --help lists the options" : $"; did you mean '{nearest[2..]}'?"));
            }
            var token = Token(path, line, key, value, option);
            if (token is not null && given.GetResult(option) is null or { Implicit: true })
            {
                tokens.AddRange(token);
            }
        }
        return tokens;
    }

    private static string[]? Token(string path, int line, string key, JsonElement value, Option option)
    {
        if (option is not ICheckedOption check)
        {
            return value.ValueKind switch
            {
                JsonValueKind.True => [option.Name],
                JsonValueKind.False => null,
                _ => throw Wrong(path, line, $"key '{key}' is {value.GetRawText()}; expected true or false"),
            };
        }
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        return text is not null && check.Accepts(text)
            ? [option.Name, text]
            : throw Wrong(path, line, $"key '{key}' is {value.GetRawText()}; expected {check.Expected}");
    }

    private static List<(string Key, JsonElement Value, int Line)> Entries(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OrleansEdgeException.MissingInput($"--scenario is {path}; expected a JSON file that can be read");
        }
        try
        {
            return Entries(path, bytes);
        }
        catch (JsonException exception)
        {
            throw Wrong(path, (int)(exception.LineNumber ?? 0) + 1, "not JSON; expected one object of option values");
        }
    }

    private static List<(string Key, JsonElement Value, int Line)> Entries(string path, byte[] bytes)
    {
        ReadOnlySpan<byte> text = bytes;
        var offset = text.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var reader = new Utf8JsonReader(text[offset..], Lenient);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Wrong(path, 1, "not an object; expected one object of option values");
        }
        var entries = new List<(string, JsonElement, int)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var line = 1 + text[..(offset + (int)reader.TokenStartIndex)].Count((byte)'\n');
            var key = reader.GetString()!;
            reader.Read();
            entries.Add((key, JsonElement.ParseValue(ref reader), line));
        }
        reader.Read();
        return entries;
    }

    private static OrleansEdgeException Wrong(string path, int line, string what) =>
        OrleansEdgeException.WrongData($"{path}:{line}: {what}");
}
