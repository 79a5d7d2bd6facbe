using System.Globalization;

namespace OrleansEdge.Core.Data.Tntp;

/// <summary>
/// The shape that TNTP files share (Transportation Networks for Research): metadata lines "&lt;KEY&gt; value" up to
/// "&lt;END OF METADATA&gt;", then data, with comments after "~" and statements that end in ";". Errors name file and
/// line.
/// </summary>
internal sealed class TntpFile
{
    private const string EndOfMetadata = "END OF METADATA";

    /// <summary>What may stand in every file and says nothing to a program.</summary>
    private static readonly string[] Remarks = ["ORIGINAL HEADER", "SCENARIO"];

    private readonly Dictionary<string, (int Line, string Value)> _metadata = [];
    private readonly List<string> _warnings = [];
    private readonly string[] _keys;

    private TntpFile(string path, string[] keys) => (Path, _keys) = (path, keys);

    public string Path { get; }

    /// <summary>
    /// Data lines that are not empty, without comments, each with its number in the file, counted from 1.
    /// </summary>
    public List<(int Line, string Text)> Data { get; } = [];

    /// <summary>Comments between metadata and data, where files name their columns.</summary>
    public List<(int Line, string Text)> Comments { get; } = [];

    /// <summary>The number of the last line.</summary>
    public int LastLine { get; private set; }

    /// <summary>What is odd and was read all the same, each with file and line.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Reads a file; one without metadata is all data.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keys">The metadata that the caller uses; other keys are warned of.</param>
    /// <exception cref="OrleansEdgeException">
    /// The file is missing or cannot be read (66), or its metadata is wrong (65).
    /// </exception>
    public static TntpFile Read(string path, params string[] keys)
    {
        if (!File.Exists(path))
        {
            throw OrleansEdgeException.MissingInput($"{path}: no such file; expected a TNTP file");
        }
        var file = new TntpFile(path, keys);
        try
        {
            file.AddLines(File.ReadLines(path));
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OrleansEdgeException.MissingInput(
                $"{path}: cannot be read ({exception.Message}); expected a TNTP file");
        }
    }

    /// <summary>A count of the metadata.</summary>
    /// <param name="absent">Stands in where the key is not there; null requires it.</param>
    public long Count(string key, long least, long most, long? absent = null)
    {
        if (!_metadata.TryGetValue(key, out var entry))
        {
            return absent ?? throw Wrong(LastLine, "no such metadata", $"<{key}>");
        }
        return TryInteger(entry.Value, out var value) && value >= least && value <= most
            ? value
            : throw Wrong(entry.Line, $"<{key}> {entry.Value}", $"an integer from {least} to {most}");
    }

    /// <summary>A number of at least 0 in the metadata; null if it is not there.</summary>
    public double? MetadataNumber(string key)
    {
        if (!_metadata.TryGetValue(key, out var entry))
        {
            return null;
        }
        var value = Number(entry.Line, $"<{key}>", entry.Value);
        return value >= 0 ? value : throw Wrong(entry.Line, $"<{key}> {entry.Value}", "a number of at least 0");
    }

    /// <summary>The line of a key, or the last line.</summary>
    public int LineOf(string key) => _metadata.TryGetValue(key, out var entry) ? entry.Line : LastLine;

