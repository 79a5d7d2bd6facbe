using System.Globalization;
using nietras.SeparatedValues;

namespace OrleansEdge.Core.Data;

/// <summary>The rows of one EUA file, taken apart and checked against the header.</summary>
internal sealed class EuaTable
{
    private const int LongestShown = 100;
    private static readonly string[] LatitudeNames = ["LATITUDE", "LAT"];
    private static readonly string[] LongitudeNames = ["LONGITUDE", "LON", "LONG", "LNG"];

    private readonly string _file;
    private readonly Row _header;
    private readonly int _latitude;
    private readonly int _longitude;

    private EuaTable(string file, Row header, List<Row> rows)
    {
        (_file, _header, Rows) = (file, header, rows);
        (_latitude, _longitude) = (Required(LatitudeNames), Required(LongitudeNames));
    }

    public List<Row> Rows { get; }

    /// <summary>Reads a file; rows without any content are left out.</summary>
    public static EuaTable Read(string path)
    {
        if (!File.Exists(path))
        {
            throw OrleansEdgeException.MissingInput($"{path}: no such file; expected a CSV file of the EUA data set");
        }
        var file = Path.GetFileName(path);
        var rows = ReadRows(path, file);
        if (rows.Count == 0)
        {
            throw OrleansEdgeException.WrongData($"{file}: no rows; expected a header line and at least one row");
        }
        var table = new EuaTable(file, rows[0], rows[1..]);
        return table.Rows.Count > 0
            ? table
            : throw OrleansEdgeException.WrongData($"{file}: no rows; expected a header line and at least one row");
    }

    /// <summary>The column's index, or -1.</summary>
    /// <exception cref="OrleansEdgeException">There are two (65).</exception>
    public int Column(params string[] names)
    {
        var found = _header.Fields.Index()
            .Where(field => names.Contains(field.Item, StringComparer.OrdinalIgnoreCase)).ToList();
        return found.Count < 2 ? found.Select(field => field.Index).FirstOrDefault(-1) : throw Wrong(
            _header, $"columns {found[0].Item} and {found[1].Item}", "one of them");
    }

    public GeoPoint Location(Row row)
    {
        var (latitude, longitude) = (Number(row, _latitude), Number(row, _longitude));
        if (Math.Abs(latitude) is > 90 and <= 180 && Math.Abs(longitude) <= 90)
        {
            throw Wrong(
                row,
                $"latitude \"{row.Fields[_latitude]}\" and longitude \"{row.Fields[_longitude]}\" are swapped",
                "latitudes from -90 to 90");
        }
        return new GeoPoint(
            Within(row, _latitude, "latitude", latitude, 90), Within(row, _longitude, "longitude", longitude, 180));
    }

    public OrleansEdgeException Wrong(Row row, string found, string expected) =>
        OrleansEdgeException.WrongData($"{_file}:{row.Line}: {found}; expected {expected}");

    private static List<Row> ReadRows(string path, string file)
    {
        var (rows, line) = (new List<Row>(), 1);
        try
        {
            using var reader = Sep.New(',').Reader(options => options with
            {
                HasHeader = false,
                DisableColCountCheck = true,
                Unescape = true,
                Trim = SepTrim.All,
            }).FromFile(path);
            foreach (var row in reader)
            {
                // Before the fields are taken: that changes the row.
                if (row.Span.Count('"') % 2 != 0)
                {
                    throw OrleansEdgeException.WrongData(
                        $"{file}:{line}: a quote that does not end; expected a second one");
                }
                var fields = new string[row.ColCount];
                for (var i = 0; i < fields.Length; i++)
                {
                    fields[i] = row[i].ToString();
                }
                if (fields.Any(field => !string.IsNullOrWhiteSpace(field)))
                {
                    rows.Add(new Row(line, fields));
                    RequireColumns(file, rows);
                }
                line = row.LineNumberToExcl;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OrleansEdgeException.MissingInput(
                $"{path}: cannot be read ({exception.Message}); expected a CSV file of the EUA data set");
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException)
        {
            throw OrleansEdgeException.WrongData(
                $"{file}:{line}: {exception.Message.ReplaceLineEndings(" ")}; expected a CSV row");
        }
        return rows;
    }

    private static void RequireColumns(string file, List<Row> rows)
    {
        RequireCommas(file, rows[0]);
        if (rows[^1].Fields.Length != rows[0].Fields.Length)
        {
            var (line, fields) = rows[^1];
            throw OrleansEdgeException.WrongData(
                $"{file}:{line}: {fields.Length} columns in \"{Shown(fields)}\"; expected {rows[0].Fields.Length}");
        }
    }

    private static void RequireCommas(string file, Row header)
    {
        if (header.Fields is [var whole] && whole.IndexOfAny([';', '\t', '|']) is var at and >= 0)
        {
            var separator = whole[at] switch { ';' => "semicolons", '\t' => "tabs", _ => "bars" };
            throw OrleansEdgeException.WrongData(
                $"{file}:{header.Line}: {separator} between the columns of \"{Shown(header.Fields)}\"; "
                + "expected commas");
        }
    }

    private static string Shown(string[] fields)
    {
        var text = string.Join(',', fields.Take(LongestShown));
        var shown = text.Length <= LongestShown ? text : text[..LongestShown] + "...";
        return string.Concat(shown.Select(letter => char.IsControl(letter) ? ' ' : letter));
    }

    private int Required(string[] names)
    {
        var column = Column(names);
        return column >= 0 ? column : throw OrleansEdgeException.WrongData(
            $"{_file}:{_header.Line}: no column {names[0]} in \"{Shown(_header.Fields)}\"");
    }

    /// <summary>NaN for what is no number.</summary>
    private static double Number(Row row, int column) =>
        double.TryParse(row.Fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : double.NaN;

    private double Within(Row row, int column, string what, double value, double bound) => Math.Abs(value) <= bound
        ? value
        : throw Wrong(row, $"{what} \"{Shown([row.Fields[column]])}\"", $"degrees from -{bound} to {bound}");

    /// <param name="Line">1-based, the header counts; where the row begins.</param>
    internal readonly record struct Row(int Line, string[] Fields);
}
