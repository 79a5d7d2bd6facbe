using System.Globalization;

namespace OrleansEdge.Core.Data;

/// <summary>The rows of one EUA file, split at commas and checked against the header.</summary>
internal sealed class EuaTable
{
    private readonly string _file;
    private readonly string[] _header;
    private readonly int _latitude;
    private readonly int _longitude;

    private EuaTable(string file, string[] header, List<Row> rows)
    {
        (_file, _header, Rows) = (file, header, rows);
        (_latitude, _longitude) = (Required("LATITUDE"), Required("LONGITUDE"));
    }

    public List<Row> Rows { get; }

    public static EuaTable Read(string path)
    {
        if (!File.Exists(path))
        {
            throw OrleansEdgeException.MissingInput($"{path}: no such file; expected a CSV file of the EUA data set");
        }
        var file = Path.GetFileName(path);
        string[]? header = null;
        var rows = new List<Row>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var fields = line.Split(',');
            if (header is null)
            {
                header = fields;
            }
            else if (line.Length > 0)
            {
                rows.Add(fields.Length == header.Length
                    ? new Row(number, fields)
                    : throw OrleansEdgeException.WrongData(
                        $"{file}:{number}: {fields.Length} columns in \"{line}\"; expected {header.Length}"));
            }
        }
        return header is not null && rows.Count > 0
            ? new EuaTable(file, header, rows)
            : throw OrleansEdgeException.WrongData($"{file}: no rows; expected a header line and at least one row");
    }

    /// <summary>The column's index, or -1.</summary>
    public int Column(string name) =>
        Array.FindIndex(_header, field => field.Trim().Equals(name, StringComparison.OrdinalIgnoreCase));

    public GeoPoint Location(Row row) => new(
        Degrees(row, _latitude, "latitude", 90),
        Degrees(row, _longitude, "longitude", 180));

    private int Required(string name)
    {
        var column = Column(name);
        return column >= 0 ? column : throw OrleansEdgeException.WrongData(
            $"{_file}:1: no column {name} in \"{string.Join(',', _header)}\"");
    }

    private double Degrees(Row row, int column, string what, double bound)
    {
        var text = row.Fields[column];
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && Math.Abs(value) <= bound
            ? value
            : throw OrleansEdgeException.WrongData(
                $"{_file}:{row.Line}: {what} \"{text}\"; expected degrees from -{bound} to {bound}");
    }

    /// <param name="Line">1-based, the header counts.</param>
    internal readonly record struct Row(int Line, string[] Fields);
}
