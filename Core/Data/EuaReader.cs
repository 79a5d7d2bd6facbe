using System.Globalization;

namespace OrleansEdge.Core.Data;

/// <summary>
/// Reads the CSV files of the EUA data set (Lai et al., ICSOC 2018): one header line, commas, no quotes, CR LF or LF.
/// Columns are found by name in any case; LATITUDE and LONGITUDE are required, SITE_ID and NAME are taken where given.
/// </summary>
public static class EuaReader
{
    /// <summary>Reads edge server sites.</summary>
    /// <exception cref="OrleansEdgeException">
    /// A missing file (66), or a wrong line (65): file, line, value.
    /// </exception>
    public static EdgeSite[] ReadSites(string path)
    {
        var table = EuaTable.Read(path);
        var (id, name) = (table.Column("SITE_ID"), table.Column("NAME"));
        return [.. table.Rows.Select((row, index) => new EdgeSite(
            id < 0 ? (index + 1).ToString(CultureInfo.InvariantCulture) : row.Fields[id],
            name < 0 ? "" : row.Fields[name],
            table.Location(row)))];
    }

    /// <summary>Reads places of users, or any file of places.</summary>
    /// <exception cref="OrleansEdgeException">
    /// A missing file (66), or a wrong line (65): file, line, value.
    /// </exception>
    public static GeoPoint[] ReadUsers(string path)
    {
        var table = EuaTable.Read(path);
        return [.. table.Rows.Select(table.Location)];
    }

    /// <summary>Reads a closed boundary.</summary>
    /// <exception cref="OrleansEdgeException">
    /// A missing file (66), or a wrong line (65): file, line, value.
    /// </exception>
    public static GeoPolygon ReadBoundary(string path) => new(Path.GetFileName(path), ReadUsers(path));
}
