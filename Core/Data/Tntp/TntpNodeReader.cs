namespace OrleansEdge.Core.Data.Tntp;

/// <summary>Where a node lies; number and coordinates are the file's own.</summary>
public readonly record struct TntpNode(long Node, double X, double Y);

/// <summary>
/// Reads TNTP node coordinates ("..._node.tntp"): a line "node x y ;" per node, under a header line or without one.
/// What else stands on a line is not used.
/// </summary>
public static class TntpNodeReader
{
    private const string Names = "node x y";
    private static readonly string[] XNames = ["x", "xcoord", "lon", "longitude", "easting"];
    private static readonly string[] YNames = ["y", "ycoord", "lat", "latitude", "northing"];

    /// <exception cref="OrleansEdgeException">
    /// The file is missing (66), or a line is cut short, holds no number or names a node again (65).
    /// </exception>
    public static TntpNode[] Read(string path)
    {
        var file = TntpFile.Read(path);
        var (x, y) = Columns(file.TakeHeader() ?? []);
        var known = new HashSet<long>();
        return [.. file.Statements(fields: 1).Select(statement =>
        {
            var (line, fields) = statement;
            if (fields.Length <= Math.Max(x, y))
            {
                throw file.Wrong(line, $"{fields.Length} fields", $"{Math.Max(x, y) + 1}: {Names}");
            }
            var node = new TntpNode(
                file.Integer(line, "node", fields[0]),
                file.Number(line, "x", fields[x]),
                file.Number(line, "y", fields[y]));
            return known.Add(node.Node) ? node : throw file.Wrong(line, $"node {node.Node} again", "each node once");
        })];
    }

    private static (int X, int Y) Columns(string[] header)
    {
        var names = Array.ConvertAll(
            header, name => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant());
        var (x, y) = (Array.FindIndex(names, XNames.Contains), Array.FindIndex(names, YNames.Contains));
        return x > 0 && y > 0 ? (x, y) : (1, 2);
    }
}
