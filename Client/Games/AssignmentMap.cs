using OrleansEdge.Client.Reporting;
using OrleansEdge.Core;
using OrleansEdge.Core.Data.Tntp;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Client.Games;

/// <summary>The map of link flows, where a file beside the network says where its nodes lie.</summary>
internal static class AssignmentMap
{
    private static readonly string[] NetworkWords = ["_network", "_net"];
    private static readonly string[] NodeWords = ["_node", "_nodes"];

    /// <summary>
    /// The map; null where there is no node file, or where it does not do: then <paramref name="warn"/> says why.
    /// </summary>
    public static MapChart? Of(TrafficEquilibrium equilibrium, string networkFile, Action<string> warn)
    {
        try
        {
            return NodeFile(networkFile) is { } path ? Draw(equilibrium, path, TntpNodeReader.Read(path), warn) : null;
        }
        catch (Exception exception)
            when (exception is OrleansEdgeException or IOException or UnauthorizedAccessException)
        {
            warn($"{exception.Message}: the report has no map");
            return null;
        }
    }

    /// <summary>
    /// The file beside a network file: X_node.tntp or X_nodes.tntp beside X_net.tntp or X_network.tntp, in any case.
    /// </summary>
    private static string? NodeFile(string networkFile)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(networkFile))!;
        var name = Path.GetFileName(networkFile);
        foreach (var word in NetworkWords)
        {
            var at = name.LastIndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                var names = NodeWords.Select(node => name[..at] + node + name[(at + word.Length)..]).ToList();
                return Directory.EnumerateFiles(folder)
                    .Where(file => names.Contains(Path.GetFileName(file), StringComparer.OrdinalIgnoreCase))
                    .Order(StringComparer.Ordinal).FirstOrDefault();
            }
        }
        return null;
    }

    private static MapChart? Draw(
        TrafficEquilibrium equilibrium, string path, TntpNode[] nodes, Action<string> warn)
    {
        var network = equilibrium.Network;
        var places = nodes.OrderBy(node => node.Node).ToList();
        var indices = places.Index().ToDictionary(entry => entry.Item.Node, entry => entry.Index);
        var ends = network.Links.Select(
            link => (From: network.NumberOf(link.From), To: network.NumberOf(link.To))).ToList();
        var lost = ends.FindIndex(end => !indices.ContainsKey(end.From) || !indices.ContainsKey(end.To));
        if (lost >= 0)
        {
            var missing = indices.ContainsKey(ends[lost].From) ? ends[lost].To : ends[lost].From;
            warn($"{path}: node {missing} of the network is not there; expected all: the report has no map");
            return null;
        }
        var zones = Zones(equilibrium);
        var most = Math.Max(equilibrium.LinkFlows.Max(), double.Epsilon);
        return new MapChart("Link flows", [.. places.Select(node => new Place(
            node.X, node.Y, zones.Contains(node.Node) ? "zone" : "node", $"node {node.Node}"))])
        {
            Note = "Width by flow, colour by flow over capacity, hottest where it is 1.5 or more.",
            Wide = true,
            Height = 560,
            Edges = [.. ends.Select((end, link) => new Edge(indices[end.From], indices[end.To])
            {
                Width = 1 + (5 * equilibrium.LinkFlows[link] / most),
                Heat = Math.Min(1, AssignmentSummary.Saturation(equilibrium, link) / 1.5),
            })],
        };
    }

    /// <summary>The numbers of zones: the first nodes, or where numbers are of any kind those with trips.</summary>
    private static HashSet<long> Zones(TrafficEquilibrium equilibrium) => equilibrium.Network.NodeNumbers is null
        ? [.. Enumerable.Range(1, equilibrium.Network.ZoneCount).Select(node => (long)node)]
        : [.. equilibrium.Demand.Pairs.SelectMany(pair => (int[])[pair.Origin, pair.Destination])
            .Select(equilibrium.Network.NumberOf)];
}
