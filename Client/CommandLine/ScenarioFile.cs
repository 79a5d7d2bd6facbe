using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;

namespace OrleansEdge.Client.CommandLine;

/// <summary>A JSON object of option values: keys are long option names without dashes.</summary>
internal static class ScenarioFile
{
    private const int MostBytes = 1 << 20;
    private const int MostShown = 60;

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
        var lines = new Dictionary<string, int>();
        foreach (var (key, value, line) in Entries(path))
        {
            if (!lines.TryAdd(key, line))
            {
                throw Wrong(path, line, $"key '{key}' stands in line {lines[key]} too; expected once");
            }
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
                _ => throw Wrong(path, line, $"key '{key}' is {Shown(value)}; expected true or false"),
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
            : throw Wrong(path, line, $"key '{key}' is {Shown(value)}; expected {check.Expected}");
    }

    private static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= MostShown ? text : text[..MostShown] + "...";
    }

    private static List<(string Key, JsonElement Value, int Line)> Entries(string path)
    {
        var bytes = Bytes(path).Span;
        if (bytes.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw Wrong(path, 1, "empty; expected one object of option values");
        }
        var invalid = FirstInvalid(bytes);
        if (invalid >= 0)
        {
            var (line, column) = PlaceOf(bytes, invalid);
            throw Wrong(path, line, column, $"byte 0x{bytes[invalid]:x2} is not UTF-8; expected a text in UTF-8");
        }
        try
        {
            return Entries(path, bytes);
        }
        catch (JsonException exception)
        {
            var (line, column) = ((int)(exception.LineNumber ?? 0) + 1, (int)(exception.BytePositionInLine ?? 0) + 1);
            var why = exception.Message.Split(". ")[0].TrimEnd('.');
            throw Wrong(path, line, column, $"not JSON ({why}); expected one object of option values");
        }
    }

    private static ReadOnlyMemory<byte> Bytes(string path)
    {
        try
        {
            return InputFile.ReadText(path, "one object of option values", MostBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OrleansEdgeException.MissingInput($"--scenario is {path}; expected a JSON file that can be read");
        }
    }

    private static List<(string Key, JsonElement Value, int Line)> Entries(string path, ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, Lenient);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Wrong(path, 1, "not an object; expected one object of option values");
        }
        var entries = new List<(string, JsonElement, int)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (line, column) = PlaceOf(bytes, (int)reader.TokenStartIndex);
            try
            {
                var key = reader.GetString()!;
                reader.Read();
                var value = JsonElement.ParseValue(ref reader);
                if (value.ValueKind == JsonValueKind.String)
                {
                    _ = value.GetString();
                }
                entries.Add((key, value, line));
            }
            catch (InvalidOperationException)
            {
                throw Wrong(path, line, column, "half of a surrogate pair (\\ud800 to \\udfff); expected a whole character");
            }
        }
        reader.Read(); // throws where something follows the object
        return entries;
    }

    /// <summary>The index of the first byte that is not UTF-8, or -1.</summary>
    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) != OperationStatus.Done)
            {
                return at;
            }
            at += length;
        }
        return -1;
    }

    /// <summary>Line and column of a byte, both from 1; columns are bytes.</summary>
    private static (int Line, int Column) PlaceOf(ReadOnlySpan<byte> bytes, int index)
    {
        var before = bytes[..index];
        return (1 + before.Count((byte)'\n'), index - before.LastIndexOf((byte)'\n'));
    }

    private static OrleansEdgeException Wrong(string path, int line, string what) =>
        OrleansEdgeException.WrongData($"{path}:{line}: {what}");

    private static OrleansEdgeException Wrong(string path, int line, int column, string what) =>
        OrleansEdgeException.WrongData($"{path}:{line}:{column}: {what}");
}
