namespace OrleansEdge.Core.Data.Tntp;

/// <summary>Where a node lies; its number counts from 1, the coordinates are the file's own.</summary>
public readonly record struct TntpNode(int Node, double X, double Y);

/// <summary>Reads TNTP node coordinates ("..._node.tntp"): a header line, then "node x y ;" per node.</summary>
public static class TntpNodeReader
{
    /// <exception cref="OrleansEdgeException">
    /// The file is missing (66), or a line is cut short or holds no number (65).
    /// </exception>
    public static TntpNode[] Read(string path)
    {
        var file = TntpFile.Read(path, hasMetadata: false);
        return [.. file.Data.Skip(1).Select(entry =>
        {
            var fields = file.Fields(entry.Line, entry.Text, 3, "node x y");
            return new TntpNode(
                file.Integer(entry.Line, "node", fields[0]),
                file.Number(entry.Line, "x", fields[1]),
                file.Number(entry.Line, "y", fields[2]));
        })];
    }
}
