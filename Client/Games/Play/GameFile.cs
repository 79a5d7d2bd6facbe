using System.ComponentModel;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// Games as JSON files: what <c>--write-instance</c> writes and <c>--file</c> reads. A member that a game does not have,
/// one given twice, and a number that no cost can be are refused by name and line.
/// </summary>
internal static class GameFile
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new FiniteNumber(), new ExactNumber(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>What the serializer says about types of .NET, and what a file's author needs to know of it.</summary>
    private static readonly (string Theirs, string Ours)[] Words =
    [
        ("^The JSON property '(.*)' could not be mapped to any .NET member.*", "unknown member '$1'"),
        ("^JSON deserialization for type '.*' was missing required properties including: (.*)", "$1 is missing"),
        ("^Duplicate property '(.*)' encountered during deserialization of type.*", "member '$1' is given twice"),
        ("^The JSON value could not be converted to .*", "another kind of value stands here"),
        ("^The (?:property or field|constructor parameter) '(.*?)' .* doesn't allow .*null values.*", "'$1' is null"),
    ];

    /// <summary>
    /// Reads a game and makes something of it, which is given up at the wish to stop; what is wrong with either is named
    /// with the file.
    /// </summary>
    /// <exception cref="OrleansEdgeException">The file is missing (66), or a value in it is wrong (65).</exception>
    /// <exception cref="OperationCanceledException">Stopped before there was one.</exception>
    public static TGame Read<TFile, TGame>(Invocation invocation, string path, Func<TFile, TGame> make) =>
        Timed.Made(invocation, () => Read(path, make));

    private static TGame Read<TFile, TGame>(string path, Func<TFile, TGame> make)
    {
        if (!File.Exists(path))
        {
            throw OrleansEdgeException.MissingInput($"--file is {path}; expected a JSON file that exists");
        }
        var text = InputFile.ReadText(path, "a game");
        try
        {
            var file = JsonSerializer.Deserialize<TFile>(text.Span, Strict)
                ?? throw OrleansEdgeException.WrongData("1: null; expected an object");
            return PathOfNull(file) is { } member
                ? throw OrleansEdgeException.WrongData($"{member[1..]} is null; expected a value")
                : make(file);
        }
        catch (JsonException exception)
        {
            var (line, column) = ((exception.LineNumber ?? 0) + 1, (exception.BytePositionInLine ?? 0) + 1);
            throw OrleansEdgeException.WrongData(
                $"{path}:{line}:{column}: {exception.Path ?? "$"}: {Reason<TFile>(exception)}");
        }
        catch (OrleansEdgeException exception) when (exception.ExitCode is ExitCode.Data or ExitCode.Usage)
        {
            throw OrleansEdgeException.WrongData($"{path}: {exception.Message}");
        }
    }

    /// <summary>Writes a game that was drawn, whole or not at all.</summary>
    public static void Write<TFile>(string path, TFile game) =>
        AtomicFile.WriteThrough(path, stream => JsonSerializer.Serialize(stream, game, Strict));

    /// <exception cref="OrleansEdgeException">The member is missing or empty (65).</exception>
    public static T[] Required<T>(T[]? values, string name) => values is { Length: > 0 } ? values
        : throw OrleansEdgeException.WrongData($"'{name}' is missing or empty; expected a list");

    /// <summary>A table whose rows are of one length, as one array.</summary>
    /// <exception cref="OrleansEdgeException">A row has another length (65).</exception>
    public static T[] Flat<T>(T[][]? rows, string name, int columns)
    {
        foreach (var (index, row) in Required(rows, name).Index())
        {
            if (row?.Length != columns)
            {
                throw OrleansEdgeException.WrongData(
                    $"{name}[{index}] has {row?.Length ?? 0} values; expected {columns}");
            }
        }
        return [.. rows!.SelectMany(row => row)];
    }

    /// <summary>The same the other way round.</summary>
    public static T[][] Rows<T>(IReadOnlyList<T> values, int columns) =>
        [.. values.Chunk(Math.Max(1, columns))];

    /// <summary>Where a list inside holds null, such as ".slots[2].tasks[0]"; null where none does.</summary>
    private static string? PathOfNull(object value)
    {
        if (value is IEnumerable<object?> list)
        {
            return list.Select((one, i) => (Path: one is null ? "" : PathOfNull(one), Index: i))
                .Where(found => found.Path is not null).Select(found => $"[{found.Index}]{found.Path}").FirstOrDefault();
        }
        var shape = Strict.GetTypeInfo(value.GetType());
        return shape.Kind != JsonTypeInfoKind.Object ? null : shape.Properties
            .Where(member => member is { Get: not null, Set: not null, PropertyType.IsValueType: false })
            .Select(member => (member.Name, Path: member.Get!(value) is { } inner ? PathOfNull(inner) : null))
            .Where(found => found.Path is not null).Select(found => $".{found.Name}{found.Path}").FirstOrDefault();
    }

    private static string Reason<TFile>(JsonException exception)
    {
        var shape = typeof(TFile).GetCustomAttribute<DescriptionAttribute>()?.Description;
        var members = shape ?? "an object of " + string.Join(", ", typeof(TFile).GetProperties()
            .Where(member => member.CanWrite).Select(member => $"'{JsonNamingPolicy.CamelCase.ConvertName(member.Name)}'"));
        var text = exception.Message.Split(" Path: $")[0].ReplaceLineEndings(" ").TrimEnd('.');
        return $"{Words.Aggregate(text, (told, word) => Regex.Replace(told, word.Theirs, word.Ours))}; expected {members}";
    }

    /// <summary>
    /// A number as it stands in the file: integers of any length, other numbers as the nearest double.
    /// </summary>
    private sealed class ExactNumber : JsonConverter<Dyadic>
    {
        private const int MostDigits = 320;

        public override Dyadic Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var text = Digits(ref reader);
            return text.Length <= MostDigits && BigInteger.TryParse(
                text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                ? integer
                : Finite(text);
        }

        public override void Write(Utf8JsonWriter writer, Dyadic value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Nearest);
    }

    /// <summary>A double; an integer that is none is refused, not rounded.</summary>
    private sealed class FiniteNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var text = Digits(ref reader);
            var value = Finite(text);
            return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                && integer != new BigInteger(value)
                ? throw new JsonException($"{text} has more digits than a double holds here")
                : value;
        }

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value);
    }

    private static string Digits(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number
        ? System.Text.Encoding.ASCII.GetString(reader.ValueSpan)
        : throw new JsonException($"a {reader.TokenType} stands where a number is expected");

    private static double Finite(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new JsonException($"{text} is too large for a double");
}

/// <summary>The two options of a game that has a file format.</summary>
internal sealed class GameFileFlags
{
    private readonly CheckedOption<string?> _file = Options.Text(
        "--file", "The game from a JSON file instead of drawn; see docs/games.md.", "a JSON file", "FILE");
    private readonly CheckedOption<string?> _write = Options.Text(
        "--write-instance", "Writes the drawn game as JSON, so that anyone can check the certificate.", "a file name", "FILE",
        writes: true);

    public IReadOnlyList<System.CommandLine.Option> All => [_file, _write];

    /// <summary>
    /// The file that is given, or null to draw. Options that describe the draw are refused beside it.
    /// </summary>
    /// <param name="drawing">Options that a file overrides.</param>
    /// <exception cref="OrleansEdgeException">An option of the draw is given beside the file (64).</exception>
    public string? Given(Invocation invocation, params IEnumerable<System.CommandLine.Option> drawing)
    {
        if (invocation.Value(_file) is not { } file)
        {
            return null;
        }
        Refusal.With(invocation, "--file", [_write, .. drawing]);
        return file;
    }

    /// <summary>Writes the game if that is asked for; the game is not made otherwise.</summary>
    public void Write<TFile>(Invocation invocation, Func<TFile> game)
    {
        if (invocation.Value(_write) is { } path)
        {
            GameFile.Write(path, game());
        }
    }
}

/// <summary>Options that would have no effect are refused by name.</summary>
internal static class Refusal
{
    /// <exception cref="OrleansEdgeException">One of the options is given (64).</exception>
    public static void With(Invocation invocation, string mode, params IEnumerable<System.CommandLine.Option> options)
    {
        if (options.FirstOrDefault(invocation.IsGiven) is { } given)
        {
            throw OrleansEdgeException.Usage($"{given.Name} is given with {mode}; expected without");
        }
    }
}
