using System.Globalization;

namespace OrleansEdge.Core.Data;

/// <summary>
/// Reads the CSV files of the EUA data set (Lai et al., ICSOC 2018): a header line, commas, quotes where needed (RFC
/// 4180). Columns are found by name in any case and order; LATITUDE and LONGITUDE are required, SITE_ID and NAME are
/// taken where given.
/// </summary>
public static class EuaReader
{
    /// <summary>Reads edge server sites.</summary>
    /// <param name="path">The file.</param>
    /// <param name="border">
    /// Where the sites are; a place that lies there only with latitude and longitude swapped is refused. Null for no
    /// such check.
    /// </param>
    /// <exception cref="OrleansEdgeException">
    /// A missing file (66), or a wrong line (65): file, line, value.
    /// </exception>
    public static EdgeSite[] ReadSites(string path, GeoPolygon? border = null)
    {
        var table = EuaTable.Read(path);
        var (id, name) = (table.Column("SITE_ID"), table.Column("NAME"));
        var lines = new Dictionary<string, int>();
        return [.. table.Rows.Select((row, index) => new EdgeSite(
            id < 0 || row.Fields[id].Length == 0
                ? (index + 1).ToString(CultureInfo.InvariantCulture)
                : Unique(table, row, row.Fields[id], lines),
            name < 0 ? "" : row.Fields[name],
            Place(table, row, border)))];
    }

    /// <summary>Reads places of users, or any file of places.</summary>
    /// <param name="path">The file.</param>
    /// <param name="border">As for sites.</param>
    /// <exception cref="OrleansEdgeException">
    /// A missing file (66), or a wrong line (65): file, line, value.
    /// </exception>
    public static GeoPoint[] ReadUsers(string path, GeoPolygon? border = null)
    {
        var table = EuaTable.Read(path);
        return [.. table.Rows.Select(row => Place(table, row, border))];
    }

    /// <summary>Reads a closed boundary.</summary>
    /// <exception cref="OrleansEdgeException">
    /// A missing file (66), or a wrong line (65): file, line, value.
    /// </exception>
    public static GeoPolygon ReadBoundary(string path) => new(Path.GetFileName(path), ReadUsers(path));

    private static string Unique(EuaTable table, EuaTable.Row row, string id, Dictionary<string, int> lines) =>
        lines.TryAdd(id, row.Line)
            ? id
            : throw table.Wrong(row, $"SITE_ID {id} as on line {lines[id]}", "a different one for each site");

    private static GeoPoint Place(EuaTable table, EuaTable.Row row, GeoPolygon? border)
    {
        var place = table.Location(row);
        var swapped = new GeoPoint(place.LongitudeDegrees, place.LatitudeDegrees);
        return border is null || border.IsNear(place) || !border.IsNear(swapped)
            ? place
            : throw table.Wrong(
                row,
                FormattableString.Invariant($"latitude {place.LatitudeDegrees} and longitude {place.LongitudeDegrees}")
                + $" lie in {border.Name} only when swapped",
                "the same columns in both files");
    }
}