    public double Number(int line, string name, ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Wrong(line, $"{name} {text}", "a number");

    public long Integer(int line, string name, ReadOnlySpan<char> text) =>
        TryInteger(text, out var value) ? value : throw Wrong(line, $"{name} {text}", "an integer");

    public OrleansEdgeException Wrong(int line, string found, string expected) =>
        OrleansEdgeException.WrongData($"{Path}:{line}: {Shown(found)}; expected {expected}");

    public void Warn(int line, string text) => _warnings.Add($"{Path}:{line}: {text}");

    /// <summary>
    /// Data taken apart into fields between white space. A statement ends at a ";", or at the end of a line where it
    /// has all its fields: some files have no ";" at all.
    /// </summary>
    /// <param name="fields">How many a statement has.</param>
    public IEnumerable<(int Line, string[] Fields)> Statements(int fields)
    {
        var (first, statement) = (0, new List<string>());
        foreach (var (line, text) in Data)
        {
            var rest = text;
            while (rest.Length > 0)
            {
                var end = rest.IndexOf(';', StringComparison.Ordinal);
                first = statement.Count == 0 ? line : first;
                statement.AddRange((end < 0 ? rest : rest[..end]).Split(
                    (char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                rest = end < 0 ? "" : rest[(end + 1)..];
                if (statement.Count > 0 && (end >= 0 || statement.Count >= fields))
                {
                    yield return (first, [.. statement]);
                    statement.Clear();
                }
            }
        }
        if (statement.Count > 0)
        {
            yield return (first, [.. statement]);
        }
    }

    /// <summary>
    /// Takes the line that names the columns off the data; null where the data begin at once, with a number.
    /// </summary>
    public string[]? TakeHeader()
    {
        if (Data.Count == 0 || !char.IsLetter(Data[0].Text[0]))
        {
            return null;
        }
        var header = Data[0].Text;
        Data.RemoveAt(0);
        return header.Split([' ', '\t', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool TryInteger(ReadOnlySpan<char> text, out long value) => long.TryParse(
        text, NumberStyles.Integer | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    /// <summary>One line of bounded length that a terminal can show.</summary>
    private static string Shown(string text)
    {
        const int Most = 200;
        var shown = text.Length <= Most ? text : text[..Most] + "...";
        return string.Concat(shown.Select(letter => char.IsControl(letter) ? ' ' : letter));
    }

    private void AddLines(IEnumerable<string> lines)
    {
        var isEnded = false;
        foreach (var line in lines)
        {
            LastLine++;
            isEnded = AddLine(line, isEnded);
        }
        if (!isEnded && _metadata.Count > 0)
        {
            throw Wrong(LastLine, "the file ends", $"<{EndOfMetadata}>");
        }
    }

    /// <returns>Whether the metadata has ended.</returns>
    private bool AddLine(string line, bool isEnded)
    {
        var tilde = line.IndexOf('~', StringComparison.Ordinal);
        var text = (tilde < 0 ? line : line[..tilde]).Trim();
        if (!isEnded && text.StartsWith('<'))
        {
            return AddMetadata(text);
        }
        if (text.Length == 0)
        {
            if (tilde >= 0 && Data.Count == 0)
            {
                Comments.Add((LastLine, line[(tilde + 1)..]));
            }
            return isEnded;
        }
        if (!isEnded && _metadata.Count > 0)
        {
            Warn(LastLine, $"data begins without <{EndOfMetadata}>");
        }
        Data.Add((LastLine, text));
        return true;
    }

    private bool AddMetadata(string text)
    {
        var end = text.IndexOf('>', StringComparison.Ordinal);
        if (end < 0)
        {
            throw Wrong(LastLine, text, "<KEY> value");
        }
        var key = KeyOf(text[1..end]);
        var value = text[(end + 1)..].Trim();
        if (key == EndOfMetadata)
        {
            if (value.Length > 0)
            {
                Data.Add((LastLine, value));
            }
            return true;
        }
        value = value.TrimStart('=', ':').TrimEnd(';').Trim();
        if (!_keys.Contains(key) && !Remarks.Contains(key))
        {
            Warn(LastLine, $"<{Shown(key)}> is not known and not used");
        }
        else if (_metadata.TryGetValue(key, out var other) && other.Value != value && !Remarks.Contains(key))
        {
            throw Wrong(LastLine, $"<{key}> {value}", $"{other.Value} as on line {other.Line}");
        }
        _metadata[key] = (LastLine, value);
        return false;
    }

    /// <summary>Keys are told apart by their words: case, spaces and underscores do not matter.</summary>
    private static string KeyOf(string text) => string.Join(
        ' ',
        text.ToUpperInvariant().Replace('_', ' ').Replace('-', ' ')
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word == "THROUGH" ? "THRU" : word));
}
