using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Core.Data.Tntp;

/// <summary>
/// Reads a TNTP network file ("..._net.tntp"): a statement per link. A link may come twice, then there are two. Node
/// numbers are 1 to the number of nodes, or else any as many different ones.
/// </summary>
public static class TntpNetworkReader
{
    private const string Zones = "NUMBER OF ZONES";
    private const string Nodes = "NUMBER OF NODES";
    private const string Links = "NUMBER OF LINKS";
    private const string FirstThroughNode = "FIRST THRU NODE";
    private const string TollFactor = "TOLL FACTOR";
    private const string DistanceFactor = "DISTANCE FACTOR";

    /// <exception cref="OrleansEdgeException">
    /// The file is missing (66); or a statement is cut short, holds no number, names an unknown node or has impossible
    /// values, or the file holds other counts than its head states (65).
    /// </exception>
    public static TntpNetwork Read(string path)
    {
        var file = TntpFile.Read(path, Zones, Nodes, Links, FirstThroughNode, TollFactor, DistanceFactor);
        var nodes = (int)file.Count(Nodes, 1, int.MaxValue);
        var zones = (int)file.Count(Zones, 1, nodes);
        var expected = file.Count(Links, 0, int.MaxValue);
        var columns = TntpColumns.Of(file);
        var rows = file.Statements(columns.Least)
            .Select(statement => Row.Read(file, columns, statement.Line, statement.Fields)).ToList();
        var numbers = Numbers(file, rows, nodes);
        if (rows.Count != expected)
        {
            throw file.Wrong(
                file.LastLine, $"{rows.Count} links at the end of the file", $"{expected} as in <{Links}>");
        }
        WarnOfClosed(file, rows);
        var firstThrough = file.Count(FirstThroughNode, long.MinValue, long.MaxValue, absent: 1);
        return new TntpNetwork
        {
            Network = new TrafficNetwork(
                Path.GetFileNameWithoutExtension(path).Replace("_net", "", StringComparison.OrdinalIgnoreCase),
                numbers is null ? zones : nodes,
                nodes,
                numbers is null
                    ? (int)Math.Clamp(firstThrough, 1, nodes + 1L)
                    : 1 + numbers.Count(number => number < firstThrough),
                [.. rows.Select(row => row.Link with { From = At(numbers, row.From), To = At(numbers, row.To) })])
            {
                NodeNumbers = numbers,
            },
            Zones = zones,
            TollFactor = file.MetadataNumber(TollFactor),
            DistanceFactor = file.MetadataNumber(DistanceFactor),
            Warnings = file.Warnings,
        };
    }

    /// <summary>
    /// The nodes' numbers in order; null where they are 1 to <paramref name="nodes"/>. Memory goes with what the links
    /// name, whatever the head states.
    /// </summary>
    private static long[]? Numbers(TntpFile file, List<Row> rows, int nodes)
    {
        var named = rows.SelectMany(row => (long[])[row.From, row.To]).Distinct().Order().ToArray();
        var outside = rows.Find(row => Math.Min(row.From, row.To) < 1 || Math.Max(row.From, row.To) > nodes);
        if (outside is not null && named.Length != nodes)
        {
            var (name, number) = outside.From < 1 || outside.From > nodes
                ? (TntpColumns.NameOf(0), outside.From)
                : (TntpColumns.NameOf(1), outside.To);
            throw file.Wrong(outside.Line, $"{name} {number}",
                $"a node from 1 to {nodes}, or {nodes} different numbers in all, where the links name {named.Length}");
        }
        if (nodes > 2L * rows.Count)
        {
            throw file.Wrong(file.LineOf(Nodes), $"<{Nodes}> {nodes}",
                $"at most {2L * rows.Count}, as many as {rows.Count} links have ends");
        }
        if (named.Length < nodes)
        {
            file.Warn(file.LineOf(Nodes), $"{nodes - named.Length} of {nodes} nodes have no link");
        }
        if (outside is not null)
        {
            file.Warn(file.LineOf(Nodes),
                $"nodes are not numbered 1 to {nodes}: taken as {nodes} nodes from {named[0]} to {named[^1]}");
        }
        return outside is null ? null : named;
    }

    private static int At(long[]? numbers, long number) =>
        numbers is null ? (int)number : 1 + Array.BinarySearch(numbers, number);

    private static void WarnOfClosed(TntpFile file, List<Row> rows)
    {
        var closed = rows.Where(row => row.Link.IsClosed).Select(row => row.Line).ToList();
        if (closed.Count > 0)
        {
            file.Warn(closed[0], closed.Count == 1
                ? "the link has capacity 0: it is closed"
                : $"the link and {closed.Count - 1} more have capacity 0: they are closed");
        }
    }

    /// <summary>A link before the nodes' numbers are known.</summary>
    private sealed record Row(int Line, long From, long To, TrafficLink Link)
    {
        public static Row Read(TntpFile file, TntpColumns columns, int line, string[] fields)
        {
            if (fields.Length < columns.Least || fields.Length > columns.Most)
            {
                var range = columns.Least == columns.Most ? $"{columns.Most}" : $"{columns.Least} to {columns.Most}";
                throw file.Wrong(line, $"{fields.Length} fields", $"{range}: {columns.Names}");
            }
            var link = new TrafficLink
            {
                From = 1,
                To = 1,
                Capacity = Number(2),
                Length = Number(3),
                FreeFlowTime = Number(4),
                B = Number(5),
                Power = Number(6),
                SpeedLimit = Number(7),
                Toll = Number(8),
                Type = (int)Math.Clamp(Number(9), int.MinValue, int.MaxValue),
            };
            return link.Fault() is { } fault
                ? throw OrleansEdgeException.WrongData($"{file.Path}:{line}: {fault}")
                : new Row(line, Node(0), Node(1), link);

            double Number(int column) => columns.Field(fields, column) is { } text
                ? file.Number(line, TntpColumns.NameOf(column), text)
                : 0;

            long Node(int column) => file.Integer(line, TntpColumns.NameOf(column), columns.Field(fields, column)!);
        }
    }
}
