using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Core.Data.Tntp;

/// <summary>Reads a TNTP network file ("..._net.tntp").</summary>
public static class TntpNetworkReader
{
    private const string Names = "init_node term_node capacity length free_flow_time b power speed toll link_type";

    /// <exception cref="OrleansEdgeException">
    /// The file is missing (66); or a line is cut short, holds no number, names an unknown node or has impossible
    /// values (65).
    /// </exception>
    public static TrafficNetwork Read(string path)
    {
        var file = TntpFile.Read(path, hasMetadata: true);
        var nodes = file.MetadataInt("NUMBER OF NODES");
        var expected = file.MetadataInt("NUMBER OF LINKS");
        var links = file.Data.ConvertAll(entry => ReadLink(file, entry.Line, entry.Text, nodes));
        if (links.Count != expected)
        {
            throw file.Wrong(
                file.LastLine, $"{links.Count} links at the end of the file", $"{expected} as in <NUMBER OF LINKS>");
        }
        return new TrafficNetwork(
            Path.GetFileNameWithoutExtension(path).Replace("_net", "", StringComparison.OrdinalIgnoreCase),
            file.MetadataInt("NUMBER OF ZONES"),
            nodes,
            file.MetadataInt("FIRST THRU NODE", absent: 1),
            [.. links]);
    }

    private static TrafficLink ReadLink(TntpFile file, int line, string text, int nodes)
    {
        var fields = file.Fields(line, text, 10, Names);
        var link = new TrafficLink
        {
            From = Node(file, line, "init_node", fields[0], nodes),
            To = Node(file, line, "term_node", fields[1], nodes),
            Capacity = file.Number(line, "capacity", fields[2]),
            Length = file.Number(line, "length", fields[3]),
            FreeFlowTime = file.Number(line, "free_flow_time", fields[4]),
            B = file.Number(line, "b", fields[5]),
            Power = file.Number(line, "power", fields[6]),
            SpeedLimit = file.Number(line, "speed", fields[7]),
            Toll = file.Number(line, "toll", fields[8]),
            Type = (int)file.Number(line, "link_type", fields[9]),
        };
        return link.Fault() is { } fault
            ? throw OrleansEdgeException.WrongData($"{file.Path}:{line}: {fault}")
            : link;
    }

    private static int Node(TntpFile file, int line, string name, string text, int nodes)
    {
        var node = file.Integer(line, name, text);
        return node >= 1 && node <= nodes
            ? node
            : throw file.Wrong(line, $"{name} {node}", $"a node from 1 to {nodes}");
    }
}
