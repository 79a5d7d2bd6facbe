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
    private readonly Dictionary<string, (int Line, string Value)> _metadata = new(StringComparer.OrdinalIgnoreCase);

    private TntpFile(string path) => Path = path;

    public string Path { get; }

    /// <summary>
    /// Data lines that are not empty, without comments, each with its number in the file, counted from 1.
    /// </summary>
    public List<(int Line, string Text)> Data { get; } = [];

    /// <summary>The number of the last line.</summary>
    public int LastLine { get; private set; }

    /// <summary>Reads a file; one without metadata is all data.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hasMetadata">Whether the data starts after the end of metadata.</param>
    /// <exception cref="OrleansEdgeException">The file is missing (66), or its metadata does not end (65).</exception>
    public static TntpFile Read(string path, bool hasMetadata)
    {
        if (!File.Exists(path))
        {
            throw OrleansEdgeException.MissingInput($"{path}: no such file; expected a TNTP file");
        }
        var file = new TntpFile(path);
        var isData = !hasMetadata;
        foreach (var line in File.ReadLines(path))
        {
            file.LastLine++;
            var text = line.Split('~')[0].Trim();
            if (isData && text.Length > 0)
            {
                file.Data.Add((file.LastLine, text));
            }
            else if (text.StartsWith('<'))
            {
                isData |= file.AddMetadata(text);
            }
        }
        return isData ? file : throw file.Wrong(file.LastLine, "the file ends", $"<{EndOfMetadata}>");
    }

    /// <summary>An integer of the metadata.</summary>
    public int MetadataInt(string key, int? absent = null)
    {
        if (!_metadata.TryGetValue(key, out var entry))
        {
            return absent ?? throw Wrong(LastLine, "no such metadata", $"<{key}>");
        }
        return int.TryParse(entry.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Wrong(entry.Line, $"<{key}> {entry.Value}", "an integer");
    }

    /// <summary>A number of the metadata; null if it is not there.</summary>
    public double? MetadataDouble(string key) =>
        _metadata.TryGetValue(key, out var entry) ? Number(entry.Line, $"<{key}>", entry.Value) : null;

    public double Number(int line, string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Wrong(line, $"{name} {text}", "a number");

    public int Integer(int line, string name, string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Wrong(line, $"{name} {text}", "an integer");

    public OrleansEdgeException Wrong(int line, string found, string expected) =>
        OrleansEdgeException.WrongData($"{Path}:{line}: {found}; expected {expected}");

    /// <summary>The fields of a data line between white space, its closing ";" left out.</summary>
    public string[] Fields(int line, string text, int count, string names)
    {
        var fields = text.TrimEnd(';').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length >= count
            ? fields
            : throw Wrong(line, $"{fields.Length} fields", $"{count}: {names}");
    }

    private bool AddMetadata(string text)
    {
        var end = text.IndexOf('>', StringComparison.Ordinal);
        if (end < 0)
        {
            throw Wrong(LastLine, text, "<KEY> value");
        }
        var key = text[1..end].Trim();
        _metadata[key] = (LastLine, text[(end + 1)..].Trim());
        return key.Equals(EndOfMetadata, StringComparison.OrdinalIgnoreCase);
    }
}
