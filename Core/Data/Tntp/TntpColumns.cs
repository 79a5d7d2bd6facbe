using System.Text.RegularExpressions;

namespace OrleansEdge.Core.Data.Tntp;

/// <summary>
/// Which field of a link statement is what: as the comment above the links names them, or in the format's own order
/// where no comment does.
/// </summary>
internal sealed partial class TntpColumns
{
    private const int FewestNamesOfHeader = 4;
    private const int CellsOfTable = 6;
    private const int LongestName = 4;

    /// <summary>The format's own order, each with the names that files have for it.</summary>
    private static readonly string[][] Standard =
    [
        ["init_node", "init", "initial node", "from", "from node", "tail", "tail node", "start", "start node"],
        ["term_node", "term", "terminal node", "to", "to node", "head", "head node", "end", "end node"],
        ["capacity", "cap", "total capacity"],
        ["length", "len", "distance", "dist"],
        ["free_flow_time", "free flow travel time", "fft", "fftt", "ftime", "iftime", "t0"],
        ["b", "alpha"],
        ["power", "pow", "beta", "exponent"],
        ["speed", "speed limit", "ff speed", "free flow speed"],
        ["toll"],
        ["link_type", "type"],
    ];

    /// <summary>Columns without which a link has no travel time.</summary>
    private static readonly int[] Required = [0, 1, 2, 4, 5, 6];

    private static readonly Dictionary<string, int> Known = Standard.Index()
        .SelectMany(column => column.Item.Select(name => (Name: Plain(name), column.Index)))
        .ToDictionary(entry => entry.Name, entry => entry.Index);

    private readonly int[] _fieldOf;

    private TntpColumns(int[] fieldOf, int least, int most) => (_fieldOf, Least, Most) = (fieldOf, least, most);

    /// <summary>The fewest fields of a link.</summary>
    public int Least { get; }

    /// <summary>The most fields of a link.</summary>
    public int Most { get; }

    /// <summary>The names of all fields, for errors.</summary>
    public string Names { get; private init; } = string.Join(' ', Standard.Select(names => names[0]));

    /// <summary>The name of a column that is counted in the format's own order.</summary>
    public static string NameOf(int column) => Standard[column][0];

    /// <summary>The field of such a column; null where the file has none or leaves it out.</summary>
    public string? Field(string[] fields, int column) =>
        _fieldOf[column] is var field and >= 0 && field < fields.Length ? fields[field] : null;

    /// <summary>Finds the columns of a file, and warns of those that are not used.</summary>
    /// <exception cref="OrleansEdgeException">
    /// A comment names columns in an order of its own, and one is missing or comes twice (65).
    /// </exception>
    public static TntpColumns Of(TntpFile file)
    {
        for (var i = file.Comments.Count - 1; i >= 0; i--)
        {
            var cells = Cells(file.Comments[i].Text);
            if (IsHeader(cells))
            {
                return Of(file, file.Comments[i].Line, cells);
            }
        }
        return InOrder(Standard.Length);
    }

    private static TntpColumns InOrder(int least) =>
        new([.. Enumerable.Range(0, Standard.Length)], Math.Max(least, Required[^1] + 1), Standard.Length);

    private static TntpColumns Of(TntpFile file, int line, List<(string Text, int Column)> cells)
    {
        if (cells.Count <= Standard.Length && cells.Index().All(cell => cell.Item.Column == cell.Index))
        {
            return InOrder(cells.Count);
        }
        var fieldOf = new int[Standard.Length];
        Array.Fill(fieldOf, -1);
        foreach (var (field, (text, column)) in cells.Index())
        {
            if (column < 0)
            {
                file.Warn(line, $"column {text} is not known and not used");
            }
            else if (fieldOf[column] >= 0)
            {
                throw file.Wrong(line, $"column {text} comes twice", "each column once");
            }
            else
            {
                fieldOf[column] = field;
            }
        }
        var missing = Required.FirstOrDefault(column => fieldOf[column] < 0, -1);
        return missing < 0
            ? new TntpColumns(fieldOf, cells.Count, cells.Count) { Names = string.Join(' ', cells.Select(c => c.Text)) }
            : throw file.Wrong(
                line, $"columns {string.Join(", ", cells.Select(cell => cell.Text))}", $"one named {NameOf(missing)}");
    }

    /// <summary>A line that begins with one end of a link and names the other and more.</summary>
    private static bool IsHeader(List<(string Text, int Column)> cells) =>
        cells.Count > 0 && cells[0].Column is 0 or 1
        && cells.Exists(cell => cell.Column == 0) && cells.Exists(cell => cell.Column == 1)
        && cells.Count(cell => cell.Column >= 0) >= FewestNamesOfHeader;

    /// <summary>
    /// The names of a comment, with the column that each stands for or -1. Tabs, commas and wide gaps part them; where
    /// there are too few of those, single spaces do, and names of several words are put together.
    /// </summary>
    private static List<(string Text, int Column)> Cells(string comment)
    {
        var text = Unit().Replace(comment, " ").Replace(';', ' ');
        var cells = Gap().Split(text).Select(cell => cell.Trim()).Where(cell => cell.Any(char.IsLetter)).ToList();
        if (cells.Count < CellsOfTable)
        {
            return Words(string.Join(' ', cells));
        }
        var named = new List<(string, int)>();
        foreach (var cell in cells)
        {
            var words = Words(cell);
            if (words.TrueForAll(word => word.Column >= 0))
            {
                named.AddRange(words);
            }
            else
            {
                named.Add((cell, Known.GetValueOrDefault(Plain(cell), -1)));
            }
        }
        return named;
    }

    private static List<(string Text, int Column)> Words(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var named = new List<(string, int)>();
        for (var at = 0; at < words.Length;)
        {
            var length = Math.Min(LongestName, words.Length - at);
            while (length > 1 && !Known.ContainsKey(Plain(string.Concat(words[at..(at + length)]))))
            {
                length--;
            }
            var name = string.Join(' ', words[at..(at + length)]);
            named.Add((name, Known.GetValueOrDefault(Plain(name), -1)));
            at += length;
        }
        return named;
    }

    /// <summary>Letters and digits in lower case.</summary>
    private static string Plain(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex Unit();

    [GeneratedRegex(@"[\t,]|\s{2,}")]
    private static partial Regex Gap();
}
